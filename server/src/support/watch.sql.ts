// Statements of the recurring look at what waits.
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

const MARK_MISSED = statement<{ id: string }>(
  'support.mark_missed_first_replies',
  'support',
  `update support.ticket
      set first_reply = 'missed'
    where id in (
      select id
        from support.ticket
       where first_reply = 'waiting'
         and first_reply_due_at < (select platform.clock())
       order by first_reply_due_at
       limit $1::integer
         for update skip locked)
   returning id`,
);

/** Marks first answers that did not come in time, each once; by ticket_unanswered. */
export const markMissed = async (tx: Tx, limit: number): Promise<string[]> =>
  (await tx.exec(MARK_MISSED, [limit])).map(({ id }) => id);

const FIND_SILENT = statement<{ id: string }>(
  'support.find_silent_tickets',
  'support',
  `select id
     from support.ticket
    where state = 'waiting_for_customer'
      and last_message_at <= (select platform.clock()) - $1::integer * interval '24 hours'
    order by last_message_at
    limit $2::integer
      for update skip locked`,
);

/** Tickets whose customer has said nothing for so many days, locked; by ticket_silent. */
export const lockSilent = async (tx: Tx, days: number, limit: number): Promise<string[]> =>
  (await tx.exec(FIND_SILENT, [days, limit])).map(({ id }) => id);

const COUNT_WAITING = statement<{ waiting: number; overdue: number }>(
  'support.count_waiting_tickets',
  'support',
  `select count(*)::integer as waiting,
          (count(*) filter (where reply_due_at < (select platform.clock())))::integer as overdue
     from support.ticket
    where place_in_line is not null
      and workspace_ended_at is null`,
);

export const countWaiting = async (tx: Tx) => (await tx.exec(COUNT_WAITING, []))[0]!;
