// The end of buckets. One that is full says nothing about anybody and goes at the next run, whoever it is of: nobody
// stays known for longer than their limits need. An address that is in use all the time goes when the policy says
// so, and begins anew. An account that ends takes its buckets along (`forget`).
// Appeals end by the rule `ticket`, and with their workspace whatever that says; the keys go before the rows.
import type { Tx } from '#platform/database';
import type { Keyring } from '#privacy';
import { type Due, type ExpiryHandler, type RetentionLimits, rowsExpired } from '#privacy/retention';
import type { Kept } from './appeals/appeal.sql.ts';
import { appealKey } from './appeals/appeals.ts';
import { appealsStanding, deleteAppeals, lockOfEnded, lockPast, markEnded } from './appeals/expiry.sql.ts';
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

/** Each takes its key along, and destroying that is slow: one file each. */
const APPEALS_AT_ONCE_MAX = 50;

const appeals = (keyring: Keyring): ExpiryHandler => ({
  key: 'ticket',
  table: 'abuse.appeal',
  columns: 'row',
  counts: ['ticket_closed', 'created'],
  async expire(tx, due) {
    const limit = Math.min(due.limit, APPEALS_AT_ONCE_MAX);
    const ofEnded = await lockOfEnded(tx, limit);
    const ids =
      ofEnded.length > 0 ? ofEnded : await lockPast(tx, countedFrom(due), due.before, due.held, limit);
    if (ids.length === 0) return rowsExpired(0, limit);
    await keyring.destroy(ids.map((id) => appealKey(keyring, id)));
    await deleteAppeals(tx, ids);
    // After appeals of ended workspaces those past their limit have their turn.
    return { ...rowsExpired(ids.length, limit), more: ofEnded.length > 0 || ids.length >= limit };
  },
  standing: (tx, due) => appealsStanding(tx, countedFrom(due), due.before, due.held, due.limit),
});

export const abuseExpiry = (keyring: Keyring): readonly ExpiryHandler[] => [
  fullBuckets,
  addressBuckets,
  appeals(keyring),
];

/** What the rule `ticket` means for readers of appeals; null where there is none. */
export function appealsKeptUnder(limits: RetentionLimits): Kept | null {
  const limit = limits.get('ticket');
  return limit === undefined ? null : { duration: limit.duration, from: countedFrom(limit) };
}

const countedFrom = ({ from }: Pick<Due, 'from'>): Kept['from'] =>
  from === 'ticket_closed' ? 'closed' : 'created';

/**
 * Says that these workspaces are erased: staff see their appeals no more, and the next run of retention destroys keys and
 * rows. May be repeated. Needs the transaction that erases them.
 */
export const endAppealsOf = async (tx: Tx, workspaceIds: readonly string[]): Promise<void> => {
  await markEnded(tx, workspaceIds);
};
