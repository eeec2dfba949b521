// Statements that end appeals: by their age, and with their workspace. They touch what is about nobody alone, and work
// under a policy that takes no requests for help any more.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { Kept } from './appeal.sql.ts';

const LOCK_CLOSED = statement<{ id: string }>(
  'abuse.lock_closed_appeals',
  'operations',
  `select id
     from abuse.appeal
    where closed_at <= $1::timestamptz
      and workspace_id <> all($2::uuid[])
    order by closed_at
    limit $3::integer
      for update skip locked`,
);
const LOCK_CREATED = statement<{ id: string }>(
  'abuse.lock_appeals_created',
  'operations',
  `select id
     from abuse.appeal
    where created_at <= $1::timestamptz
      and workspace_id <> all($2::uuid[])
    order by created_at
    limit $3::integer
      for update skip locked`,
);
const LOCK_OF_ENDED = statement<{ id: string }>(
  'abuse.lock_appeals_of_ended_workspaces',
  'operations',
  `select id
     from abuse.appeal
    where workspace_ended_at is not null
    order by workspace_ended_at
    limit $1::integer
      for update skip locked`,
);

/** Appeals past their limit, oldest first, locked; by appeal_closed or appeal_created. */
export const lockPast = async (
  tx: Tx,
  from: Kept['from'],
  before: Date,
  held: readonly string[],
  limit: number,
): Promise<string[]> =>
  (await tx.exec(from === 'closed' ? LOCK_CLOSED : LOCK_CREATED, [before, arrays.uuid(held), limit])).map(
    ({ id }) => id,
  );

/** Appeals whose workspace is erased, locked; by appeal_workspace_ended. */
export const lockOfEnded = async (tx: Tx, limit: number): Promise<string[]> =>
  (await tx.exec(LOCK_OF_ENDED, [limit])).map(({ id }) => id);

const DELETE = statement<never>(
  'abuse.delete_appeals',
  'operations',
  'delete from abuse.appeal where id = any($1::uuid[])',
);

export const deleteAppeals = (tx: Tx, ids: readonly string[]) => tx.exec(DELETE, [arrays.uuid(ids)]);

const MARK_ENDED = statement<never>(
  'abuse.mark_appeals_of_ended_workspaces',
  'operations',
  `update abuse.appeal
      set workspace_ended_at = (select platform.clock())
    where workspace_id = any($1::uuid[])
      and workspace_ended_at is null`,
);

/** By appeal_of_workspace. */
export const markEnded = (tx: Tx, workspaceIds: readonly string[]) =>
  tx.exec(MARK_ENDED, [arrays.uuid(workspaceIds)]);

const STANDING = statement<{ oldest: Date | null; overdue: number; held: number }>(
  'abuse.standing_of_appeals',
  'operations',
  `select min(began) filter (where not held) as oldest,
          count(*) filter (where not held and (began <= $1::timestamptz or ended))::integer as overdue,
          count(*) filter (where held and began <= $1::timestamptz)::integer as held
     from (select case when $4::boolean then closed_at else created_at end as began,
                  workspace_ended_at is not null as ended,
                  workspace_id = any($2::uuid[]) as held
             from abuse.appeal
            where not $4::boolean
               or closed_at is not null
               or workspace_ended_at is not null
            order by began
            limit $3::integer) oldest`,
);

export const appealsStanding = async (
  tx: Tx,
  from: Kept['from'],
  before: Date,
  held: readonly string[],
  limit: number,
) => (await tx.exec(STANDING, [before, arrays.uuid(held), limit, from === 'closed']))[0]!;
