// A payment under review, credited by a person: what arrived was not what was asked for, in amount, currency or time, and
// somebody says what it is worth here. Much is said by two: the first is noted, the second has to say the same.
import { type Hand, isSameHand } from '#accounts';
import type { Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { creditAndCatchUp } from './apply-fact.ts';
import { creditOf } from './decide.ts';
import { lockBoth } from './lock-both.ts';
import { findById, lockSettlement, type PaymentRow, updatePayment } from './payment.sql.ts';
import type { Amount, Provider } from './port.ts';
import { convert } from './rates/convert.ts';
import { findRate } from './rates/exchange-rate.sql.ts';

export interface Approval {
  /** Null: what came, at its exchange rate. */
  readonly amount: Amount | null;
  readonly hand: Hand;
  /** Most that one person credits alone, in micros. */
  readonly aloneMaxMicros: bigint;
}

/**
 * Credits it, or notes the first of two: the amount that is given, or without one what came in another currency, at the
 * exchange rate of the moment it came, which is recorded with it. Needs a transaction. Throws `not_found`, `conflict` when
 * it is not under review, another amount was said before or no rate is known, `second_person_needed`, and
 * `invalid_request` for another currency, or where no rate says what it is worth. What a first person said wrongly is said
 * anew by themselves.
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
  const { currency } = wallet;
  const { worth, used } = amount === null ? await valued(tx, payment, currency) : { worth: amount, used: {} };
  const micros = creditOf(worth, currency);
  if (micros === null) {
    throw new AppError('invalid_request', {
      field: 'amount',
      detail:
        amount === null
          ? 'At its rate it is worth nothing that can be credited.'
          : 'It is credited in the currency of the workspace.',
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
  const settled = payment.settlement_id === null ? {} : { settlement_id: payment.settlement_id };
  const credited = await creditAndCatchUp(tx, provider, payment, micros, { ...used, ...settled });
  return (await findById(tx, paymentId)) ?? credited;
}

/** What came is worth at the rate of the moment it came. */
async function valued(tx: Tx, payment: PaymentRow, currency: string) {
  const { paid, paid_currency: from, paid_at: at } = payment;
  if (paid === null || from === null || at === null || from === currency) {
    throw new AppError('invalid_request', {
      field: 'amount',
      detail: 'It came in the currency of the workspace: say what it is worth.',
    });
  }
  const rate = await findRate(tx, from, currency, at);
  if (rate === undefined) {
    throw new AppError('conflict', {
      detail: `No exchange rate of ${from} and ${currency} held when it came.`,
    });
  }
  const used = { rate_base: rate.base, rate_quote: rate.quote, rate: rate.rate, rate_from: rate.validFrom };
  return { worth: convert({ micros: paid, currency: from }, currency, rate), used };
}
