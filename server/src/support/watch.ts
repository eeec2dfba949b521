// The recurring look at what waits: first answers that are late are recorded and told, conversations whose customer has
// gone quiet are closed, and the metrics say how many wait.
import type { Database } from '#platform/database';
import { emitAll } from '#platform/outbox';
import type { Keyring } from '#privacy';
import { closeLocked } from './closing.ts';
import { firstReplyMissed } from './events.ts';
import { firstReplies, ticketsOverdue, ticketsWaiting } from './metrics.ts';
import { lockTicket } from './ticket.sql.ts';
import { SILENCE_DAYS } from './ticket-states.ts';
import { countWaiting, lockSilent, markMissed } from './watch.sql.ts';

const AT_ONCE_MAX = 200;

export interface Watched {
  readonly missed: number;
  readonly closed: number;
  readonly overdue: number;
}

/** One bounded look; call it again while `missed` or `closed` are many. May be repeated, and run twice at once. */
export async function watchTickets(db: Database, keyring: Keyring): Promise<Watched> {
  const missed = await db.batch(async (tx) => {
    const ids = await markMissed(tx, AT_ONCE_MAX);
    if (ids.length > 0)
      await emitAll(
        tx,
        ids.map((id) => ({ name: firstReplyMissed.name, payload: { ticket_id: id } })),
      );
    return ids.length;
  });
  if (missed > 0) firstReplies.add(missed, { outcome: 'missed' });
  const closed = await db.batch(async (tx) => {
    const ids = await lockSilent(tx, SILENCE_DAYS, AT_ONCE_MAX);
    for (const id of ids) {
      const row = await lockTicket(tx, id);
      if (row !== undefined) await closeLocked(tx, keyring, row);
    }
    return ids.length;
  });
  const { waiting, overdue } = await db.batch(countWaiting);
  ticketsWaiting.set(waiting);
  ticketsOverdue.set(overdue);
  return { missed, closed, overdue };
}
