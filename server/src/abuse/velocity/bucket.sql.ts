// Statements on abuse.bucket. Both of a taking are sent without awaiting the first, so they share a round trip. Rows are
// made and locked in the order of their indexes, whoever asks, so that nobody waits in a ring.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { BlindIndex } from '#privacy';
import type { SubjectColumn } from './subject.ts';

/** One bucket asked of. */
export interface StoredAsk {
  readonly column: SubjectColumn;
  /** The indexes it may stand under, the newest first: one for each epoch in use. */
  readonly indexes: readonly BlindIndex[];
  readonly costMs: number;
  readonly capacityMs: number;
}

const MAKE = statement<never>(
  'abuse.make_buckets',
  'security',
  `insert into abuse.bucket (pseudonym, address, email, device, full_at, sweep_at)
   select case a.place when 'pseudonym' then a.index end,
          case a.place when 'address' then a.index end,
          case a.place when 'email' then a.index end,
          case a.place when 'device' then a.index end,
          (select platform.clock()),
          (select platform.clock()) + interval '10 minutes'
     from unnest($1::text[], $2::bytea[]) as a(place, index)
    order by a.index
   on conflict (coalesce(pseudonym, address, email, device)) do nothing`,
);

/** A bucket that was swept between the two statements is not there: then nothing is taken, and it is asked again. */
const TAKE = statement<{ at: number; wait_us: bigint; complete: boolean }>(
  'abuse.take',
  'security',
  `with clock as materialized (
     select platform.clock() as now
   ), asked as materialized (
     select a.at, a.index, a.is_newest, a.cost * interval '1 microsecond' as cost,
            a.capacity * interval '1 microsecond' as capacity
       from unnest($1::integer[], $2::bytea[], $3::boolean[], $4::bigint[], $5::bigint[])
         as a(at, index, is_newest, cost, capacity)
   ), locked as materialized (
     select a.at, a.is_newest, a.cost, a.capacity, b.full_at
       from asked a
       join abuse.bucket b
         on coalesce(b.pseudonym, b.address, b.email, b.device) = a.index
      order by a.index
        for update of b
   ), judged as materialized (
     select l.at,
            bool_or(l.is_newest) as is_there,
            greatest(max(l.full_at), c.now) + min(l.cost) as next,
            greatest(max(l.full_at), c.now) + min(l.cost) - min(l.capacity) - c.now as wait
       from locked l
      cross join clock c
      group by l.at, c.now
   ), verdict as materialized (
     select coalesce(bool_and(j.wait <= interval '0'), false) as allowed,
            count(*) filter (where j.is_there) = (select count(*) from asked where is_newest) as complete
       from judged j
   ), taken as (
     update abuse.bucket b
        set full_at = j.next,
            sweep_at = date_bin(interval '10 minutes', j.next, timestamptz 'epoch') + interval '10 minutes'
       from asked a
       join judged j on j.at = a.at
      cross join verdict v
      where v.allowed
        and v.complete
        and a.is_newest
        and coalesce(b.pseudonym, b.address, b.email, b.device) = a.index
   )
   select j.at,
          greatest(0, extract(epoch from j.wait) * 1000000)::bigint as wait_us,
          v.complete
     from judged j
    cross join verdict v`,
);

export interface TakenRows {
  /** False when a bucket went between the statements: nothing was taken, ask again. */
  readonly complete: boolean;
  /** Milliseconds to wait for each bucket, in order; all 0 when all was taken. */
  readonly waitsMs: readonly number[];
}

/** Takes of all buckets or of none, in one round trip. Both statements have been sent when this returns. */
export function takeRows(tx: Tx, asks: readonly StoredAsk[]): Promise<TakenRows> {
  const rows = asks.flatMap(({ indexes, costMs, capacityMs }, at) =>
    indexes.map((index, age) => ({ at, index, isNewest: age === 0, costMs, capacityMs })),
  );
  const made = tx.exec(MAKE, [
    arrays.text(asks.map(({ column }) => column)),
    arrays.bytea(asks.map(({ indexes }) => indexes[0]!)),
  ]);
  const taken = tx.exec(TAKE, [
    arrays.integer(rows.map(({ at }) => at)),
    arrays.bytea(rows.map(({ index }) => index)),
    arrays.boolean(rows.map(({ isNewest }) => isNewest)),
    arrays.bigint(rows.map(({ costMs }) => BigInt(costMs) * 1_000n)),
    arrays.bigint(rows.map(({ capacityMs }) => BigInt(capacityMs) * 1_000n)),
  ]);
  return Promise.all([taken, made]).then(([answers]) => {
    const waitsMs = asks.map(() => 0);
    for (const { at, wait_us } of answers) waitsMs[at] = Math.ceil(Number(wait_us) / 1_000);
    return { complete: answers.length > 0 && answers[0]!.complete, waitsMs };
  });
}

const GIVE_BACK = statement<never>(
  'abuse.give_back',
  'security',
  `with asked as materialized (
     select a.index, a.cost * interval '1 microsecond' as cost
       from unnest($1::bytea[], $2::bigint[]) as a(index, cost)
   ), locked as materialized (
     select a.index, a.cost
       from asked a
       join abuse.bucket b
         on coalesce(b.pseudonym, b.address, b.email, b.device) = a.index
      order by a.index
        for update of b
   )
   update abuse.bucket b
      set full_at = b.full_at - l.cost,
          sweep_at = date_bin(interval '10 minutes', b.full_at - l.cost, timestamptz 'epoch') + interval '10 minutes'
     from locked l
    where coalesce(b.pseudonym, b.address, b.email, b.device) = l.index`,
);

/** Gives back what was taken under the newest indexes. A bucket that has gone was full: nothing is owed to it. */
export const giveBackRows = (tx: Tx, asks: readonly StoredAsk[]): Promise<never[]> =>
  tx.exec(GIVE_BACK, [
    arrays.bytea(asks.map(({ indexes }) => indexes[0]!)),
    arrays.bigint(asks.map(({ costMs }) => BigInt(costMs) * 1_000n)),
  ]);

const FORGET = statement<never>(
  'abuse.forget_buckets',
  'security',
  `delete from abuse.bucket b
    where coalesce(b.pseudonym, b.address, b.email, b.device) = any($1::bytea[])`,
);

export const deleteBuckets = (tx: Tx, indexes: readonly BlindIndex[]): Promise<never[]> =>
  tx.exec(FORGET, [arrays.bytea(indexes)]);
