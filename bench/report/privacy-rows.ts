// The rows of what privacy promises of its speed: the check at start, sending, and destroying keys.
import { type BootCheck, checkMs, medianCheckMs, startsOf } from '../measure/boot.ts';
import type { PrivacyCost } from '../measure/privacy-cost.ts';
import type { Durations } from '../measure/shred.ts';
import { count, ms, NONE, percent, type Row } from './cells.ts';
import type { BenchResult } from './result.ts';
import { type Estimate, mean, median } from './statistics.ts';

const BOOT_LIMIT_MS = 300;
const SHARE_LEAST = 0.7;
const DESTROY_LIMIT_MS = 1;
/** A line that explains less of the times is none. */
const EXPLAINED_LEAST = 0.9;

export const privacyRows = (result: BenchResult): Row[] => [
  ...bootRows(result),
  ...shareRows(result),
  ...shredRows(result),
];

/** Judged by the slowest start of all. */
function bootRows({ boot }: BenchResult): Row[] {
  if (boot === null) return [];
  const starts = boot.profiles.flatMap(startsOf);
  const worstOf = (checks: readonly BootCheck[]) => Math.max(...checks.map(checkMs));
  const [slowest] = boot.profiles.toSorted((a, b) => worstOf(startsOf(b)) - worstOf(startsOf(a)));
  const worst = worstOf(starts);
  const waiting = mean(starts.map((check) => check.waitingMs / checkMs(check)));
  const reading = median(starts.map(({ readingMs }) => readingMs));
  return [
    {
      measure: `policy check at start, ${boot.profiles.length} profiles, ${starts.length} new processes`,
      result: `median ${ms(median(starts.map(checkMs)))}, slowest ${ms(worst)} (${slowest!.profile})`,
      atLeast: `< ${BOOT_LIMIT_MS} ms`,
      wanted: '',
      verdict: worst < BOOT_LIMIT_MS ? 'met' : 'missed',
    },
    {
      measure: 'of it: reading and compiling; waiting for the database',
      result: `${ms(reading)}; ${percent(waiting)}`,
      ...NONE,
    },
    {
      measure: 'medians by profile',
      result: boot.profiles.map((profile) => `${profile.profile} ${ms(medianCheckMs(profile))}`).join(', '),
      ...NONE,
    },
  ];
}

function shareRows({ privacy }: BenchResult): Row[] {
  if (privacy === null) return [];
  return [
    shareOfPlain('single requests with privacy against a build without', privacy.singles),
    shareOfPlain('batch requests with privacy against a build without', privacy.batch),
    processorRow(privacy),
  ];
}

/** Judged by the lower end of the interval, where there is one: what is only likely is not reached. */
function shareOfPlain(measure: string, { pairs, share }: PrivacyCost): Row {
  return {
    measure,
    result: `${percent(share.value)}${interval(share, percent)}, ${pairs.length} pairs`,
    atLeast: percent(SHARE_LEAST),
    wanted: '',
    verdict: (share.low ?? share.value) >= SHARE_LEAST ? 'met' : 'missed',
  };
}

function processorRow({ singles, batch }: NonNullable<BenchResult['privacy']>): Row {
  const of = ({ processorTime }: PrivacyCost) =>
    processorTime === null
      ? 'unknown'
      : `${processorTime.value.toFixed(2)} x${interval(processorTime, (value) => value.toFixed(2))}`;
  return {
    measure: 'processor time of server and database for a message, against that build',
    result: `single requests ${of(singles)}, batches ${of(batch)}`,
    ...NONE,
  };
}

function shredRows({ shred }: BenchResult): Row[] {
  if (shred === null) return [];
  const { store, recorded, bare, byKeys, byRows, workspaces } = shred;
  const most = Math.max(...workspaces.map(({ keys }) => keys));
  const ofMost = workspaces.filter(({ keys }) => keys === most).map((workspace) => workspace.ms);
  const isKeysAlone = byKeys.explained >= EXPLAINED_LEAST && (byRows.low ?? 1) <= 1;
  return [
    {
      measure: `destroying a data key, durably, ${count(store.count)} one by one`,
      result: durations(store),
      atLeast: `mean <= ${DESTROY_LIMIT_MS} ms`,
      wanted: '',
      verdict: store.meanMs <= DESTROY_LIMIT_MS ? 'met' : 'missed',
    },
    { measure: 'a bare write and fdatasync as large, in turns', result: durations(bare), ...NONE },
    { measure: 'destroying with its entry in the erasure log before', result: durations(recorded), ...NONE },
    {
      measure: `destroying a workspace: time by keys; with ${count(shred.rowsMost)} rows against ${count(shred.rowsFewest)}`,
      result: [
        `${ms(byKeys.intercept)} + ${byKeys.slope.toFixed(2)} ms a key (${percent(byKeys.explained)} explained), ${count(most)} keys ${ms(median(ofMost))}`,
        `${byRows.value.toFixed(2)} x${interval(byRows, (value) => value.toFixed(2))}`,
      ].join('; '),
      atLeast: 'by keys alone',
      wanted: '',
      verdict: byRows.low === null ? null : isKeysAlone ? 'met' : 'missed',
    },
  ];
}

const durations = ({ meanMs, p50Ms, p99Ms }: Durations): string =>
  `mean ${meanMs.toFixed(2)} ms, p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(1)} ms`;

/** The 95 % interval; nothing after a single run. */
const interval = ({ low, high }: Estimate, show: (value: number) => string): string =>
  low === null || high === null ? '' : ` (${show(low)} to ${show(high)})`;
