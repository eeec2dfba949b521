// Statements that end automatic top-ups, those set longest ago first.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

const EXPIRE = statement<{ id: string }>(
  'payments.expire_auto_top_ups',
  'legal',
  `delete from payments.auto_top_up
    where workspace_id in (
      select workspace_id
        from payments.auto_top_up
       where changed_at <= $1::timestamptz
         and workspace_id <> all($2::uuid[])
       order by changed_at
       limit $3::integer
         for update skip locked)
   returning workspace_id as id`,
);

/** Of whom. */
export const expireAutoTopUps = async (
  tx: Tx,
  before: Date,
  held: readonly string[],
  limit: number,
): Promise<string[]> => (await tx.exec(EXPIRE, [before, arrays.uuid(held), limit])).map(({ id }) => id);

interface StandingRow {
  readonly oldest: Date | null;
  readonly overdue: number;
  readonly held: number;
}

const STANDING = statement<StandingRow>(
  'payments.standing_of_auto_top_ups',
  'legal',
  `select min(changed_at) filter (where not held) as oldest,
          count(*) filter (where not held and changed_at <= $1::timestamptz)::integer as overdue,
          count(*) filter (where held and changed_at <= $1::timestamptz)::integer as held
     from (
       select changed_at, workspace_id = any($2::uuid[]) as held
         from payments.auto_top_up
        order by changed_at
        limit $3::integer) oldest`,
);
export const autoTopUpsStanding = async (tx: Tx, before: Date, held: readonly string[], limit: number) =>
  (await tx.exec(STANDING, [before, arrays.uuid(held), limit]))[0]!;
