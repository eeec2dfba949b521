// A card that is no longer wanted is forgotten at the provider first, and here once it has answered: without the
// references it could not be asked.
import * as z from 'zod';
import type { Database, Tx } from '#platform/database';
import { declareJob, enqueue } from '#platform/jobs';
import type { CardKeeper } from '../port.ts';
import { deleteInstrument, dropInstruments, findInstrument, isUnderWay } from './instrument.sql.ts';

export const forgetCardJob = declareJob({
  name: 'payments.forget_card',
  schema: z.strictObject({ instrument_id: z.uuid() }),
  attemptsMax: 20,
  backoff: { baseMs: 1_000, maxMs: 600_000 },
  leaseMs: 60_000,
});

/** Between two questions, while the provider does not answer or a payment by the card has not ended. */
export const ASK_AGAIN_MS = 300_000;

/** Drops cards of workspaces, in the transaction that made them unwanted, and has them forgotten. May be repeated. */
export async function dropCards(
  tx: Tx,
  workspaceIds: readonly string[],
  which?: readonly ('asked' | 'stored')[],
): Promise<void> {
  if (workspaceIds.length === 0) return;
  for (const id of await dropInstruments(tx, workspaceIds, which)) await forgetLater(tx, id);
}

export const forgetLater = (tx: Tx, instrumentId: string) =>
  enqueue(tx, forgetCardJob, { instrument_id: instrumentId }, { key: instrumentId });

/**
 * Has the provider forget a card that was dropped, and deletes its row. May be repeated; `waits` while a payment by it has
 * not ended, `unknown` while the provider has not answered, `done` when there is nothing left to forget.
 */
export async function forgetCard(
  db: Database,
  keeper: CardKeeper,
  instrumentId: string,
): Promise<'forgotten' | 'waits' | 'unknown' | 'done'> {
  const [row, isPaying] = await db.batch(async (tx) => {
    const found = await findInstrument(tx, instrumentId);
    return [found, found !== undefined && (await isUnderWay(tx, found))] as const;
  });
  if (row?.state !== 'dropped') return 'done';
  if (isPaying) return 'waits';
  const { external_id: externalId, customer_id: customerId, method_id: methodId } = row;
  const card = customerId === null || methodId === null ? null : { customerId, methodId };
  const { outcome } = await keeper.forget({ externalId, card });
  if (outcome === 'forgotten') await db.batch((tx) => deleteInstrument(tx, row.id));
  return outcome;
}
