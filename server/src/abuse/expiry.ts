// The end of buckets. One that is full says nothing about anybody and goes at the next run, whoever it is of: nobody
// stays known for longer than their limits need. An address that is in use all the time goes when the policy says
// so, and begins anew. An account that ends takes its buckets along (`forget`).
import { type ExpiryHandler, rowsExpired } from '#privacy/retention';
import { addressesStanding, expireAddresses, fullStanding, sweepBuckets } from './velocity/expiry.sql.ts';

const TABLE = 'abuse.bucket';

const fullBuckets: ExpiryHandler = {
  key: 'account',
  table: TABLE,
  columns: 'row',
  counts: ['created', 'last_activity', 'account_closed'],
  async expire(tx, { now, limit }) {
    return rowsExpired(await sweepBuckets(tx, now, limit), limit);
  },
  async standing(tx, { before, limit }) {
    return { ...(await fullStanding(tx, before, limit)), held: 0 };
  },
};

const addressBuckets: ExpiryHandler = {
  key: 'ip',
  table: TABLE,
  columns: 'row',
  counts: ['created'],
  async expire(tx, { before, limit }) {
    return rowsExpired(await expireAddresses(tx, before, limit), limit);
  },
  async standing(tx, { before, limit }) {
    return { ...(await addressesStanding(tx, before, limit)), held: 0 };
  },
};

export const abuseExpiry: readonly ExpiryHandler[] = [fullBuckets, addressBuckets];
