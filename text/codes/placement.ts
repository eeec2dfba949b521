// Where a number stands: what sets it apart, without naming it.
import { isLetter } from './fold.ts';
import type { Candidate } from './numbers.ts';

/** Short words and signs that say what a number is: `… is 4821`, `4821 is …`, folded. */
const COPULAS = new Set(
  'is|es|e|est|ist|lautet|to|это|этот|la|adalah|هو|هي|است|הוא|है|คือ|是|为|為|は'.split('|'),
);

/** A number set apart: in brackets, after a colon, alone on its line, or beside a copula. */
export function pointsForPlace({ start, end }: Candidate, folded: string): number {
  let at = start - 1;
  while (at >= 0 && folded[at] === ' ') at--;
  const before = at < 0 ? '\n' : folded[at]!;
  let next = end;
  while (next < folded.length && folded[next] === ' ') next++;
  const after = next >= folded.length ? '\n' : folded[next]!;
  if ('[<(\u3010'.includes(before) && ']>)\u3011'.includes(after)) return 1;
  if (':\uff1a='.includes(before)) return 1;
  if ('\n\r'.includes(before)) return '\n\r'.includes(after) || COPULAS.has(wordAt(folded, next)) ? 1 : 0;
  return COPULAS.has(wordBefore(folded, at + 1)) ? 1 : 0;
}

/** Copulas are shorter than this. */
const COPULA_MAX = 8;

/** The letters from `start` on; of scripts without spaces the first character. */
function wordAt(folded: string, start: number): string {
  let end = start;
  while (end < folded.length && end - start < COPULA_MAX && isLetter(folded.charCodeAt(end))) end++;
  return isIdeographic(folded.charCodeAt(start)) ? folded.slice(start, start + 1) : folded.slice(start, end);
}

/** The letters up to `end`; of scripts without spaces the last character. */
export function wordBefore(folded: string, end: number): string {
  let start = end;
  while (start > 0 && end - start < COPULA_MAX && isLetter(folded.charCodeAt(start - 1))) start--;
  return isIdeographic(folded.charCodeAt(end - 1)) ? folded.slice(end - 1, end) : folded.slice(start, end);
}

/** Kana and Han. */
function isIdeographic(unit: number): boolean {
  return unit >= 0x3040 && unit <= 0x9fff;
}
