// Statements that end what is kept of subscriptions to plans, longest untouched first.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

const EXPIRE = statement<{ id: string }>(
  'payments.expire_plan_subscriptions',
  'legal',
  `delete from payments.plan_subscription
    where id in (
      select id
        from payments.plan_subscription
       where changed_at <= $1::timestamptz
         and workspace_id <> all($2::uuid[])
       order by changed_at
       limit $3::integer
         for update skip locked)
   returning id`,
);
export const expireSubscriptions = async (tx: Tx, before: Date, held: readonly string[], limit: number) =>
  (await tx.exec(EXPIRE, [before, arrays.uuid(held), limit])).length;

const STANDING = statement<{
  readonly oldest: Date | null;
  readonly overdue: number;
  readonly held: number;
}>(
  'payments.standing_of_plan_subscriptions',
  'legal',
  `select min(changed_at) filter (where not held) as oldest,
          count(*) filter (where not held and changed_at <= $1::timestamptz)::integer as overdue,
          count(*) filter (where held and changed_at <= $1::timestamptz)::integer as held
     from (
       select changed_at, workspace_id = any($2::uuid[]) as held
         from payments.plan_subscription
        order by changed_at
        limit $3::integer) oldest`,
);
export const subscriptionsStanding = async (tx: Tx, before: Date, held: readonly string[], limit: number) =>
  (await tx.exec(STANDING, [before, arrays.uuid(held), limit]))[0]!;
