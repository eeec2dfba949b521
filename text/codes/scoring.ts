// The points a number gets for its shape, its place and the words around it.
import { readsAsDate, readsAsTime } from './dates.ts';
import type { Hit } from './lexicon.ts';
import { findContext, hasMoneyBefore, kindAfter } from './lexicon.ts';
import type { Candidate, NumberSpan } from './numbers.ts';
import { pointsForPlace } from './placement.ts';

/** What the words of the text say, once for all candidates. */
export interface Surroundings {
  readonly codes: readonly Hit[];
  readonly actions: readonly Hit[];
  readonly labels: readonly Hit[];
  readonly asksSecrecy: boolean;
  readonly promotes: boolean;
  /** Tells what has happened instead of asking for something. */
  readonly reports: boolean;
  /** Names how long something lives, as texts with codes do. */
  readonly expires: boolean;
  readonly spans: readonly NumberSpan[];
}

/** Reads the words of a folded text. */
export function surroundingsOf(folded: string, spans: readonly NumberSpan[]): Surroundings {
  const hits = findContext(folded);
  return {
    codes: hits.filter((hit) => hit.kind === 'code'),
    actions: hits.filter((hit) => hit.kind === 'action'),
    labels: hits.filter((hit) => hit.kind === 'label'),
    asksSecrecy: hits.some((hit) => hit.kind === 'secrecy'),
    promotes: hits.some((hit) => hit.kind === 'promotion'),
    reports: hits.some((hit) => hit.kind === 'notice'),
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

/** A word this near to what reads as a date or time makes it a code after all. */
const BESIDE_DISTANCE = 8;
const ACTION_DISTANCE = 40;
/** Letters and digits are a code only with a word for it this near. */
const MIXED_DISTANCE = 32;
const LABEL_DISTANCE = 22;
const REFUSED = Number.NEGATIVE_INFINITY;

/** How much a candidate looks like a code, in points; minus infinity for what it cannot be. */
export function scoreOf(candidate: Candidate, folded: string, around: Surroundings): number {
  if (isMeasured(candidate, folded)) return REFUSED;
  const code = pointsForCode(candidate, folded, around.codes);
  if (
    candidate.shape === 'mixed' &&
    (code.distance > MIXED_DISTANCE || code.acrossSentence || around.promotes)
  ) {
    return REFUSED;
  }
  if (
    (readsAsDate(candidate, folded) || readsAsTime(candidate, folded)) &&
    (code.distance > BESIDE_DISTANCE || code.acrossSentence)
  ) {
    return REFUSED;
  }
  let score = pointsForShape(candidate) + code.points + pointsForPlace(candidate, folded);
  if (around.actions.some((hit) => distanceTo(hit, candidate) <= ACTION_DISTANCE)) score += 2;
  if (around.asksSecrecy) score += 1;
  if (around.expires) score += 1;
  if (around.promotes) score -= 4;
  if (around.reports && code.distance > 4) score -= 3;
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
