// Receipts: every one that was answered with OK is on disk, on its part or parked; what is parked for good has a
// reason (invariants D1 to D3).
import type { Books } from './books.ts';
import { type CarrierTruth, idOf, partName } from './carrier-truth.ts';
import type { WantedMessage } from './client-log.ts';
import type { Violation } from './violation.ts';

export interface ReceiptsReport {
  readonly violations: readonly Violation[];
  readonly acknowledged: number;
  /** Parked for good: second copies, lost answers that were given up, ids nobody knows. */
  readonly orphans: number;
  /** Of the orphans, those that tell of a part whose outcome stays unknown. */
  readonly unresolved: number;
}

/** What a receipt's state makes of a part; states that are not final leave no trace. */
const OUTCOMES: Readonly<Record<string, string>> = {
  delivered: 'delivered',
  expired: 'expired',
  deleted: 'undeliverable',
  undeliverable: 'undeliverable',
  rejected: 'rejected',
  unknown: 'unknown',
};

export function checkReceipts(
  wantedOf: ReadonlyMap<string, WantedMessage>,
  books: Books,
  truth: CarrierTruth,
  strays: ReadonlySet<string>,
): ReceiptsReport {
  const violations: Violation[] = [];
  const partOf = new Map<string, (typeof books.parts)[number]>();
  const byId = new Map<string, (typeof books.parts)[number]>();
  for (const part of books.parts) {
    const wanted = wantedOf.get(part.message_id);
    if (wanted !== undefined) partOf.set(partName(wanted.marker, part.sequence), part);
    if (part.carrier_message_id !== null) byId.set(idOf(part.carrier_message_id), part);
  }
  const parked = new Set(books.parked.flatMap((row) => row.carrier_message_ids.map(idOf)));
  const statesOf = Map.groupBy(
    truth.acknowledged.filter((receipt) => OUTCOMES[receipt.state] !== undefined),
    (receipt) => receipt.messageId,
  );
  for (const [messageId, receipts] of statesOf) {
    const part = byId.get(messageId);
    if (part === undefined) {
      if (!parked.has(messageId))
        violations.push({
          kind: 'receipt_lost',
          what: `a receipt for ${messageId} (${truth.ownerOf.get(messageId) ?? 'nobody'}) was acknowledged and is nowhere`,
        });
    } else if (!receipts.some((receipt) => OUTCOMES[receipt.state] === part.status)) {
      violations.push({
        kind: 'receipt_lost',
        what: `${part.message_id}/${part.sequence} is ${part.status}; its receipts said ${receipts.map((r) => r.state).join(', ')}`,
      });
    }
  }
  let unresolved = 0;
  for (const row of books.parked) {
    const ids = row.carrier_message_ids.map(idOf);
    const owner = ids.map((id) => truth.ownerOf.get(id)).find((name) => name !== undefined);
    if (ids.some((id) => strays.has(id))) continue;
    if (owner !== undefined && partOf.get(owner)?.status === 'unknown') unresolved += 1;
    const held = ids.map((id) => byId.get(id)).find((part) => part !== undefined);
    if (held !== undefined && !held.finished)
      violations.push({
        kind: 'receipt_lost',
        what: `a receipt for ${ids[0]} stays parked although ${held.message_id}/${held.sequence} waits for it`,
      });
  }
  return { violations, acknowledged: truth.acknowledged.length, orphans: books.parked.length, unresolved };
}
