// Ids of rows that there is one of a day: made of what the row is about, so that every process writes the same row and
// the partition of its day holds it.
import { createHash } from 'node:crypto';
import { dayStartMs } from './usage-tally.ts';

/**
 * The UUIDv7 (RFC 9562 §5.7) of a day and what happened on it. Its time part is the start of the day, the other 74
 * bits follow from the words, which come from closed lists; of a million rows, two meet with a chance of one in 10^10.
 */
export function dayId(day: string, ...words: readonly string[]): string {
  const time = dayStartMs(day).toString(16).padStart(12, '0');
  const hash = createHash('sha256').update(JSON.stringify(words)).digest('hex');
  const variant = ((Number.parseInt(hash.slice(3, 5), 16) & 0x3f) | 0x80).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hash.slice(0, 3)}-${variant}${hash.slice(5, 7)}-${hash.slice(7, 19)}`;
}
