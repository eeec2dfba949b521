// Statements on workspaces nobody uses. Days are dates in UTC.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

const FORGET = statement<never>(
  'accounts.forget_inactivity_notices',
  'service',
  `delete from accounts.inactivity_notice n
    using accounts.workspace w
    where w.id = n.workspace_id
      and n.distance = $1::text
      and (w.last_active_on > $2::date or w.closed_at is not null)`,
);

/** Forgets notices of workspaces that were used again: should they fall idle once more, they get new ones. */
export const forgetNotices = (tx: Tx, distance: string, lastActiveOn: string) =>
  tx.exec(FORGET, [distance, lastActiveOn]);

const NOTICE = statement<{ workspace_id: string }>(
  'accounts.note_inactivity_notices',
  'service',
  `insert into accounts.inactivity_notice (workspace_id, distance)
   select w.id, $1::text
     from accounts.workspace w
    where w.closed_at is null
      and w.last_active_on <= $2::date
      and not exists (
        select from accounts.inactivity_notice n where n.workspace_id = w.id and n.distance = $1::text)
    order by w.last_active_on
    limit $3::integer
       on conflict do nothing
   returning workspace_id`,
);

/** Notes a notice of one distance for workspaces last used on that day or before that had none; by workspace_idle. */
export const noteNotices = async (
  tx: Tx,
  distance: string,
  lastActiveOn: string,
  limit: number,
): Promise<string[]> =>
  (await tx.exec(NOTICE, [distance, lastActiveOn, limit])).map((row) => row.workspace_id);

const IDLE = statement<{ id: string }>(
  'accounts.lock_idle_workspaces',
  'service',
  `select w.id
     from accounts.workspace w
    where w.closed_at is null
      and w.last_active_on <= $1::date
      and w.id <> all($2::uuid[])
      and not exists (
        select
          from unnest($3::text[], $4::timestamptz[]) as d(distance, sent_by)
         where not exists (
           select from accounts.inactivity_notice n
            where n.workspace_id = w.id and n.distance = d.distance and n.sent_at <= d.sent_by))
      and not exists (
        select
          from accounts.person p
          join accounts.membership m on m.person_id = p.id and m.role = 'owner'
          join accounts.workspace o on o.id = m.workspace_id
         where p.personal_workspace_id = w.id
           and o.kind = 'organisation'
           and o.closed_at is null)
    order by w.last_active_on
    limit $5::integer
      for update of w skip locked`,
);

/**
 * Idle workspaces whose every notice went out in time, longest idle first, locked; by workspace_idle. Whoever owns an
 * organisation that is open is not idle: it would be without an owner.
 */
export const lockIdle = async (
  tx: Tx,
  lastActiveOn: string,
  held: readonly string[],
  notices: readonly { readonly distance: string; readonly sentBy: Date }[],
  limit: number,
): Promise<string[]> =>
  (
    await tx.exec(IDLE, [
      lastActiveOn,
      arrays.uuid(held),
      arrays.text(notices.map((one) => one.distance)),
      arrays.timestamptz(notices.map((one) => one.sentBy)),
      limit,
    ])
  ).map((row) => row.id);

const NOTICES = statement<{ distance: string; sent_at: Date }>(
  'accounts.list_inactivity_notices',
  'service',
  `select n.distance, n.sent_at
     from accounts.inactivity_notice n
     join accounts.workspace w on w.id = n.workspace_id
    where n.workspace_id = $1::uuid
      and w.closed_at is null
    order by n.sent_at
    limit 20`,
);

/** The notices an open workspace had, oldest first. */
export const selectNotices = (tx: Tx, workspaceId: string) => tx.exec(NOTICES, [workspaceId]);
