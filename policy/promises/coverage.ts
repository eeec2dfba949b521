// How many promises are kept by code that a test watches, and whether what the catalogue says of that is true of the
// tree it stands in.
import { PROMISING_PROFILES, type PromiseRow, type PromisingProfile } from './promise.ts';
import { RULE_KEYS, type Rule } from './rules.ts';

export interface CoverageRow {
  readonly id: string;
  readonly rule: Rule;
  readonly profile: PromisingProfile;
  /** As the catalogue has it; a covered row with faults counts as faulty and not as covered. */
  readonly status: 'covered' | 'open' | 'faulty';
  /** Sentences, without the id. */
  readonly faults: readonly string[];
}

export interface Totals {
  readonly covered: number;
  readonly open: number;
  readonly faulty: number;
}

export interface Coverage {
  readonly rows: readonly CoverageRow[];
  readonly totals: Totals;
  readonly byRule: Readonly<Record<Rule, Totals>>;
  readonly byProfile: Readonly<Record<PromisingProfile, Totals>>;
}

/**
 * Compares the catalogue with a tree. `exists` answers for paths from the root of the repository; it is asked about
 * every file that a row names. A file that an open row names has to exist as well: it is then a fault of the row, but
 * the row stays open.
 */
export function coverage(rows: readonly PromiseRow[], exists: (path: string) => boolean): Coverage {
  const judged = rows.map((row) => judge(row, exists));
  const totalsWhere = (matches: (row: CoverageRow) => boolean) => totals(judged.filter(matches));
  return {
    rows: judged,
    totals: totals(judged),
    byRule: record(RULE_KEYS, (rule) => totalsWhere((row) => row.rule === rule)),
    byProfile: record(Object.keys(PROMISING_PROFILES) as PromisingProfile[], (profile) =>
      totalsWhere((row) => row.profile === profile),
    ),
  };
}

function judge(row: PromiseRow, exists: (path: string) => boolean): CoverageRow {
  const faults: string[] = [];
  if (row.enforcing !== null && !exists(row.enforcing)) faults.push('names code that does not exist');
  if (row.test !== null && !exists(row.test)) faults.push('names a test that does not exist');
  const status = row.status === 'covered' && faults.length > 0 ? 'faulty' : row.status;
  return { id: row.id, rule: row.rule, profile: row.profile, status, faults };
}

function totals(rows: readonly CoverageRow[]): Totals {
  const count = (status: CoverageRow['status']) => rows.filter((row) => row.status === status).length;
  return { covered: count('covered'), open: count('open'), faulty: count('faulty') };
}

function record<K extends string, V>(keys: readonly K[], of: (key: K) => V): Record<K, V> {
  return Object.fromEntries(keys.map((key) => [key, of(key)])) as Record<K, V>;
}
