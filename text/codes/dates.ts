// Digits that may be a year, a date or a time of day rather than a code.
import type { Candidate } from './numbers.ts';
import { wordBefore } from './placement.ts';

const DAY = '(?:0[1-9]|[12]\\d|3[01])';
const MONTH = '(?:0[1-9]|1[0-2])';
const LONG_DATE = new RegExp(`^(?:${DAY}${MONTH}20[0-5]\\d|20[0-5]\\d${MONTH}${DAY})$`);
const SHORT_DATE = new RegExp(`^(?:${DAY}${MONTH}[0-5]\\d|[0-5]\\d${MONTH}${DAY})$`);

/**
 * Digits that read as a year of this or a neighbouring era (Gregorian, Buddhist, Solar Hijri) or as a date. They are
 * codes only if a word right beside them says so. Pairs of digits with spaces are not how dates are written.
 */
export function readsAsDate({ shape, code, start }: Candidate, folded: string): boolean {
  if (/^(?:19[5-9]\d|20[0-5]\d|25[4-9]\d|14[0-4]\d)$/.test(code)) return true;
  const hyphenatedPairs = shape === 'groups' && /[-\u2010\u2011\u2013]/.test(folded[start + 2]!);
  return LONG_DATE.test(code) || (hyphenatedPairs && SHORT_DATE.test(code));
}

/** Words before a time of day, folded. */
const CLOCK_WORDS = new Set(
  'at|by|until|from|to|um|ab|bis|om|as|a|de|alle|ore|o|od|do|в|с|до|о|з|saat|pukul|luc|tu|เวลา'.split('|'),
);

/** Whether four digits read as a time without colon (`at 0915`) after a word that precedes times. */
export function readsAsTime({ shape, code, start }: Candidate, folded: string): boolean {
  if (shape !== 'digits' || !/^(?:[01]\d|2[0-3])[0-5]\d$/.test(code)) return false;
  return folded[start - 1] === ' ' && CLOCK_WORDS.has(wordBefore(folded, start - 1));
}
