// Receipts that wait for their part. Matching is pure; what matches nothing goes back to wait.
import type { Tx } from '#platform/database';
import { idFloor } from '#platform/ids';
import type { Sealed } from '#platform/tables';
import type { Keyring } from '#privacy';
import type { Answer } from './outcome.sql.ts';
import {
  applyReceipts,
  type Candidate,
  type FoundPart,
  findPartsAtCarrier,
  type ParkedRow,
  type PartChange,
  parkReceipts,
} from './receipt.sql.ts';
import { mayBecome, type PartState } from './status.ts';

/** What a receipt says of a part it was matched to. */
export interface Said {
  readonly messageId: string;
  readonly sequence: number;
  readonly status: PartState;
  readonly errorCode: string | null;
  readonly final: boolean;
}

/**
 * Folds what several receipts say of the same parts into one change a part: receipts may come twice and in any
 * order, and the furthest state wins; of two final ones the first.
 */
export function foldReceipts(said: readonly Said[]): PartChange[] {
  const changes = new Map<string, PartChange>();
  for (const one of said) {
    const key = `${one.messageId}${one.sequence}`;
    const before = changes.get(key);
    if (before === undefined || mayBecome(before.status, one.status)) changes.set(key, one);
  }
  return [...changes.values()];
}

/** Applies parked receipts to answers stored in this transaction and parks again what matches none of them. */
export async function matchParked(
  tx: Tx,
  parked: readonly ParkedRow[],
  answers: readonly (Answer & { readonly connectorId: string })[],
): Promise<void> {
  const byCarrierId = new Map(
    answers.flatMap((answer) =>
      answer.carrierMessageId === null
        ? []
        : [[`${answer.connectorId} ${answer.carrierMessageId}`, answer] as const],
    ),
  );
  const said: Said[] = [];
  const left: ParkedRow[] = [];
  for (const row of parked) {
    const answer = row.carrier_message_ids
      .map((id) => byCarrierId.get(`${row.connector_id} ${id}`))
      .find((found) => found !== undefined);
    if (answer === undefined) left.push(row);
    else {
      const { messageId, sequence } = answer;
      said.push({ messageId, sequence, status: row.status, errorCode: row.error_code, final: row.final });
    }
  }
  await Promise.all([
    said.length === 0 ? undefined : applyReceipts(tx, foldReceipts(said)),
    left.length === 0
      ? undefined
      : parkReceipts(
          tx,
          left.map((row) => ({
            // The same row again: its sealed destination is bound to its id.
            id: row.id,
            connectorId: row.connector_id,
            carrierMessageIds: row.carrier_message_ids,
            destination: row.destination as Sealed | null,
            status: row.status,
            final: row.final,
            errorCode: row.error_code,
          })),
        ),
  ]);
}

/** Where a parked destination is sealed: bound to its row and connector, under the operator's key. */
export const destinationPlace = (keyring: Keyring, id: string, connectorId: string) => ({
  column: 'messages.parked_receipt.destination' as const,
  rowId: id,
  ownerId: connectorId,
  keyId: keyring.keyId({ class: 'operator' }),
});

/** Most receipts are for messages of the last day: its partitions are looked through first, the week's only if needed. */
const RECENT_MS = 26 * 3_600_000;
/** Carriers report within their validity, three days at most, and late ones within the week. */
const LOOK_BACK_MS = 7 * 86_400_000;
/** How far the clock of the process that made an id may be ahead. */
const AHEAD_MS = 3_600_000;

/**
 * The newest part of each candidate, by `connector id`, among messages of the last week. Each group holds the
 * spellings of one receipt's id: the older days are looked through for those of which no spelling was found.
 */
export async function findParts(
  tx: Tx,
  groups: readonly (readonly Candidate[])[],
  nowMs: number,
): Promise<ReadonlyMap<string, FoundPart>> {
  const recent = idFloor(nowMs - RECENT_MS);
  const parts = new Map<string, FoundPart>();
  const look = async (among: readonly (readonly Candidate[])[], floor: string, ceiling: string) => {
    const unique = new Map(among.flat().map((one) => [candidateName(one), one]));
    for (const part of await findPartsAtCarrier(tx, [...unique.values()], floor, ceiling)) {
      // A carrier that uses an id again means the newest message.
      const name = `${part.connector_id} ${part.carrier_message_id}`;
      const before = parts.get(name);
      if (before === undefined || before.message_id < part.message_id) parts.set(name, part);
    }
  };
  await look(groups, recent, idFloor(nowMs + AHEAD_MS));
  const missing = groups.filter((group) => !group.some((one) => parts.has(candidateName(one))));
  if (missing.length > 0) await look(missing, idFloor(nowMs - LOOK_BACK_MS), recent);
  return parts;
}

const candidateName = (one: Candidate): string => `${one.connectorId} ${one.carrierMessageId}`;
