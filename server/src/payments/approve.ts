// A payment under review, credited by a person: what arrived was not what was asked for, in amount, currency or time, and
// somebody says what it is worth here.
import type { Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { applyEarly, creditPayment } from './apply-fact.ts';
import { creditOf } from './decide.ts';
import { lockBoth } from './lock-both.ts';
import { findById, lockSettlement, type PaymentRow } from './payment.sql.ts';
import type { Amount, Provider } from './port.ts';

/**
 * Credits it. Needs a transaction. Throws `not_found`, `conflict` when it is not under review, and `invalid_request` for
 * another currency.
 */
export async function approve(tx: Tx, paymentId: string, amount: Amount): Promise<PaymentRow> {
  const found = await findById(tx, paymentId);
  if (found === undefined) throw new AppError('not_found');
  const provider = found.provider as Provider;
  if (found.settlement_id !== null) await lockSettlement(tx, provider, found.settlement_id);
  const locked = await lockBoth(tx, found);
  if (locked === undefined || locked.payment.status !== 'review') {
    throw new AppError('conflict', { detail: 'The payment is not under review.' });
  }
  const micros = creditOf(amount, locked.wallet.currency);
  if (micros === null) {
    throw new AppError('invalid_request', {
      field: 'amount',
      detail: 'It is credited in the currency of the workspace.',
    });
  }
  const credited = await creditPayment(tx, locked.payment, micros, {});
  await applyEarly(tx, provider, credited);
  return (await findById(tx, paymentId)) ?? credited;
}
