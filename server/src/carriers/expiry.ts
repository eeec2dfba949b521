// The end of what signs in at carriers. A connector that is on is in use; one that is off was used last when it was
// switched off or changed.
import { type ExpiryHandler, rowsExpired } from '#privacy/retention';
import { expirePasswords, passwordsStanding } from './expiry.sql.ts';

const passwordExpiry: ExpiryHandler = {
  key: 'connector',
  table: 'carriers.connector',
  columns: ['password'],
  counts: ['last_activity'],
  async expire(tx, { before, limit }) {
    return rowsExpired(await expirePasswords(tx, before, limit), limit);
  },
  async standing(tx, { before }) {
    return { ...(await passwordsStanding(tx, before)), held: 0 };
  },
};

export const carriersExpiry = [passwordExpiry] as const;
