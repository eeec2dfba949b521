// An automatic payment is asked for until it is known what became of it: under one key, so that it is made once, and
// looked for where the answer was lost. Nothing is charged that was switched off before the provider was asked.
import * as z from 'zod';
import { isWorkspaceOpen } from '#accounts';
import { alignedNowMs } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import { assertInvariant } from '#platform/errors';
import { idTimeMs } from '#platform/ids';
import { declareJob } from '#platform/jobs';
import { applyFact } from '../apply-fact.ts';
import { advances, type PaymentStatus } from '../decide.ts';
import { findById, lockPayment, type PaymentRow, updatePayment } from '../payment.sql.ts';
import type { CardKeeper, CardPayment, Fact } from '../port.ts';
import { concludeFailed } from './conclude.ts';
import { wayToAsk } from './decide-auto-top-up.ts';
import { endAutoTopUpOf } from './expiry.ts';
import { findInstrument } from './instrument.sql.ts';

/** Asks until it is known; each wait without an answer is no attempt. */
export const payByCardJob = declareJob({
  name: 'payments.pay_by_card',
  schema: z.strictObject({ payment_id: z.uuid() }),
  attemptsMax: 20,
  backoff: { baseMs: 1_000, maxMs: 600_000 },
  leaseMs: 60_000,
});

/** How old a payment is, in milliseconds; its id knows when it was begun. */
export const ageOf = (paymentId: string): number => Math.max(0, alignedNowMs() - idTimeMs(paymentId));

/**
 * Finds out what becomes of a payment, and applies it. May be repeated, also by many at once. `unknown` says that it has to
 * be; `done` that it was known.
 */
export async function payByCard(
  db: Database,
  keeper: CardKeeper,
  paymentId: string,
): Promise<'settled' | 'unknown' | 'done'> {
  const found = await db.batch((tx) => read(tx, paymentId));
  if (found === null) return 'done';
  const { order, droppedMs } = found;
  const way = wayToAsk({ ageMs: ageOf(paymentId), droppedMs });
  const answer = way === 'pay' ? await keeper.pay(order) : null;
  if (answer?.outcome === 'told') return apply(db, keeper, answer.facts);
  // A payment may have been made before an answer was lost, and before it was refused: a key repeats what was answered
  // first, and a refusal may be about the key.
  const looked = await keeper.findPayment(order);
  if (looked.outcome === 'unknown') return 'unknown';
  if (looked.facts.length > 0) return apply(db, keeper, looked.facts);
  return way === 'give_up' || answer?.outcome === 'refused' ? fail(db, paymentId) : 'unknown';
}

async function read(
  tx: Tx,
  paymentId: string,
): Promise<{ readonly order: CardPayment; readonly droppedMs: number | null } | null> {
  const payment = await findById(tx, paymentId);
  if (payment === undefined || payment.status !== 'open' || payment.instrument_id === null) return null;
  // A workspace that was closed meanwhile has nothing to spend it on.
  if (!(await isWorkspaceOpen(tx, payment.workspace_id))) await endAutoTopUpOf(tx, [payment.workspace_id]);
  const instrument = await findInstrument(tx, payment.instrument_id);
  assertInvariant(instrument !== undefined, 'a card is not forgotten while it is charged');
  const { customer_id: customerId, method_id: methodId, dropped_at: droppedAt } = instrument;
  assertInvariant(customerId !== null && methodId !== null, 'a card that is charged was stored');
  return {
    order: {
      paymentId,
      amount: { micros: payment.asked!, currency: payment.currency },
      card: { customerId, methodId },
    },
    droppedMs: droppedAt === null ? null : Math.max(0, alignedNowMs() - droppedAt.getTime()),
  };
}

async function apply(
  db: Database,
  { feed }: CardKeeper,
  facts: readonly Fact[],
): Promise<'settled' | 'unknown'> {
  for (const fact of facts) await db.batch((tx) => applyFact(tx, feed, fact));
  return facts.length > 0 ? 'settled' : 'unknown';
}

/** Nothing was charged, and nothing will be. */
async function fail(db: Database, paymentId: string): Promise<'settled'> {
  await db.batch(async (tx) => {
    const payment: PaymentRow | undefined = await lockPayment(tx, paymentId);
    if (payment === undefined || !advances(payment.status as PaymentStatus, 'failed')) return;
    await updatePayment(tx, paymentId, { status: 'failed', failed_because: 'not_made' });
    await concludeFailed(tx, payment, 'not_made');
  });
  return 'settled';
}
