// Statements on telemetry.usage_count. All are rare: a flush every few minutes, reports, retention.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { UsageKind } from './usage-names.ts';

export interface UsageRow {
  readonly id: string;
  readonly day: string;
  readonly kind: string;
  readonly name: string;
  readonly uses: bigint;
}

/** Rows come in the order of their ids, so that two processes that store at once wait for each other in one order. */
const ADD = statement<never>(
  'telemetry.add_usage',
  'improve',
  `insert into telemetry.usage_count as stored (id, day, kind, name, uses)
   select u.id, u.day::date, u.kind, u.name, u.uses
     from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[]) as u(id, day, kind, name, uses)
    order by u.id
       on conflict (id) do update set uses = stored.uses + excluded.uses`,
);

/** By the primary key, whose first bits are the day. */
const LIST = statement<UsageRow>(
  'telemetry.list_usage',
  'improve',
  `select c.id, c.day::text as day, c.kind, c.name, c.uses
     from telemetry.usage_count c
    where c.id >= $1::uuid
      and c.id < $2::uuid
      and ($3::text is null or c.kind = $3::text)
    order by c.id
    limit $4::integer`,
);

/** The latest first, by the primary key. */
const PAGE = statement<UsageRow>(
  'telemetry.page_usage',
  'improve',
  `select c.id, c.day::text as day, c.kind, c.name, c.uses
     from telemetry.usage_count c
    where ($1::uuid is null or c.id < $1::uuid)
      and ($2::text is null or c.kind = $2::text)
    order by c.id desc
    limit $3::integer`,
);

const END = statement<{ id: string }>(
  'telemetry.end_usage',
  'operations',
  `delete from telemetry.usage_count c
    where c.id = any(array(
      select past.id from telemetry.usage_count past where past.id < $1::uuid order by past.id limit $2::integer))
   returning c.id`,
);

const DROP = statement<{ dropped: number }>(
  'telemetry.drop_usage_partitions',
  'operations',
  `select platform.drop_partitions('telemetry.usage_count', $1::timestamptz) as dropped`,
);

export const addUsage = (tx: Tx, rows: readonly UsageRow[]) =>
  tx.exec(ADD, [
    arrays.uuid(rows.map(({ id }) => id)),
    arrays.text(rows.map(({ day }) => day)),
    arrays.text(rows.map(({ kind }) => kind)),
    arrays.text(rows.map(({ name }) => name)),
    arrays.bigint(rows.map(({ uses }) => uses)),
  ]);

export const listUsageRows = (tx: Tx, from: string, to: string, kind: UsageKind | null, limit: number) =>
  tx.exec(LIST, [from, to, kind, limit]);

export const pageUsageRows = (tx: Tx, before: string | null, kind: string | null, limit: number) =>
  tx.exec(PAGE, [before, kind, limit]);

export const endUsageRows = async (tx: Tx, before: string, limit: number): Promise<number> =>
  (await tx.exec(END, [before, limit])).length;

export const dropUsagePartitions = async (tx: Tx, before: Date): Promise<number> =>
  (await tx.exec(DROP, [before]))[0]!.dropped;

const OLDEST_USAGE = statement<{ id: string }>(
  'telemetry.oldest_usage',
  'operations',
  `select id from telemetry.usage_count order by id limit 1`,
);

/** The id of the oldest row, which begins with its day; undefined where there is none. */
export const oldestUsageRow = async (tx: Tx): Promise<string | undefined> =>
  (await tx.exec(OLDEST_USAGE, []))[0]?.id;
