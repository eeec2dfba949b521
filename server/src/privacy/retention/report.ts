// How retention stands, key by key: for the evidence of the promise, and for the metrics. It reads and changes nothing.
import type { Database } from '#platform/database';
import { dueOf, type ExpiryOptions } from './expire.ts';
import { OVERDUE_COUNTED_MAX } from './handler.ts';
import { endOf } from './limit.ts';
import { heldRows, oldestOverdue } from './metrics.ts';
import type { Disposal, IsoDuration, RetentionEvent, RetentionKey } from './rule.ts';

export interface KeyReport {
  readonly key: RetentionKey;
  readonly limit: IsoDuration;
  readonly from: RetentionEvent;
  readonly disposal: Disposal;
  /** Tables whose rows end by this key. */
  readonly tables: readonly string[];
  /** Seconds since the oldest row that still lives began; null when there is none. */
  readonly oldestAgeSeconds: number | null;
  /** Rows past the limit that are still there; counted to a bound for each table. */
  readonly overdue: number;
  /** Seconds by which the oldest of them is late; 0 when none is. */
  readonly oldestOverdueSeconds: number;
  /** Rows past the limit that a legal hold keeps. */
  readonly held: number;
}

/** One line for each key that something is kept under. Overdue is what a run would take now, not a fault by itself. */
export async function retentionReport(
  options: Pick<ExpiryOptions, 'limits' | 'handlers'> & { readonly db: Database },
): Promise<KeyReport[]> {
  const reports: KeyReport[] = [];
  for (const limit of options.limits.values()) {
    const own = options.handlers.filter(({ key }) => key === limit.key);
    if (own.length === 0) continue;
    const { now, standings } = await options.db.batch(async (tx) => {
      const due = await dueOf(tx, limit, OVERDUE_COUNTED_MAX);
      const standings = [];
      for (const handler of own) standings.push(await handler.standing(tx, due));
      return { now: due.now, standings };
    });
    const oldest = earliest(standings.map((one) => one.oldest));
    const overdue = sum(standings.map((one) => one.overdue));
    const lateMs = oldest === null ? 0 : now.getTime() - endOf(limit.duration, oldest).getTime();
    reports.push({
      key: limit.key,
      limit: limit.duration,
      from: limit.from,
      disposal: limit.disposal,
      tables: [...new Set(own.flatMap(({ table, takesAlong = [] }) => [table, ...takesAlong]))],
      oldestAgeSeconds: oldest === null ? null : seconds(now.getTime() - oldest.getTime()),
      overdue,
      oldestOverdueSeconds: overdue === 0 ? 0 : Math.max(0, seconds(lateMs)),
      held: sum(standings.map((one) => one.held)),
    });
  }
  return reports;
}

/** Shows a report in the metrics. */
export function publishReport(reports: readonly KeyReport[]): void {
  for (const { key, oldestOverdueSeconds, held } of reports) {
    oldestOverdue.set(oldestOverdueSeconds, { key });
    heldRows.set(held, { key });
  }
}

const seconds = (ms: number) => Math.floor(ms / 1_000);
const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
const earliest = (dates: readonly (Date | null)[]) =>
  dates.reduce<Date | null>(
    (first, at) => (at !== null && (first === null || at < first) ? at : first),
    null,
  );
