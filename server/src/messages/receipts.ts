// Receipts on their way to disk. The carrier gets its OK when the promise resolves: after the commit that holds
// what the receipt says, matched to its part or parked. Batches that arrive during a flush share the next one.
import type { CarrierReceipt, MessageIdForm } from '#carriers';
import { alignedNowMs } from '#platform/clock';
import type { Database } from '#platform/database';
import { failpoint, failpointsArmed } from '#platform/failpoints';
import { newId } from '#platform/ids';
import { createLane } from '#platform/lane';
import { emit } from '#platform/outbox';
import type { Keyring } from '#privacy';
import { messagesProgressed } from './events.ts';
import { eraseFinal } from './final.sql.ts';
import { destinationPlace, findParts, foldReceipts, type Said } from './parked.ts';
import { applyReceipts, type ParkedReceipt, parkReceipts } from './receipt.sql.ts';
import type { PartRef, RecentParts } from './recent-parts.ts';
import { isFinalPart, type PartState } from './status.ts';

export interface ReceiptsOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  /** Whether content is erased when its message ends; false when absent. */
  readonly untilFinal?: boolean;
  /** Whether an answer with this id is about to be stored, and when everything pending is. */
  readonly isPending: (connectorId: string, carrierMessageId: string) => boolean;
  readonly settled: () => Promise<void>;
  /** Parts whose answer this process stored lately. */
  readonly recent: () => RecentParts;
  /** Told which spelling of an id was the right one, so that the connector learns. */
  readonly onMatched: (connectorId: string, form: MessageIdForm) => void;
  readonly onCounted: (outcome: 'matched' | 'parked' | 'intermediate', count: number) => void;
}

interface Arrival {
  readonly receipts: readonly CarrierReceipt[];
  readonly done: () => void;
  readonly fail: (error: unknown) => void;
}

const RECEIPTS_PER_FLUSH = 1000;
const REST_MS = 8;

/** What a carrier's state means for a part; null for those that only say it is on its way. */
const STATES: Record<CarrierReceipt['state'], PartState | null> = {
  enroute: null,
  accepted: null,
  delivered: 'delivered',
  expired: 'expired',
  deleted: 'undeliverable',
  undeliverable: 'undeliverable',
  rejected: 'rejected',
  unknown: 'unknown',
};

/** The sink for `CarrierSinks.receipts`. Resolves after the commit; rejects when the carrier must send them again. */
export function startReceipts(options: ReceiptsOptions): (batch: readonly CarrierReceipt[]) => Promise<void> {
  const lane = createLane<Arrival>(
    async (arrivals) => {
      try {
        await store(
          options,
          arrivals.flatMap((arrival) => arrival.receipts),
        );
        for (const arrival of arrivals) arrival.done();
      } catch (error) {
        for (const arrival of arrivals) arrival.fail(error);
      }
    },
    { weightMax: RECEIPTS_PER_FLUSH, weigh: (arrival) => arrival.receipts.length, restMs: REST_MS },
  );
  return (receipts) => new Promise((done, fail) => lane.push({ receipts, done, fail }));
}

async function store(options: ReceiptsOptions, batch: readonly CarrierReceipt[]): Promise<void> {
  const telling = batch.filter((receipt) => STATES[receipt.state] !== null);
  options.onCounted('intermediate', batch.length - telling.length);
  if (telling.length === 0) return;
  // A receipt can overtake the storing of its own submission's answer: let that finish first.
  if (
    telling.some((receipt) => receipt.messageIds.some((id) => options.isPending(receipt.connectorId, id)))
  ) {
    await options.settled();
  }
  // A carrier's id goes by many spellings; most receipts have the right one first, or one only.
  const candidates = telling.flatMap(({ connectorId, messageIds }) =>
    options.recent().find(connectorId, messageIds[0]!) === undefined
      ? [messageIds.map((carrierMessageId) => ({ connectorId, carrierMessageId }))]
      : [],
  );
  // Only parked receipts are sealed; the key is ready before any of them is written.
  await options.keyring.ensure([{ class: 'operator' }]);
  const counts = await options.db.batchEnding(async (tx) => {
    const found: Awaited<ReturnType<typeof findParts>> =
      candidates.length === 0 ? new Map() : await findParts(tx, candidates, alignedNowMs());
    const { said, parked } = matchAll(options, telling, (connectorId, id) => {
      const stored = found.get(`${connectorId} ${id}`);
      return stored === undefined
        ? options.recent().find(connectorId, id)
        : { messageId: stored.message_id, sequence: stored.sequence };
    });
    const changes = foldReceipts(said);
    const writes: Promise<unknown>[] = [];
    if (parked.length > 0) writes.push(parkReceipts(tx, parked));
    if (changes.length > 0) {
      const messageIds = [...new Set(changes.map((change) => change.messageId))];
      writes.push(applyReceipts(tx, changes), emit(tx, messagesProgressed, { message_ids: messageIds }));
    }
    if (options.untilFinal) {
      const ended = changes.filter(({ status, final }) => final || isFinalPart(status));
      writes.push(eraseFinal(tx, [...new Set(ended.map(({ messageId }) => messageId))]));
    }
    if (failpointsArmed()) {
      await Promise.all(writes);
      await failpoint('receipt.pre_commit');
    }
    return { value: { matched: said.length, parked: parked.length }, writes };
  });
  if (failpointsArmed()) await failpoint('receipt.post_commit');
  for (const { connectorId, messageIds, final } of telling) {
    if (final) options.recent().forget(connectorId, messageIds[0]!);
  }
  options.onCounted('matched', counts.matched);
  options.onCounted('parked', counts.parked);
}

/** Gives each receipt to the part of its most certain id; those without a part are to be parked. */
function matchAll(
  options: ReceiptsOptions,
  receipts: readonly CarrierReceipt[],
  partOf: (connectorId: string, carrierMessageId: string) => PartRef | undefined,
): { said: Said[]; parked: ParkedReceipt[] } {
  const said: Said[] = [];
  const parked: ParkedReceipt[] = [];
  for (const receipt of receipts) {
    const status = STATES[receipt.state]!;
    const parts = receipt.messageIds.map((id) => partOf(receipt.connectorId, id));
    const at = parts.findIndex((part) => part !== undefined);
    const part = parts[at];
    if (part === undefined) {
      const id = newId();
      parked.push({
        id,
        connectorId: receipt.connectorId,
        carrierMessageIds: receipt.messageIds,
        destination:
          receipt.destination === null
            ? null
            : options.keyring.seal(
                destinationPlace(options.keyring, id, receipt.connectorId),
                receipt.destination,
              ),
        status,
        final: receipt.final,
        errorCode: receipt.errorCode,
      });
    } else {
      options.onMatched(receipt.connectorId, receipt.messageIdForms[at]!);
      const { messageId, sequence } = part;
      said.push({ messageId, sequence, status, errorCode: receipt.errorCode, final: receipt.final });
    }
  }
  return { said, parked };
}
