// SMPP time strings, `YYMMDDhhmmsstnnp` (SMPP 3.4 §7.1.1): 16 characters in which nn counts quarter hours from UTC
// and p says whether the rest is a date (`+`, `-`) or a duration (`R`).

/** A point in time, or a length of it in calendar fields as the standard counts them. */
export type SmppTime =
  | { readonly kind: 'absolute'; readonly epochMs: number }
  | { readonly kind: 'relative'; readonly milliseconds: number };

const QUARTER_MS = 15 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;
/** nn runs from 00 to 48: twelve hours either way. */
const QUARTERS_MAX = 48;
/** What the fields of a duration are worth where the standard leaves the calendar open, as SMSCs count them. */
const MONTH_DAYS = 30;
const YEAR_DAYS = 365;
/** The largest duration the fields hold without months and years, for those are not the same everywhere. */
const RELATIVE_DAYS_MAX = 99;

/**
 * The string for a point in time, always in UTC (`00+`). Throws RangeError outside the years 2000 to 2099, for the
 * year has two digits. Tenths of seconds are kept, the rest is cut off.
 */
export function formatAbsoluteTime(epochMs: number): string {
  const date = new Date(epochMs);
  const year = date.getUTCFullYear();
  if (!(year >= 2000 && year <= 2099)) throw new RangeError('an SMPP time lies between 2000 and 2099');
  const fields = [
    year % 100,
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  ];
  return `${fields.map(two).join('')}${Math.floor(date.getUTCMilliseconds() / 100)}00+`;
}

/**
 * The string for a duration, rounded up to whole seconds, in days and smaller fields only: the lengths of months and
 * years are the peer's guess. Throws RangeError below zero and beyond 99 days.
 */
export function formatRelativeTime(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  const days = Math.floor(seconds / 86_400);
  if (!(seconds >= 0 && days <= RELATIVE_DAYS_MAX))
    throw new RangeError(`a relative SMPP time runs from 0 to ${RELATIVE_DAYS_MAX} days`);
  const fields = [days, Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  return `0000${fields.map(two).join('')}000R`;
}

/**
 * Reads a time; null for anything that is not one (the empty string means "default" and is not a time either).
 * Accepts any offset from UTC, and the offset of whole quarter hours only.
 */
export function parseSmppTime(text: string): SmppTime | null {
  if (text.length !== 16) return null;
  for (let at = 0; at < 15; at++) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return null;
  }
  const field = (at: number) => Number(text.slice(at, at + 2));
  const [year, month, day, hour, minute, second] = [0, 2, 4, 6, 8, 10].map(field) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const tenths = Number(text[12]);
  const quarters = field(13);
  const sign = text[15];
  const clockMs = ((hour * 60 + minute) * 60 + second) * 1000 + tenths * 100;
  if (sign === 'R') {
    const days = year * YEAR_DAYS + month * MONTH_DAYS + day;
    return { kind: 'relative', milliseconds: days * DAY_MS + clockMs };
  }
  if ((sign !== '+' && sign !== '-') || quarters > QUARTERS_MAX) return null;
  if (hour > 23 || minute > 59 || second > 59) return null;
  const midnightMs = Date.UTC(2000 + year, month - 1, day);
  // Date.UTC rolls 31 February over; a date that moved was none.
  const date = new Date(midnightMs);
  if (month < 1 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  // `+` is ahead of UTC, so UTC is earlier.
  const offsetMs = quarters * QUARTER_MS * (sign === '+' ? -1 : 1);
  return { kind: 'absolute', epochMs: midnightMs + clockMs + offsetMs };
}

const two = (value: number): string => String(value).padStart(2, '0');
