// Statements that end remembered answers. Rows go as they come of age; a day's partition goes when it is empty.
import { arrays } from '../db/arrays.ts';
import type { Tx } from '../db/database.ts';
import { statement } from '../db/statement.ts';

export interface ExpiredKey {
  readonly id: string;
  readonly scope: string;
}

const EXPIRE = statement<ExpiredKey>(
  'platform.expire_idempotency_keys',
  'service',
  `with old as materialized (
     select id, scope, key_mac
       from platform.idempotency
      where id < $1::uuid
        and id > $4::uuid
        and scope <> all($2::uuid[])
      order by id
      limit $3::integer
        for update skip locked
   )
   delete from platform.idempotency i
    using old
    where i.id < $1::uuid
      and i.scope = old.scope and i.key_mac = old.key_mac and i.id = old.id
   returning i.id, i.scope`,
);

/** Deletes the oldest keys between two ids, whose time is a key's birth; by idempotency_age. */
export const expireKeys = (tx: Tx, after: string, below: string, held: readonly string[], limit: number) =>
  tx.exec(EXPIRE, [below, arrays.uuid(held), limit, after]);

const OLDEST_LEFT = statement<{ id: string }>(
  'platform.find_oldest_idempotency_key',
  'operations',
  'select id from platform.idempotency where id < $1::uuid order by id limit 1',
);

const DROP = statement<{ dropped: number }>(
  'platform.drop_idempotency_days',
  'operations',
  `select platform.drop_partitions('platform.idempotency', $1::timestamptz) as dropped`,
);

/** Drops the days that ended at or before a moment and have no key left; returns how many. */
export async function dropEmptyKeyDays(tx: Tx, before: Date, below: string): Promise<number> {
  const [left] = await tx.exec(OLDEST_LEFT, [below]);
  return left === undefined ? (await tx.exec(DROP, [before]))[0]!.dropped : 0;
}

const STANDING = statement<{ oldest: string | null; overdue: number; held: number }>(
  'platform.standing_of_idempotency_keys',
  'service',
  `select min(id::text) filter (where not held) as oldest,
          count(*) filter (where not held and id < $1::uuid)::integer as overdue,
          count(*) filter (where held and id < $1::uuid)::integer as held
     from (select id, scope = any($2::uuid[]) as held
             from platform.idempotency
            order by id
            limit $3::integer) oldest`,
);

/** How the oldest keys stand; `oldest` is an id. */
export const keysStanding = async (tx: Tx, below: string, held: readonly string[], limit: number) =>
  (await tx.exec(STANDING, [below, arrays.uuid(held), limit]))[0]!;

const IN_USE = statement<{ at: number }>(
  'platform.find_idempotency_days_in_use',
  'service',
  `select d.at::integer as at
     from unnest($1::uuid[], $2::uuid[], $3::uuid[]) with ordinality as d(scope, first, after, at)
    where exists (
      select from platform.idempotency i
       where i.scope = d.scope and i.id >= d.first and i.id < d.after)`,
);

/** Which days of a scope still have an answer, by their place. */
export async function findKeyDaysInUse(
  tx: Tx,
  days: readonly { readonly scope: string; readonly first: string; readonly after: string }[],
): Promise<Set<number>> {
  const rows = await tx.exec(IN_USE, [
    arrays.uuid(days.map((day) => day.scope)),
    arrays.uuid(days.map((day) => day.first)),
    arrays.uuid(days.map((day) => day.after)),
  ]);
  return new Set(rows.map((row) => row.at - 1));
}
