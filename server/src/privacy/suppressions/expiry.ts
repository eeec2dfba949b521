// The end of suppressions. One counts from when it was first recorded, whoever recorded it and under whatever epoch of
// the index: repeating it does not prolong it, and nor does renewal.
import { type ExpiryHandler, rowsExpired } from '../retention/handler.ts';
import { expireSuppressions, suppressionsStanding } from './expiry.sql.ts';

export const suppressionExpiry: ExpiryHandler = {
  key: 'suppression',
  table: 'privacy.suppression',
  columns: 'row',
  counts: ['created'],
  async expire(tx, { before, held, limit }) {
    return rowsExpired(await expireSuppressions(tx, before, held, limit), limit);
  },
  standing: (tx, { before, held, limit }) => suppressionsStanding(tx, before, held, limit),
};
