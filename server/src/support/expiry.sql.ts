// Statements that end tickets: by their age, and with their workspace. They touch what is about nobody alone, and work
// under a policy that has no support any more.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

const LOCK_CLOSED = statement<{ id: string }>(
  'support.lock_closed_tickets',
  'operations',
  `select id
     from support.ticket
    where closed_at <= $1::timestamptz
      and coalesce(workspace_id <> all($2::uuid[]), true)
    order by closed_at
    limit $3::integer
      for update skip locked`,
);
const LOCK_CREATED = statement<{ id: string }>(
  'support.lock_tickets_created',
  'operations',
  `select id
     from support.ticket
    where created_at <= $1::timestamptz
      and coalesce(workspace_id <> all($2::uuid[]), true)
    order by created_at
    limit $3::integer
      for update skip locked`,
);
const LOCK_OF_ENDED = statement<{ id: string }>(
  'support.lock_tickets_of_ended_workspaces',
  'operations',
  `select id
     from support.ticket
    where workspace_ended_at is not null
    order by workspace_ended_at
    limit $1::integer
      for update skip locked`,
);

/** Tickets past their limit, oldest first, locked; by ticket_closed or ticket_created. */
export const lockPast = async (
  tx: Tx,
  from: 'closed' | 'created',
  before: Date,
  held: readonly string[],
  limit: number,
): Promise<string[]> =>
  (await tx.exec(from === 'closed' ? LOCK_CLOSED : LOCK_CREATED, [before, arrays.uuid(held), limit])).map(
    ({ id }) => id,
  );

/** Tickets whose workspace is erased, locked; by ticket_workspace_ended. */
export const lockOfEnded = async (tx: Tx, limit: number): Promise<string[]> =>
  (await tx.exec(LOCK_OF_ENDED, [limit])).map(({ id }) => id);

const DELETE_WINDOWS = statement<never>(
  'support.delete_windows_of_tickets',
  'operations',
  'delete from support.access_window where ticket_id = any($1::uuid[])',
);
const DELETE_MESSAGES = statement<never>(
  'support.delete_messages_of_tickets',
  'operations',
  'delete from support.message where ticket_id = any($1::uuid[])',
);
const DELETE_TICKETS = statement<never>(
  'support.delete_tickets',
  'operations',
  'delete from support.ticket where id = any($1::uuid[])',
);

export const deleteTickets = (tx: Tx, ids: readonly string[]) =>
  Promise.all(
    [DELETE_WINDOWS, DELETE_MESSAGES, DELETE_TICKETS].map((each) => tx.exec(each, [arrays.uuid(ids)])),
  );

const MARK_ENDED = statement<never>(
  'support.mark_tickets_of_ended_workspaces',
  'operations',
  `update support.ticket
      set workspace_ended_at = (select platform.clock())
    where workspace_id = any($1::uuid[])
      and workspace_ended_at is null`,
);

/** By ticket_of_workspace. */
export const markEnded = (tx: Tx, workspaceIds: readonly string[]) =>
  tx.exec(MARK_ENDED, [arrays.uuid(workspaceIds)]);

const STANDING = statement<{ oldest: Date | null; overdue: number; held: number }>(
  'support.standing_of_tickets',
  'operations',
  `select min(began) filter (where not held) as oldest,
          count(*) filter (where not held and (began <= $1::timestamptz or ended))::integer as overdue,
          count(*) filter (where held and began <= $1::timestamptz)::integer as held
     from (select case when $4::boolean then closed_at else created_at end as began,
                  workspace_ended_at is not null as ended,
                  coalesce(workspace_id = any($2::uuid[]), false) as held
             from support.ticket
            where not $4::boolean
               or closed_at is not null
               or workspace_ended_at is not null
            order by began
            limit $3::integer) oldest`,
);

export const ticketsStanding = async (
  tx: Tx,
  from: 'closed' | 'created',
  before: Date,
  held: readonly string[],
  limit: number,
) => (await tx.exec(STANDING, [before, arrays.uuid(held), limit, from === 'closed']))[0]!;
