// The end of what is kept of bonuses: with the books whose entries it explains.
import { type ExpiryHandler, rowsExpired } from '#privacy/retention';
import { expirePromoCodes, redemptions, referralCodes, referrals } from './expiry.sql.ts';

const endOf = (table: string, { expire, standing }: typeof redemptions): ExpiryHandler => ({
  key: 'ledger',
  table,
  columns: 'row',
  counts: ['created'],
  async expire(tx, { before, held, limit }) {
    return rowsExpired(await expire(tx, before, held, limit), limit);
  },
  standing: (tx, { before, held, limit }) => standing(tx, before, held, limit),
});

/** Codes are the operator's and about nobody; they go with what names them. */
const redemptionExpiry: ExpiryHandler = {
  ...endOf('payments.redemption', redemptions),
  async expire(tx, { before, held, limit }) {
    const ended = await redemptions.expire(tx, before, held, limit);
    return rowsExpired(Math.max(ended, await expirePromoCodes(tx, before, limit)), limit);
  },
};

export const bonusExpiry = [
  redemptionExpiry,
  endOf('payments.referral_code', referralCodes),
  endOf('payments.referral', referrals),
] as const;
