// The end of what telemetry keeps. The retention of the policy decides when; a row counts from the start of its day,
// so that nothing in it is older than promised. Whole months go as partitions, the rest row by row.
import type { Tx } from '#platform/database';
import { idFloor, idTimeMs } from '#platform/ids';
import type { ExpiryHandler } from '#privacy/retention';
import { dropErrorPartitions, endErrorRows, oldestErrorRow } from './error-report.sql.ts';
import { dropUsagePartitions, endUsageRows, oldestUsageRow } from './usage.sql.ts';

/** What came of one batch. */
export interface Ended {
  /** Rows ended; those of a dropped partition are not counted. */
  readonly rows: number;
  readonly partitions: number;
  /** More may be due: call again, in another transaction. */
  readonly more: boolean;
}

type Drop = (tx: Tx, before: Date) => Promise<number>;
type End = (tx: Tx, before: string, limit: number) => Promise<number>;

const ending =
  (drop: Drop, end: End) =>
  async (tx: Tx, before: Date, limit: number): Promise<Ended> => {
    const partitions = await drop(tx, before);
    // What began at the bound itself is past as well.
    const rows = await end(tx, idFloor(before.getTime() + 1), limit);
    return { rows, partitions, more: rows >= limit };
  };

/** Ends counts of days that began at `before` or earlier, at most `limit` rows. May be repeated. Key `usage`. */
export const endUsage = ending(dropUsagePartitions, endUsageRows);

/** Ends error reports of days that began at `before` or earlier, at most `limit` rows. May be repeated. Key `error`. */
export const endErrorReports = ending(dropErrorPartitions, endErrorRows);

const handler = (
  key: ExpiryHandler['key'],
  table: string,
  end: (tx: Tx, before: Date, limit: number) => Promise<Ended>,
  oldestRow: (tx: Tx) => Promise<string | undefined>,
): ExpiryHandler => ({
  key,
  table,
  columns: 'row',
  counts: ['created'],
  expire: (tx, { before, limit }) => end(tx, before, limit),
  async standing(tx, { before }) {
    const id = await oldestRow(tx);
    const oldest = id === undefined ? null : new Date(idTimeMs(id));
    return { oldest, overdue: oldest !== null && oldest <= before ? 1 : 0, held: 0 };
  },
});

/** For the engine of retention. */
export const telemetryExpiry: readonly ExpiryHandler[] = [
  handler('usage', 'telemetry.usage_count', endUsage, oldestUsageRow),
  handler('error', 'telemetry.error_report', endErrorReports, oldestErrorRow),
];
