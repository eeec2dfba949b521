// The rows of what accounts and payments promise of their speed.
import { count, ms, NONE, percent, type Row } from './cells.ts';
import type { BenchResult } from './result.ts';
import { median } from './statistics.ts';

const CHECKS_LEAST = 1_000;
const NOTICES_LEAST = 300;

export const accountRows = (result: BenchResult): Row[] => [...signInRows(result), ...noticeRows(result)];

function noticeRows({ notices }: BenchResult): Row[] {
  if (!notices) return [];
  const { perSecond, answer, repeatedPerSecond, sent, miscredited } = notices;
  return [
    {
      measure: `notices of payments for one workspace, ${count(sent)}, each twice`,
      result: `${count(perSecond)}/s (p99 ${ms(answer.p99Ms)}), repetitions ${count(repeatedPerSecond)}/s; not credited once: ${miscredited}`,
      atLeast: `${count(NOTICES_LEAST)}/s`,
      wanted: '',
      verdict: perSecond >= NOTICES_LEAST && miscredited === 0 ? 'met' : 'missed',
    },
  ];
}

function signInRows({ signIn }: BenchResult): Row[] {
  if (!signIn) return [];
  const { rounds, share, checksPerSecond, signInsMeanwhile } = signIn;
  const interval =
    share.low === null || share.high === null ? '' : ` (${percent(share.low)} to ${percent(share.high)})`;
  return [
    {
      measure: `sign-ins against bare argon2id, two at once, ${rounds.length} rounds`,
      result: `${percent(share.value)}${interval}: ${median(rounds.map((round) => round.signIns)).toFixed(1)}/s of ${median(rounds.map((round) => round.bare)).toFixed(1)}/s`,
      // The load generator and the database take their part of the same processors: what is told is the overhead of all.
      ...NONE,
    },
    {
      measure: 'requests of a session while sign-ins run',
      result: `${count(checksPerSecond)}/s`,
      atLeast: `${count(CHECKS_LEAST)}/s`,
      wanted: '',
      verdict: checksPerSecond >= CHECKS_LEAST ? 'met' : 'missed',
    },
    { measure: 'sign-ins beside those requests', result: `${signInsMeanwhile.toFixed(1)}/s`, ...NONE },
  ];
}
