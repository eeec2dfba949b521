// Statements on telemetry.error_report. All are rare.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

export interface ErrorRow {
  readonly id: string;
  readonly day: string;
  readonly fingerprint: string;
  readonly class: string;
  readonly code: string | null;
  readonly frames: readonly string[];
  readonly causes: readonly string[];
  readonly times: bigint;
}

/** Lists travel as one text each, for arrays of arrays have to be of one length; neither holds a line break. */
const ADD = statement<never>(
  'telemetry.add_error_reports',
  'support',
  `insert into telemetry.error_report as stored (id, day, fingerprint, class, code, frames, causes, times)
   select e.id, e.day::date, e.fingerprint, e.class, e.code,
          string_to_array(e.frames, e'\\n'), string_to_array(e.causes, e'\\n'), e.times
     from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[])
       as e(id, day, fingerprint, class, code, frames, causes, times)
    order by e.id
       on conflict (id) do update set times = stored.times + excluded.times`,
);

/** By the primary key, whose first bits are the day. */
const LIST = statement<ErrorRow>(
  'telemetry.list_error_reports',
  'support',
  `select r.id, r.day::text as day, r.fingerprint, r.class, r.code, r.frames, r.causes, r.times
     from telemetry.error_report r
    where r.id >= $1::uuid
      and r.id < $2::uuid
    order by r.id
    limit $3::integer`,
);

/** The latest first, by the primary key. */
const PAGE = statement<ErrorRow>(
  'telemetry.page_error_reports',
  'support',
  `select r.id, r.day::text as day, r.fingerprint, r.class, r.code, r.frames, r.causes, r.times
     from telemetry.error_report r
    where ($1::uuid is null or r.id < $1::uuid)
    order by r.id desc
    limit $2::integer`,
);

const END = statement<{ id: string }>(
  'telemetry.end_error_reports',
  'operations',
  `delete from telemetry.error_report r
    where r.id = any(array(
      select past.id from telemetry.error_report past where past.id < $1::uuid order by past.id limit $2::integer))
   returning r.id`,
);

const DROP = statement<{ dropped: number }>(
  'telemetry.drop_error_partitions',
  'operations',
  `select platform.drop_partitions('telemetry.error_report', $1::timestamptz) as dropped`,
);

export const addErrorReports = (tx: Tx, rows: readonly ErrorRow[]) =>
  tx.exec(ADD, [
    arrays.uuid(rows.map(({ id }) => id)),
    arrays.text(rows.map(({ day }) => day)),
    arrays.text(rows.map(({ fingerprint }) => fingerprint)),
    arrays.text(rows.map((row) => row.class)),
    arrays.text(rows.map(({ code }) => code)),
    arrays.text(rows.map(({ frames }) => frames.join('\n'))),
    arrays.text(rows.map(({ causes }) => causes.join('\n'))),
    arrays.bigint(rows.map(({ times }) => times)),
  ]);

export const listErrorRows = (tx: Tx, from: string, to: string, limit: number) =>
  tx.exec(LIST, [from, to, limit]);

export const pageErrorRows = (tx: Tx, before: string | null, limit: number) => tx.exec(PAGE, [before, limit]);

export const endErrorRows = async (tx: Tx, before: string, limit: number): Promise<number> =>
  (await tx.exec(END, [before, limit])).length;

export const dropErrorPartitions = async (tx: Tx, before: Date): Promise<number> =>
  (await tx.exec(DROP, [before]))[0]!.dropped;

const OLDEST_ERROR = statement<{ id: string }>(
  'telemetry.oldest_error',
  'operations',
  `select id from telemetry.error_report order by id limit 1`,
);

/** The id of the oldest row, which begins with its day; undefined where there is none. */
export const oldestErrorRow = async (tx: Tx): Promise<string | undefined> =>
  (await tx.exec(OLDEST_ERROR, []))[0]?.id;
