// Receipts that wait for their part. Matching is pure; what matches nothing goes back to wait.
import type { Tx } from '#platform/database';
import type { Sealed } from '#platform/tables';
import type { Keyring } from '#privacy';
import type { Answer } from './outcome.sql.ts';
import { applyReceipts, type ParkedRow, type PartChange, parkReceipts } from './receipt.sql.ts';
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
