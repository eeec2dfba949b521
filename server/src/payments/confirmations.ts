// Telling a store that a purchase is booked here: after the commit that booked it, until the store answers. What Google
// Play is not told of within three days it returns to the buyer.
import * as z from 'zod';
import { balance } from '#ledger';
import { alignedNowMs } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { declareJob, enqueue } from '#platform/jobs';
import { log, word } from '#platform/log';
import type { Effect } from './apply-fact.ts';
import { deleteConfirmation, findConfirmation, insertConfirmation } from './confirmation.sql.ts';
import type { Confirmation, Store, StoreFact } from './port.ts';

/** When the store has returned the money: nobody has to be told any more. */
const GIVEN_UP_MS = 4 * 86_400_000;

/** Tells the store until it answers: the first hour often, then about every two hours for as long as the store waits. */
export const confirmJob = declareJob({
  name: 'payments.confirm_purchase',
  schema: z.strictObject({ confirmation_id: z.uuid() }),
  attemptsMax: 80,
  backoff: { baseMs: 1_000, maxMs: 7_200_000 },
  leaseMs: 60_000,
});

/** Keeps what the store has to be told and enqueues the telling, once; for a workspace of ours alone. */
export async function confirmLater(
  tx: Tx,
  fact: Extract<StoreFact, { kind: 'unconfirmed' }>,
): Promise<Effect> {
  const { workspaceId, act, productId, token } = fact;
  if ((await balance(tx, workspaceId)) === undefined) return { outcome: 'ignored', paymentId: null };
  const id = newId();
  const isNew = await insertConfirmation(tx, {
    id,
    workspace_id: workspaceId,
    act,
    product_id: productId,
    token,
  });
  if (isNew) await enqueue(tx, confirmJob, { confirmation_id: id });
  return { outcome: isNew ? 'applied' : 'repeated', paymentId: null };
}

/** Tells the store. May be repeated; `unknown` says that it has to be, `done` that nothing is left to tell. */
export async function finishConfirmation(
  db: Database,
  stores: readonly Store[],
  id: string,
): Promise<'confirmed' | 'refused' | 'unknown' | 'done'> {
  const row = await db.batch((tx) => findConfirmation(tx, id));
  if (row === undefined) return 'done';
  const [store] = stores;
  const act = row.act as Confirmation['act'];
  const { outcome } =
    store === undefined
      ? { outcome: 'unknown' as const }
      : await store.confirm({ act, productId: row.product_id, token: row.token });
  const isLate = alignedNowMs() - row.created_at.getTime() > GIVEN_UP_MS;
  if (outcome === 'unknown' && !isLate) return 'unknown';
  if (outcome !== 'confirmed') log.warn('payments.purchase_unconfirmed', { outcome: word(outcome) });
  await db.batch((tx) => deleteConfirmation(tx, id));
  return outcome === 'unknown' ? 'done' : outcome;
}
