// When the operator works, and arithmetic in working time. Pure. Days are those of the operator's time zone: over a
// change of the clocks a working day of whole days is an hour shorter or longer, and the hours counted are real ones.

export interface BusinessCalendar {
  /** IANA, `Europe/Berlin`. */
  readonly timeZone: string;
  /** Days of the week that are worked, 1 (Monday) to 7 (ISO 8601). */
  readonly weekdays: readonly number[];
  /** Minutes after midnight, from 0 to 1440: when work begins and ends on such a day. */
  readonly opensAtMinute: number;
  readonly closesAtMinute: number;
  /** Dates on which nobody works, `2026-12-25`. */
  readonly holidays: readonly string[];
}

/** The same days, each of them whole: what a promise in hours of business days counts. */
export const wholeDaysOf = (calendar: BusinessCalendar): BusinessCalendar => ({
  ...calendar,
  opensAtMinute: 0,
  closesAtMinute: MINUTES_OF_DAY,
});

/**
 * The moment at which so many milliseconds have been worked, counted from `from`. Never before `from`; with nothing to
 * count it is the first working moment. Throws RangeError for a calendar that has not so much work in ten years.
 */
export function addWorkingTime(calendar: BusinessCalendar, from: Date, lengthMs: number): Date {
  let leftMs = lengthMs;
  for (const [beginMs, endMs] of workFrom(calendar, from)) {
    const startMs = Math.max(beginMs, from.getTime());
    if (leftMs <= endMs - startMs) return new Date(startMs + leftMs);
    leftMs -= endMs - startMs;
  }
  throw new RangeError('the calendar has not so much working time in ten years');
}

/** How long was worked between two moments, in milliseconds; zero when the second is not later. */
export function workingTimeBetween(calendar: BusinessCalendar, from: Date, to: Date): number {
  let workedMs = 0;
  for (const [beginMs, endMs] of workFrom(calendar, from)) {
    if (beginMs >= to.getTime()) break;
    workedMs += Math.max(0, Math.min(endMs, to.getTime()) - Math.max(beginMs, from.getTime()));
  }
  return workedMs;
}

const MINUTES_OF_DAY = 1_440;
const DAYS_MAX = 3_660;

/** Working days from the day of a moment on, as milliseconds of beginning and end; those that ended before are left out. */
function* workFrom(calendar: BusinessCalendar, from: Date): Generator<readonly [number, number]> {
  const { timeZone } = calendar;
  const weekdays = new Set(calendar.weekdays);
  const holidays = new Set(calendar.holidays);
  let day = from.toTemporalInstant().toZonedDateTimeISO(timeZone).toPlainDate();
  for (let walked = 0; walked < DAYS_MAX; walked++, day = day.add({ days: 1 })) {
    if (!weekdays.has(day.dayOfWeek) || holidays.has(day.toString())) continue;
    const beginMs = momentOf(day, calendar.opensAtMinute, timeZone);
    const endMs = momentOf(day, calendar.closesAtMinute, timeZone);
    if (endMs > Math.max(beginMs, from.getTime())) yield [beginMs, endMs];
  }
}

/** A time of day that the clocks skip is as much later as they are put forward; one they repeat is the first. */
function momentOf(day: Temporal.PlainDate, minute: number, timeZone: string): number {
  if (minute === MINUTES_OF_DAY) return day.add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds;
  const plainTime = new Temporal.PlainTime(Math.floor(minute / 60), minute % 60);
  return day.toZonedDateTime({ timeZone, plainTime }).epochMilliseconds;
}
