// Returning a payment to its source, asked for by an operator: out of the balance first, then at the provider. What the
// provider refuses comes back; where its answer is not known it is asked again, under the same name.
import * as z from 'zod';
import type { Database, Tx } from '#platform/database';
import { AppError, assertInvariant } from '#platform/errors';
import { declareJob, enqueue } from '#platform/jobs';
import { refundableMicros } from './decide.ts';
import { lockBoth } from './lock-both.ts';
import { findById, type PaymentRow } from './payment.sql.ts';
import type { PaymentProvider } from './port.ts';
import { giveBack, makeFinal, standingOf, takeBack } from './take-back.ts';
import { findTakeback, readTakebacks, type TakebackRow } from './takeback.sql.ts';

/** Asks the provider for a refund until it answers; a day of tries, then it is a dead letter for a person. */
export const refundJob = declareJob({
  name: 'payments.refund',
  schema: z.strictObject({ takeback_id: z.uuid() }),
  attemptsMax: 60,
  backoff: { baseMs: 1_000, maxMs: 1_800_000 },
  leaseMs: 60_000,
});

/**
 * Takes an amount out of the balance for a refund; all that is left and unspent when `micros` is null. Needs a
 * transaction, in which it enqueues what asks the provider. Throws `not_found`, `conflict` for a payment
 * that cannot be returned, `insufficient_funds` when less is left.
 */
export async function requestRefund(
  tx: Tx,
  providers: readonly PaymentProvider[],
  paymentId: string,
  micros: bigint | null,
): Promise<TakebackRow> {
  const found = await findById(tx, paymentId);
  if (found === undefined) throw new AppError('not_found');
  const provider = providers.find(({ feed }) => feed === found.provider);
  // What a person priced went through no exact amount: it is returned at the provider, whose notice then comes.
  const exact = found.paid === found.credited && found.paid_currency === found.currency;
  if (provider === undefined || found.status !== 'paid' || found.settlement_id === null || !exact) {
    throw new AppError('conflict', { detail: 'Nothing of this payment can be returned from here.' });
  }
  const locked = await lockBoth(tx, found);
  assertInvariant(locked !== undefined, 'a payment that was credited has a wallet');
  const { currency } = found;
  const most = provider.roundDown({ micros: refundableMicros(standingOf(locked)), currency });
  const wanted = micros ?? most;
  if (most === 0n || wanted > most) throw new AppError('insufficient_funds');
  if (provider.roundDown({ micros: wanted, currency }) !== wanted) {
    throw new AppError('invalid_request', {
      field: 'amount.amount',
      detail: 'The payment provider does not return this amount.',
    });
  }
  const takeback = await takeBack(tx, locked, {
    kind: 'refund',
    origin: 'operator',
    state: 'requested',
    externalId: null,
    micros: wanted,
  });
  await enqueue(tx, refundJob, { takeback_id: takeback.id });
  return takeback;
}

/** Has the provider return what was taken out. May be repeated; `unknown` says that it has to be, `done` that it was. */
export async function finishRefund(
  db: Database,
  providers: readonly PaymentProvider[],
  takebackId: string,
): Promise<'refunded' | 'refused' | 'unknown' | 'done'> {
  const [takeback, payment] = await db.batch(async (tx) => {
    const row = await findTakeback(tx, takebackId);
    return [row, row && (await findById(tx, row.payment_id))] as const;
  });
  if (takeback?.state !== 'requested' || payment === undefined) return 'done';
  const provider = providers.find(({ feed }) => feed === payment.provider);
  if (provider === undefined) return 'unknown';
  const { outcome } = await provider.refund({
    refundId: takeback.id,
    externalId: payment.external_id!,
    settlementId: payment.settlement_id!,
    amount: { micros: takeback.amount, currency: payment.currency },
  });
  if (outcome !== 'unknown') await db.batch((tx) => conclude(tx, payment, takeback, outcome === 'refunded'));
  return outcome;
}

async function conclude(tx: Tx, found: PaymentRow, takeback: TakebackRow, done: boolean): Promise<void> {
  const locked = await lockBoth(tx, found);
  const now = (await readTakebacks(tx, found.id)).find(({ id }) => id === takeback.id);
  if (locked === undefined || now?.state !== 'requested') return;
  if (done) await makeFinal(tx, locked.payment, takeback.id);
  else await giveBack(tx, locked.payment, now);
}
