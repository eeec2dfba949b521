// The end of what people asked of processing. One that stands is in force and never goes; the limit is on the proof that
// it was honoured. Closed (lifted, withdrawn, overruled, or with its workspace), it goes when it is older than the
// limit, at once where it stood longer than that.
import { type ExpiryHandler, rowsExpired } from '../retention/handler.ts';
import {
  expireObjections,
  expireRestrictions,
  objectionsStanding,
  restrictionsStanding,
} from './expiry.sql.ts';

const handler = (
  table: string,
  expireClosed: typeof expireRestrictions,
  standing: typeof restrictionsStanding,
): ExpiryHandler => ({
  key: 'subject_request',
  table,
  columns: 'row',
  counts: ['created'],
  async expire(tx, { before, held, limit }) {
    return rowsExpired(await expireClosed(tx, before, held, limit), limit);
  },
  standing: (tx, { before, held, limit }) => standing(tx, before, held, limit),
});

export const processingExpiry = [
  handler('privacy.restriction', expireRestrictions, restrictionsStanding),
  handler('privacy.objection', expireObjections, objectionsStanding),
] as const;
