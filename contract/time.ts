// Instants on the wire: RFC 3339 in UTC, always with Z, never with an offset, so that two texts compare as times do.
import * as z from 'zod';
import { says } from './sentences.ts';

/** Microseconds are what PostgreSQL keeps; a leap second is not representable there and is refused. */
const INSTANT =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?Z$/;

export const instantSentence = says(
  'invalid_request',
  'must be an RFC 3339 time in UTC, such as 2026-11-21T09:30:00Z.',
);

/** Whether the text names an instant that exists: the 30th of February does not. */
export function isInstant(text: string): boolean {
  if (!INSTANT.test(text)) return false;
  const day = Number(text.slice(8, 10));
  return day <= 28 || day <= daysIn(Number(text.slice(0, 4)), Number(text.slice(5, 7)));
}

/** An instant with the sentence it fails with; the caller of a send reads a better one than the caller of a list. */
export const instantSaying = (sentence: string) =>
  z
    .string({ error: sentence })
    .refine(isInstant, { error: sentence })
    .meta({ format: 'date-time', pattern: INSTANT.source, examples: ['2026-11-21T09:30:00Z'] });

export const instantSchema = instantSaying(instantSentence);

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
