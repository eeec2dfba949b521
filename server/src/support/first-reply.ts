// When the first answer to a ticket is due. What the policy promises goes first; where it promises nothing, the
// operator's own aim in working hours does. Pure.
import type { Policy } from '@sotto/policy';
import { boundsMs } from '@sotto/policy/duration';
import { addWorkingTime, type BusinessCalendar, wholeDaysOf } from './business-calendar.ts';

export interface ReplyTerms {
  readonly withinMs: number;
  /**
   * every_hour: all hours count. working_days: the hours of working days count, the nights among them.
   * working_hours: hours of work alone.
   */
  readonly counts: 'every_hour' | 'working_days' | 'working_hours';
  readonly calendar: BusinessCalendar;
}

/** `aimHours` are working hours. Of a duration whose length depends on the calendar the shortest counts. */
export function replyTermsOf(
  { rights }: Pick<Policy, 'rights'>,
  calendar: BusinessCalendar,
  aimHours: number,
): ReplyTerms {
  const promised = rights.first_reply;
  if (promised === undefined) return { withinMs: aimHours * HOUR_MS, counts: 'working_hours', calendar };
  return {
    withinMs: boundsMs(promised.within).min,
    counts: promised.calendar === 'every_day' ? 'every_hour' : 'working_days',
    calendar,
  };
}

/** When an answer is due to what was written at `from`. */
export function replyDueAt({ withinMs, counts, calendar }: ReplyTerms, from: Date): Date {
  switch (counts) {
    case 'every_hour':
      return new Date(from.getTime() + withinMs);
    case 'working_days':
      return addWorkingTime(wholeDaysOf(calendar), from, withinMs);
    case 'working_hours':
      return addWorkingTime(calendar, from, withinMs);
  }
}

const HOUR_MS = 3_600_000;
