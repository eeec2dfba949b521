// Extraction of one-time codes from texts. An origin-bound code is exact. Everything else is judged by the shape of
// the numbers and the words around them, and the result says how sure the judgement is. The rules are counted, not
// learnt; text/README.md reports how often they are right.
import { fold } from './fold.ts';
import { blankLinks } from './links.ts';
import type { Candidate } from './numbers.ts';
import { findNumbers } from './numbers.ts';
import { findOriginBoundCode } from './origin-bound.ts';
import { scoreOf, surroundingsOf } from './scoring.ts';

/**
 * `origin-bound`: stated by the sender in the standard form. `sure`: one number fits and words say that it is a code.
 * `unsure`: the best guess; show the whole text beside it, and fill in nothing by itself.
 */
export type CodeConfidence = 'origin-bound' | 'sure' | 'unsure';

export interface ExtractedCode {
  /** As a person would type it: ASCII digits, groups joined, a single letter before a hyphen left out. */
  readonly code: string;
  readonly confidence: CodeConfidence;
  /** Host that the code is bound to (`origin-bound` only): offer the code to no other site. */
  readonly origin?: string;
  /** Host of the embedded page that the code is for, if the text names one. */
  readonly embeddedOrigin?: string;
  /** Where the code stands: `text.slice(start, end)`, separators and native digits included. */
  readonly start: number;
  readonly end: number;
}

/** Longer texts are judged by their beginning (an origin-bound last line is found all the same). */
export const TEXT_UNITS_JUDGED = 10_000;

/** Points from which a guess is given, and from which it is called sure. */
const UNSURE_FROM = 3;
const SURE_FROM = 5;
/** A sure code is ahead of any other number by this much. */
const SURE_MARGIN = 2;

/**
 * The one-time code in `text`, or null. Never throws; linear in the text; the answer depends on the text alone. Takes
 * no telephone numbers, amounts, dates, times, years, order numbers, spans of time or parts of links for codes, as far
 * as shape and words tell.
 */
export function extractCode(text: string): ExtractedCode | null {
  const bound = findOriginBoundCode(text);
  if (bound !== null) return { ...bound, confidence: 'origin-bound' };
  const judged = text.length > TEXT_UNITS_JUDGED ? text.slice(0, TEXT_UNITS_JUDGED) : text;
  const folded = blankLinks(fold(judged));
  const { candidates, spans } = findNumbers(judged, folded);
  if (candidates.length === 0) return null;
  const surroundings = surroundingsOf(folded, spans);
  let best: Candidate | null = null;
  let bestScore = Number.NEGATIVE_INFINITY;
  let otherScore = Number.NEGATIVE_INFINITY;
  for (const candidate of candidates) {
    const score = scoreOf(candidate, folded, surroundings);
    if (score > bestScore) {
      if (best !== null && best.code !== candidate.code) otherScore = bestScore;
      best = candidate;
      bestScore = score;
    } else if (candidate.code !== best?.code) otherScore = Math.max(otherScore, score);
  }
  if (best === null || bestScore < UNSURE_FROM) return null;
  const sure = bestScore >= SURE_FROM && bestScore - otherScore >= SURE_MARGIN;
  return { code: best.code, confidence: sure ? 'sure' : 'unsure', start: best.start, end: best.end };
}
