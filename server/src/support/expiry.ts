// The end of tickets: by the rule `ticket` of the policy, and with their workspace whatever that says. The keys go
// before the rows, so that copies in backups and in the log of the database end as well.
import type { Tx } from '#platform/database';
import type { Keyring } from '#privacy';
import { type Due, type ExpiryHandler, type RetentionLimits, rowsExpired } from '#privacy/retention';
import { deleteTickets, lockOfEnded, lockPast, markEnded, ticketsStanding } from './expiry.sql.ts';
import type { Kept } from './ticket.sql.ts';
import { senderKey, wordsKey } from './words.ts';

/** Each takes its keys along, and destroying those is slow: one file each. */
const TICKETS_AT_ONCE_MAX = 50;

export const supportExpiry = (keyring: Keyring): readonly ExpiryHandler[] => [
  {
    key: 'ticket',
    table: 'support.ticket',
    takesAlong: ['support.message', 'support.access_window'],
    columns: 'row',
    counts: ['ticket_closed', 'created'],
    async expire(tx, due) {
      const limit = Math.min(due.limit, TICKETS_AT_ONCE_MAX);
      const ofEnded = await lockOfEnded(tx, limit);
      const ids =
        ofEnded.length > 0 ? ofEnded : await lockPast(tx, countedFrom(due), due.before, due.held, limit);
      if (ids.length === 0) return rowsExpired(0, limit);
      await keyring.destroy(ids.flatMap((id) => [wordsKey(keyring, id), senderKey(keyring, id)]));
      await deleteTickets(tx, ids);
      // After tickets of ended workspaces those past their limit have their turn.
      return { ...rowsExpired(ids.length, limit), more: ofEnded.length > 0 || ids.length >= limit };
    },
    standing: (tx, due) => ticketsStanding(tx, countedFrom(due), due.before, due.held, due.limit),
  },
];

/** What the rule `ticket` means for readers; null where there is none. */
export function keptUnder(limits: RetentionLimits): Kept | null {
  const limit = limits.get('ticket');
  return limit === undefined ? null : { duration: limit.duration, from: countedFrom(limit) };
}

const countedFrom = ({ from }: Pick<Due, 'from'>): 'closed' | 'created' =>
  from === 'ticket_closed' ? 'closed' : 'created';

/**
 * Says that these workspaces are erased: from the commit on nobody reads their tickets, and the next run of retention
 * destroys their keys and rows. May be repeated. Needs the transaction that erases them.
 */
export const endTicketsOf = async (tx: Tx, workspaceIds: readonly string[]): Promise<void> => {
  await markEnded(tx, workspaceIds);
};
