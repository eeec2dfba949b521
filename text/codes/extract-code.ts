// Extraction of one-time codes from texts. An origin-bound code is exact. Everything else is judged by the shape of
// the numbers and the words around them, and the result says how sure the judgement is. The rules are counted, not
// learnt; text/README.md reports how often they are right.
import { fold } from './fold.ts';
import type { Hit } from './lexicon.ts';
import { findContext, hasMoneyBefore, kindAfter } from './lexicon.ts';
import { blankLinks } from './links.ts';
import type { Candidate, NumberSpan } from './numbers.ts';
import { findNumbers } from './numbers.ts';
import { findOriginBoundCode } from './origin-bound.ts';

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

/** What the words of the text say, once for all candidates. */
interface Surroundings {
  readonly codes: readonly Hit[];
  readonly actions: readonly Hit[];
  readonly labels: readonly Hit[];
  readonly asksSecrecy: boolean;
  readonly promotes: boolean;
  /** Names how long something lives, as texts with codes do. */
  readonly expires: boolean;
  readonly spans: readonly NumberSpan[];
}

function surroundingsOf(folded: string, spans: readonly NumberSpan[]): Surroundings {
  const hits = findContext(folded);
  return {
    codes: hits.filter((hit) => hit.kind === 'code'),
    actions: hits.filter((hit) => hit.kind === 'action'),
    labels: hits.filter((hit) => hit.kind === 'label'),
    asksSecrecy: hits.some((hit) => hit.kind === 'secrecy'),
    promotes: hits.some((hit) => hit.kind === 'promotion'),
    expires: spans.some((span) => span.end - span.start <= 3 && kindAfter(folded, span.end) === 'duration'),
    spans,
  };
}

/** Points for words that name a code, by the distance in UTF-16 units to the number. */
const CODE_NEAR: readonly (readonly [distance: number, points: number])[] = [
  [4, 6],
  [14, 5],
  [32, 4],
  [64, 3],
  [Number.POSITIVE_INFINITY, 2],
];

const ACTION_DISTANCE = 40;
const LABEL_DISTANCE = 22;
const REFUSED = Number.NEGATIVE_INFINITY;

function scoreOf(candidate: Candidate, folded: string, around: Surroundings): number {
  if (isMeasured(candidate, folded)) return REFUSED;
  const code = pointsForCode(candidate, folded, around.codes);
  if (candidate.shape === 'mixed' && (code.distance > 32 || around.promotes)) return REFUSED;
  if (isYear(candidate) && (code.distance > 14 || code.acrossSentence)) return REFUSED;
  let score = pointsForShape(candidate) + code.points + pointsForPlace(candidate, folded);
  if (around.actions.some((hit) => distanceTo(hit, candidate) <= ACTION_DISTANCE)) score += 2;
  if (around.asksSecrecy) score += 1;
  if (around.expires) score += 1;
  if (around.promotes) score -= 4;
  if (isLabelled(candidate, folded, around, code.distance)) score -= 5;
  return score;
}

/** Money before or after, a measure, a span of time, a percentage or a label after: a quantity. */
function isMeasured(candidate: Candidate, folded: string): boolean {
  if ('%\u066a\uff05\u2030'.includes(folded[candidate.end] ?? ' ')) return true;
  if (
    '$\u20ac\u00a3\u00a5\u20b9\u20bd\u20aa\u20ab\u0e3f\u20b4\u20ba\u20a9\uffe5'.includes(
      folded[candidate.start - 1] ?? ' ',
    )
  ) {
    return true;
  }
  if ('\u20ac\u00a3\u20bd\u20aa\u20ab\u0e3f\u20b4\u20ba\u20a9'.includes(folded[candidate.end] ?? ' '))
    return true;
  const after = kindAfter(folded, candidate.end);
  if (after === 'duration') return candidate.code.length <= 4;
  return after !== null || hasMoneyBefore(folded, candidate.start);
}

function pointsForShape({ shape, code }: Candidate): number {
  if (shape === 'mixed') return 1;
  return shape === 'groups' || code.length === 6 ? 2 : 1;
}

/** A number set apart: in brackets, after a colon, or alone on its line. */
function pointsForPlace({ start, end }: Candidate, folded: string): number {
  let at = start - 1;
  while (at >= 0 && folded[at] === ' ') at--;
  const before = at < 0 ? '\n' : folded[at]!;
  let next = end;
  while (next < folded.length && folded[next] === ' ') next++;
  const after = next >= folded.length ? '\n' : folded[next]!;
  if ('[<(\u3010'.includes(before) && ']>)\u3011'.includes(after)) return 1;
  if (':\uff1a='.includes(before)) return 1;
  return '\n\r'.includes(before) && '\n\r'.includes(after) ? 1 : 0;
}

/** The word for a code that is nearest, and what it is worth. A sentence that ends between costs a point. */
function pointsForCode(
  candidate: Candidate,
  folded: string,
  codes: readonly Hit[],
): { points: number; distance: number; acrossSentence: boolean } {
  let nearest: Hit | null = null;
  let distance = Number.POSITIVE_INFINITY;
  for (const hit of codes) {
    const found = distanceTo(hit, candidate);
    if (found < distance) {
      distance = found;
      nearest = hit;
    }
  }
  if (nearest === null) return { points: 0, distance, acrossSentence: false };
  const points = CODE_NEAR.find(([within]) => distance <= within)![1];
  const [from, to] =
    nearest.end <= candidate.start ? [nearest.end, candidate.start] : [candidate.end, nearest.start];
  const acrossSentence = endsSentence(folded, from, to);
  return { points: acrossSentence ? points - 1 : points, distance, acrossSentence };
}

function distanceTo(hit: Hit, candidate: Candidate): number {
  if (hit.end <= candidate.start) return candidate.start - hit.end;
  if (hit.start >= candidate.end) return hit.start - candidate.end;
  return 0;
}

/** Four digits that read as a year of this or a neighbouring era: Gregorian, Buddhist, Solar Hijri. */
function isYear({ shape, code }: Candidate): boolean {
  return shape === 'digits' && /^(?:19[5-9]\d|20[0-5]\d|25[4-9]\d|14[0-4]\d)$/.test(code);
}

/**
 * Whether a word before the number names it as something else (an order, a card, a train). The word must stand in the
 * same sentence, with no other number and no word for a code between.
 */
function isLabelled(
  candidate: Candidate,
  folded: string,
  around: Surroundings,
  codeDistance: number,
): boolean {
  for (let i = around.labels.length - 1; i >= 0; i--) {
    const label = around.labels[i]!;
    if (label.end > candidate.start) continue;
    const distance = candidate.start - label.end;
    if (distance > LABEL_DISTANCE || distance > codeDistance) return false;
    const numberBetween = around.spans.some((span) => span.start >= label.end && span.end <= candidate.start);
    return !numberBetween && !endsSentence(folded, label.end, candidate.start);
  }
  return false;
}

/** Whether a sentence or line ends between two positions. */
function endsSentence(folded: string, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const character = folded[i]!;
    if ('\n\r!?\u3002\uff01\uff1f\u061f\u0964'.includes(character)) return true;
    if (character === '.' && (i + 1 >= folded.length || folded[i + 1] === ' ')) return true;
  }
  return false;
}
