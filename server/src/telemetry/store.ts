// Counts and reports of this process on their way into the tables, and out of them for whoever shows them.
import type { Tx } from '#platform/database';
import { idFloor } from '#platform/ids';
import { dayId } from './day-id.ts';
import { addErrorReports, type ErrorRow, listErrorRows } from './error-report.sql.ts';
import type { ErrorCount } from './error-tally.ts';
import { frameLine } from './scrub-error.ts';
import { addUsage, listUsageRows } from './usage.sql.ts';
import type { UsageKind } from './usage-names.ts';
import { dayStartMs, type UsageCount } from './usage-tally.ts';

const DAY_MS = 86_400_000;
/** Rows one reading returns at most; a month has about 3,000. */
const READ_MAX = 10_000;

/** Days to read, `YYYY-MM-DD` in UTC, both included. */
export interface Days {
  readonly first: string;
  readonly last: string;
}

/** A fault of a day as it is stored. */
export interface ErrorReport {
  readonly day: string;
  readonly fingerprint: string;
  readonly class: string;
  readonly code: string | null;
  /** `file:line function`, innermost first. */
  readonly frames: readonly string[];
  readonly causes: readonly string[];
  readonly times: number;
}

/** Adds counts to their days' rows. In a sotto_batch transaction; not to be repeated, or they count twice. */
export async function storeUsage(tx: Tx, counts: readonly UsageCount[]): Promise<void> {
  if (counts.length === 0) return;
  await addUsage(
    tx,
    counts.map(({ day, kind, name, uses }) => ({
      id: dayId(day, kind, name),
      day,
      kind,
      name,
      uses: BigInt(uses),
    })),
  );
}

/** Adds errors to their days' rows. In a sotto_batch transaction; not to be repeated, or they count twice. */
export async function storeErrors(tx: Tx, counts: readonly ErrorCount[]): Promise<void> {
  if (counts.length === 0) return;
  await addErrorReports(
    tx,
    counts.map(({ day, fingerprint, class: name, code, frames, causes, times }) => ({
      id: dayId(day, fingerprint),
      day,
      fingerprint,
      class: name,
      code,
      frames: frames.map(frameLine),
      causes,
      times: BigInt(times),
    })),
  );
}

/** The counts of some days, by day, at most `READ_MAX`; of one kind when it is named. */
export async function readUsage(tx: Tx, days: Days, kind: UsageKind | null = null): Promise<UsageCount[]> {
  const rows = await listUsageRows(tx, ...idBounds(days), kind, READ_MAX);
  return rows.map((row) => ({
    day: row.day,
    kind: row.kind as UsageKind,
    name: row.name,
    uses: Number(row.uses),
  }));
}

/** The error reports of some days, by day, at most `READ_MAX`. */
export async function readErrorReports(tx: Tx, days: Days): Promise<ErrorReport[]> {
  const rows = await listErrorRows(tx, ...idBounds(days), READ_MAX);
  return rows.map(({ id: _, times, ...rest }: ErrorRow) => ({ ...rest, times: Number(times) }));
}

const idBounds = ({ first, last }: Days): [from: string, to: string] => [
  idFloor(dayStartMs(first)),
  idFloor(dayStartMs(last) + DAY_MS),
];
