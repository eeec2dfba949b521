// The rows of what accounts promise of their speed.
import { count, NONE, percent, type Row } from './cells.ts';
import type { BenchResult } from './result.ts';
import { median } from './statistics.ts';

/** A sign-in is to cost its hash and little beside it. */
const SHARE_LEAST = 0.8;
const CHECKS_LEAST = 1_000;

export function accountRows({ signIn }: BenchResult): Row[] {
  if (!signIn) return [];
  const { rounds, share, checksPerSecond, signInsMeanwhile } = signIn;
  const interval =
    share.low === null || share.high === null ? '' : ` (${percent(share.low)} to ${percent(share.high)})`;
  return [
    {
      measure: `sign-ins against bare argon2id, two at once, ${rounds.length} rounds`,
      result: `${percent(share.value)}${interval}: ${median(rounds.map((round) => round.signIns)).toFixed(1)}/s of ${median(rounds.map((round) => round.bare)).toFixed(1)}/s`,
      atLeast: percent(SHARE_LEAST),
      wanted: '',
      verdict: share.value >= SHARE_LEAST ? 'met' : 'missed',
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
