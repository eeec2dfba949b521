// A date and a duration later, in the calendar: one month after 31 January is the last day of February.
import { durationOf } from '../duration.ts';
import type { IsoDate, IsoDuration } from '../model.ts';

const DAY_MS = 86_400_000;

/** The date that lies a duration after a date; a part of a day counts as none, which is the earlier one. */
export function dayAfter(from: IsoDate, duration: IsoDuration): IsoDate {
  const [year, month, day] = from.split('-').map(Number) as [number, number, number];
  const { months, days, seconds } = durationOf(duration);
  const lastOfMonth = new Date(Date.UTC(year, month - 1 + months + 1, 0));
  const inMonth = Date.UTC(
    lastOfMonth.getUTCFullYear(),
    lastOfMonth.getUTCMonth(),
    Math.min(day, lastOfMonth.getUTCDate()),
  );
  const wholeDays = days + Math.floor((seconds * 1000) / DAY_MS);
  return new Date(inMonth + wholeDays * DAY_MS).toISOString().slice(0, 10);
}
