// From the policy in force and the settings to when requests for help are answered.
import type { Policy } from '@sotto/policy';
import type { Config } from '#platform/config';
import { type BusinessCalendar, type ReplyTerms, replyTermsOf } from '#support';

type SupportSettings = Pick<
  Config,
  'supportTimeZone' | 'supportDays' | 'supportHours' | 'supportHolidays' | 'supportReplyHours'
>;

/** Monday is 1 (ISO 8601). */
const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export function replyTermsFor(policy: Pick<Policy, 'rights'>, settings: SupportSettings): ReplyTerms {
  const calendar: BusinessCalendar = {
    timeZone: settings.supportTimeZone,
    weekdays: settings.supportDays.map((day) => WEEK.indexOf(day) + 1),
    opensAtMinute: settings.supportHours.fromMinute,
    closesAtMinute: settings.supportHours.toMinute,
    holidays: settings.supportHolidays,
  };
  return replyTermsOf(policy, calendar, settings.supportReplyHours);
}
