// Durations of ISO 8601, and comparing them without knowing the calendar they will meet. A month has 28 to 31
// days; what may turn out longer counts as longer. Days and hours stay apart in the normal form, because the law
// counts them differently (Regulation (EEC) 1182/71 Art. 3), while a day is 24 hours when lengths are compared.
import type { IsoDuration } from './model.ts';

/** Whole numbers, none negative, not all zero. */
export interface Duration {
  readonly months: number;
  readonly days: number;
  readonly seconds: number;
}

/** Nothing is promised beyond a century: longer is no bound. */
export const DURATION_YEARS_MAX = 100;
const LENGTH_MAX = 40;

const FORM =
  /^P(?:(\d{1,5})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?$/;

const DAY_SECONDS = 86_400;
/** Fewest and most days in that many months in a row. */
const DAYS_MIN = [0, 28, 59, 89, 120, 150, 181, 212, 242, 273, 303, 334] as const;
const DAYS_MAX = [0, 31, 62, 92, 123, 153, 184, 215, 245, 276, 306, 337] as const;

/** Reads a duration. A string says what is wrong with it, in words that follow "the duration". */
export function parseDuration(text: string): Duration | string {
  if (text.length > LENGTH_MAX) return 'is too long to be one';
  const match = FORM.exec(text);
  if (!match || text.endsWith('T') || text === 'P') return faultOf(text);
  const [years, months, weeks, days, hours, minutes, seconds] = match
    .slice(1)
    .map((part) => Number(part ?? 0)) as [number, number, number, number, number, number, number];
  const duration = {
    months: years * 12 + months,
    days: weeks * 7 + days,
    seconds: hours * 3600 + minutes * 60 + seconds,
  };
  if (duration.months + duration.days + duration.seconds === 0) return 'is zero';
  if (secondsMax(duration) > daysMax(DURATION_YEARS_MAX * 12) * DAY_SECONDS) {
    return `is longer than ${DURATION_YEARS_MAX} years, which bounds nothing`;
  }
  return duration;
}

function faultOf(text: string): string {
  if (/^[+-]/.test(text) || /^P.*-/.test(text)) return 'is negative or signed';
  if (/[.,]/.test(text)) return 'has a fraction; use a smaller unit';
  if (/^\d+\s*[a-z]+$/i.test(text)) return 'is not in ISO 8601 form, such as P30D, PT72H or P24M';
  if (/^P\d+[HS]$/.test(text)) return 'needs a T before hours, minutes and seconds: PT72H';
  return 'is not in ISO 8601 form, such as P30D, PT72H or P24M';
}

/** The normal form: `P24M`, `P30D`, `PT72H`, `P1M2DT3H`. Years are months, weeks are days, minutes fold into hours. */
export function formatDuration({ months, days, seconds }: Duration): IsoDuration {
  const date = `${months > 0 ? `${months}M` : ''}${days > 0 ? `${days}D` : ''}`;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = seconds % 60;
  const time = `${hours > 0 ? `${hours}H` : ''}${minutes > 0 ? `${minutes}M` : ''}${rest > 0 ? `${rest}S` : ''}`;
  return `P${date}${time === '' ? '' : `T${time}`}`;
}

/** A duration of a resolved policy, which has been read before. @throws TypeError for anything else. */
export function durationOf(text: IsoDuration): Duration {
  const duration = parseDuration(text);
  if (typeof duration === 'string') throw new TypeError(`The duration "${text.slice(0, 40)}" ${duration}`);
  return duration;
}

const daysMin = (months: number): number => {
  const years = Math.floor(months / 12);
  // Of any four years in a row one is a leap year, save around a century's turn.
  return years * 365 + Math.max(0, Math.floor(years / 4) - 1) + DAYS_MIN[months % 12]!;
};
const daysMax = (months: number): number => {
  const years = Math.floor(months / 12);
  return years * 365 + Math.ceil(years / 4) + DAYS_MAX[months % 12]!;
};

const secondsMin = (d: Duration): number => (daysMin(d.months) + d.days) * DAY_SECONDS + d.seconds;
const secondsMax = (d: Duration): number => (daysMax(d.months) + d.days) * DAY_SECONDS + d.seconds;

/** The shortest and the longest a duration can turn out, in milliseconds. */
export function boundsMs(text: IsoDuration): { readonly min: number; readonly max: number } {
  const duration = durationOf(text);
  return { min: secondsMin(duration) * 1000, max: secondsMax(duration) * 1000 };
}

/** The most seconds by which `a` can outlast `b`, begun at the same moment. What both have in common cancels. */
function leadMax(a: IsoDuration, b: IsoDuration): number {
  const [left, right] = [durationOf(a), durationOf(b)];
  const months = left.months - right.months;
  const monthDays = months >= 0 ? daysMax(months) : -daysMin(-months);
  return (monthDays + left.days - right.days) * DAY_SECONDS + left.seconds - right.seconds;
}

/** Whether `a` can turn out longer than `b`: `P1M` may exceed `P30D`, and `P30D` may exceed `P1M`. */
export const mayExceed = (a: IsoDuration, b: IsoDuration): boolean => leadMax(a, b) > 0;

/** Whether `a` is longer than `b` in every calendar. */
export const exceeds = (a: IsoDuration, b: IsoDuration): boolean => leadMax(b, a) < 0;
