// From a rule of the policy to a limit, and from a limit to the moment that decides. Months follow the calendar in
// UTC: from 31 January a month lasts to the last day of February (Regulation (EEC) 1182/71 Art. 3(2)(c)), counted
// here to the second. Pure; the caller brings the database's time.
import type { Disposal, IsoDuration, Policy, RetentionEvent, RetentionRule } from './rule.ts';
import { boundsMs, durationOf, RETENTION_KEYS, type RetentionKey } from './rule.ts';

/** What the policy in force says about one key. */
export interface RetentionLimit {
  readonly key: RetentionKey;
  /** ISO 8601, in normal form. */
  readonly duration: IsoDuration;
  /** The event the duration is counted from. */
  readonly from: RetentionEvent;
  /** The event that ends it before; null when only time does. */
  readonly until: RetentionEvent | null;
  readonly disposal: Disposal;
}

/** Limits by key. A key the policy has no rule for is missing. */
export type RetentionLimits = ReadonlyMap<RetentionKey, RetentionLimit>;

/** The limit a rule sets. A ceiling on an account counts from its last use, any other from the creation. */
export function limitOf(key: RetentionKey, rule: RetentionRule): RetentionLimit {
  return 'for' in rule
    ? { key, duration: rule.for, from: rule.from, until: null, disposal: rule.then }
    : {
        key,
        duration: rule.ceiling,
        from: rule.until === 'account_closed' ? 'last_activity' : 'created',
        until: rule.until,
        disposal: rule.then,
      };
}

/** Every limit of a resolved policy. */
export function limitsOf(policy: Pick<Policy, 'retention'>): RetentionLimits {
  const limits = new Map<RetentionKey, RetentionLimit>();
  for (const key of Object.keys(RETENTION_KEYS) as RetentionKey[]) {
    const rule = policy.retention[key];
    if (rule) limits.set(key, limitOf(key, rule));
  }
  return limits;
}

const inUtc = (at: Date) => at.toTemporalInstant().toZonedDateTimeISO('UTC');

/** When what began at `began` ends. */
export function endOf(duration: IsoDuration, began: Date): Date {
  const { months, days, seconds } = durationOf(duration);
  return new Date(inUtc(began).add({ months }).add({ days, seconds }).epochMilliseconds);
}

/**
 * The latest beginning whose end has come at `now`: what began then or before is past. Ends of months shorten: where
 * one has no 31st, what began on its 28th can go up to a day early with what began on the 31st, and nothing goes late.
 */
export function cutoffOf(duration: IsoDuration, now: Date): Date {
  const { months, days, seconds } = durationOf(duration);
  return new Date(monthsBefore(inUtc(now).subtract({ days, seconds }), months).epochMilliseconds);
}

/** The latest moment that, so many months later, is not after `at`. */
function monthsBefore(at: Temporal.ZonedDateTime, months: number): Temporal.ZonedDateTime {
  if (months === 0) return at;
  const before = at.subtract({ months });
  // No such day there: every moment of that month has its end in this one, before today.
  if (before.day < at.day) return before.add({ days: 1 }).startOfDay().subtract({ milliseconds: 1 });
  // The last day of this month stands for all that follow in a longer one.
  if (at.day === at.daysInMonth) return before.with({ day: before.daysInMonth });
  return before;
}

/** The shortest a limit can turn out, in milliseconds: the bound where only milliseconds fit. */
export const shortestMs = ({ duration }: Pick<RetentionLimit, 'duration'>): number => boundsMs(duration).min;
