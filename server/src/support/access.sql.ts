// Statements on support.access_window, and the line of what waits for staff.
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { StateRow } from './ticket.sql.ts';

const TAKE = statement<{ ends_at: Date }>(
  'support.take_ticket',
  'support',
  `insert into support.access_window as w (ticket_id, holder_id, opened_at, ends_at)
   values ($1::uuid, $2::uuid, $3::timestamptz, $3::timestamptz + $4::integer * interval '1 minute')
   on conflict (ticket_id) do update
      set holder_id = excluded.holder_id,
          opened_at = case when w.holder_id = excluded.holder_id and w.ends_at > excluded.opened_at
                           then w.opened_at
                           else excluded.opened_at end,
          ends_at = excluded.ends_at
    where w.holder_id = excluded.holder_id
       or w.ends_at <= excluded.opened_at
   returning ends_at`,
);

/** Opens or prolongs a window; undefined while somebody else holds one. */
export const takeWindow = async (
  tx: Tx,
  ticketId: string,
  holderId: string,
  now: Date,
  minutes: number,
): Promise<Date | undefined> => (await tx.exec(TAKE, [ticketId, holderId, now, minutes]))[0]?.ends_at;

const FIND = statement<{ ends_at: Date }>(
  'support.find_window',
  'support',
  `select ends_at
     from support.access_window
    where ticket_id = $1::uuid
      and holder_id = $2::uuid
      and ends_at > $3::timestamptz`,
);

/** When the window of this holder ends; undefined when none is open. */
export const findWindow = async (
  tx: Tx,
  ticketId: string,
  holderId: string,
  now: Date,
): Promise<Date | undefined> => (await tx.exec(FIND, [ticketId, holderId, now]))[0]?.ends_at;

const DELETE = statement<never>(
  'support.delete_window',
  'support',
  'delete from support.access_window where ticket_id = $1::uuid',
);

export const deleteWindow = (tx: Tx, ticketId: string) => tx.exec(DELETE, [ticketId]);

export interface WaitingRow extends StateRow {
  readonly reply_due_at: Date;
  readonly place_in_line: string;
  readonly overdue: boolean;
  readonly taken_until: Date | null;
}

const WAITING = statement<WaitingRow>(
  'support.list_waiting_tickets',
  'support',
  `select t.id, t.workspace_id, t.channel, t.topic, t.state, t.created_at, t.first_reply, t.first_reply_due_at,
          t.first_replied_at, t.last_message_at, t.closed_at, t.reply_due_at, t.place_in_line,
          t.reply_due_at < (select platform.clock()) as overdue,
          w.ends_at as taken_until
     from support.ticket t
     left join support.access_window w
       on w.ticket_id = t.id
      and w.ends_at > (select platform.clock())
    where t.place_in_line > $1::uuid
      and t.workspace_ended_at is null
    order by t.place_in_line
    limit $2::integer`,
);

const FIRST_PLACE = '00000000-0000-0000-0000-000000000000';

/** What waits for staff after a place in the line, due first first, along the unique index on place_in_line. */
export const selectWaiting = (tx: Tx, after: string | null, limit: number): Promise<WaitingRow[]> =>
  tx.exec(WAITING, [after ?? FIRST_PLACE, limit]);
