// Statements that end suppressions, by suppression_age.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

const EXPIRE = statement<{ id: string }>(
  'privacy.expire_suppressions',
  'suppression',
  `delete from privacy.suppression
    where id in (
      select id
        from privacy.suppression
       where created_at <= $1::timestamptz
         and (workspace_id is null or workspace_id <> all($2::uuid[]))
       order by created_at
       limit $3::integer
         for update skip locked)
   returning id`,
);

/** Deletes suppressions recorded at or before a moment, oldest first; returns how many. */
export const expireSuppressions = async (
  tx: Tx,
  before: Date,
  held: readonly string[],
  limit: number,
): Promise<number> => (await tx.exec(EXPIRE, [before, arrays.uuid(held), limit])).length;

const STANDING = statement<{ oldest: Date | null; overdue: number; held: number }>(
  'privacy.standing_of_suppressions',
  'suppression',
  `select min(created_at) filter (where not held) as oldest,
          count(*) filter (where not held and created_at <= $1::timestamptz)::integer as overdue,
          count(*) filter (where held and created_at <= $1::timestamptz)::integer as held
     from (
       select created_at, coalesce(workspace_id = any($2::uuid[]), false) as held
         from privacy.suppression
        order by created_at
        limit $3::integer) oldest`,
);

export const suppressionsStanding = async (tx: Tx, before: Date, held: readonly string[], limit: number) =>
  (await tx.exec(STANDING, [before, arrays.uuid(held), limit]))[0]!;
