// A payment under review, credited by a person: what arrived was not what was asked for, in amount, currency or time, and
// somebody says what it is worth here. Much is said by two: the first is noted, the second has to say the same.
import { type Hand, isSameHand } from '#accounts';
import type { Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { applyEarly, creditPayment } from './apply-fact.ts';
import { creditOf } from './decide.ts';
import { lockBoth } from './lock-both.ts';
import { findById, lockSettlement, type PaymentRow, updatePayment } from './payment.sql.ts';
import type { Amount, Provider } from './port.ts';

export interface Approval {
  readonly amount: Amount;
  readonly hand: Hand;
  /** Most that one person credits alone, in micros. */
  readonly aloneMaxMicros: bigint;
}

/**
 * Credits it, or notes the first of two. Needs a transaction. Throws `not_found`, `conflict` when it is not under review
 * or another amount was said before, `second_person_needed`, and `invalid_request` for another currency. What a first
 * person said wrongly is said anew by themselves.
 */
export async function approve(
  tx: Tx,
  paymentId: string,
  { amount, hand, aloneMaxMicros }: Approval,
): Promise<PaymentRow> {
  const found = await findById(tx, paymentId);
  if (found === undefined) throw new AppError('not_found');
  const provider = found.provider as Provider;
  if (found.settlement_id !== null) await lockSettlement(tx, provider, found.settlement_id);
  const locked = await lockBoth(tx, found);
  if (locked === undefined || locked.payment.status !== 'review') {
    throw new AppError('conflict', { detail: 'The payment is not under review.' });
  }
  const { payment, wallet } = locked;
  const micros = creditOf(amount, wallet.currency);
  if (micros === null) {
    throw new AppError('invalid_request', {
      field: 'amount',
      detail: 'It is credited in the currency of the workspace.',
    });
  }
  const first: Hand = { personId: payment.approved_by_person, keyId: payment.approved_by_key };
  if (micros > aloneMaxMicros) {
    const isFirst = payment.approved === null;
    if (isFirst || (isSameHand(first, hand) && payment.approved !== micros)) {
      return updatePayment(tx, paymentId, {
        approved: micros,
        approved_by_person: hand.personId,
        approved_by_key: hand.keyId,
      });
    }
    if (isSameHand(first, hand)) throw new AppError('second_person_needed');
    if (payment.approved !== micros) {
      throw new AppError('conflict', { detail: 'Somebody else said that it is worth another amount.' });
    }
  }
  const credited = await creditPayment(tx, payment, micros, {});
  await applyEarly(tx, provider, credited);
  return (await findById(tx, paymentId)) ?? credited;
}
