// The numbers of a text and what their shape says: which could be a code, and which are times, dates, amounts,
// telephone numbers or references.
import { isAsciiLetter, isDigit, isLetter } from './fold.ts';

/** A number, or letters and digits, that could be a code by its shape. */
export interface Candidate {
  /** As a person would type it. */
  readonly code: string;
  readonly start: number;
  readonly end: number;
  /** `digits`: one run. `groups`: runs of equal length with separators. `mixed`: letters and digits. */
  readonly shape: 'digits' | 'groups' | 'mixed';
}

/** Any number of the text, candidates included: what a label before it can refer to. */
export interface NumberSpan {
  readonly start: number;
  readonly end: number;
}

export interface Numbers {
  readonly candidates: readonly Candidate[];
  readonly spans: readonly NumberSpan[];
}

/** One-time codes have 4 to 8 digits. */
const DIGITS_MIN = 4;
const DIGITS_MAX = 8;
/** Codes of letters and digits have 5 to 10 characters: shorter ones are units, longer ones references. */
const MIXED_MIN = 5;
const MIXED_MAX = 10;
/** A text with more numbers than this is a table, not a message with a code. */
const CANDIDATES_MAX = 50;

/** A run of digits and letters, or of such runs tied by punctuation without spaces. */
interface Chunk {
  readonly start: number;
  readonly end: number;
  readonly kind: 'digits' | 'groups' | 'mixed' | 'other';
}

/** Finds numbers. `folded` is the folded text with links blanked; `text` the text itself, for letter case. Linear. */
export function findNumbers(text: string, folded: string): Numbers {
  const chunks = chunksOf(text, folded);
  const candidates: Candidate[] = [];
  for (let i = 0; i < chunks.length && candidates.length < CANDIDATES_MAX; ) {
    let last = i;
    while (last + 1 < chunks.length && joinsBySpace(folded, chunks[last]!, chunks[last + 1]!)) last++;
    addCandidates(text, folded, chunks.slice(i, last + 1), candidates);
    i = last + 1;
  }
  return { candidates, spans: chunks };
}

function chunksOf(text: string, folded: string): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 0; at < folded.length; ) {
    if (!isAlphanumeric(folded.charCodeAt(at))) {
      at++;
      continue;
    }
    const end = endOfChunk(folded, at);
    const chunk = classify(text, folded, at, end);
    if (chunk !== null) chunks.push(chunk);
    at = chunk === null ? endOfRun(folded, at) : chunk.end;
  }
  return chunks;
}

function isAlphanumeric(unit: number): boolean {
  return isDigit(unit) || isAsciiLetter(unit);
}

function endOfRun(folded: string, start: number): number {
  let end = start;
  while (end < folded.length && isAlphanumeric(folded.charCodeAt(end))) end++;
  return end;
}

/** Punctuation that ties digits into one number: dates, times, amounts, ranges, groups. */
const TIES = new Set("-\u2010\u2011\u2013.,:/'\u2019\u066b\u066c".split(''));

function endOfChunk(folded: string, start: number): number {
  let end = endOfRun(folded, start);
  while (end + 1 < folded.length && TIES.has(folded[end]!)) {
    const before = folded.charCodeAt(end - 1);
    const after = folded.charCodeAt(end + 1);
    const tied = isHyphen(folded[end]!)
      ? isAlphanumeric(before) && isAlphanumeric(after)
      : isDigit(before) && isDigit(after);
    if (!tied || isEndOfClause(folded, start, end)) break;
    end = endOfRun(folded, end + 1);
  }
  return end;
}

/** `482913,10 min` and `482913.10 min`, as texts without spaces write it: the comma ends a clause. */
function isEndOfClause(folded: string, start: number, at: number): boolean {
  if (isHyphen(folded[at]!) || folded[at] === ':' || folded[at] === '/') return false;
  const before = folded.slice(start, at);
  const after = folded.slice(at + 1, endOfRun(folded, at + 1));
  return (
    /^\d{4,8}$/.test(before) && /^\d{1,2}$/.test(after) && isLetter(folded.charCodeAt(at + 1 + after.length))
  );
}

function isHyphen(character: string): boolean {
  return character === '-' || character === '\u2010' || character === '\u2011' || character === '\u2013';
}

/** The chunk from `start` to `end`, or null for a word without digits. */
function classify(text: string, folded: string, start: number, end: number): Chunk | null {
  const content = folded.slice(start, end);
  if (!/\d/.test(content)) return null;
  if (/^\d+$/.test(content)) return { start, end, kind: 'digits' };
  // A word tied to digits by a hyphen: `OTP-123456` names it, `G-123456` prefixes it, `123456-te` inflects it.
  const named = /^(?:[a-z]|otp|pin|tan|code|kod|kode|codigo|codice)[-\u2010\u2011\u2013](?=\d{4,8}$)/.exec(
    content,
  );
  if (named !== null) return { start: start + named[0].length, end, kind: 'digits' };
  const inflected = /^(\d{4,8})[-\u2010\u2011\u2013][a-z]+$/.exec(content);
  if (inflected !== null && text.slice(start, end) === text.slice(start, end).toLowerCase()) {
    return { start, end: start + inflected[1]!.length, kind: 'digits' };
  }
  if (/^\d+(?:[-\u2010\u2011\u2013]\d+)+$/.test(content)) return { start, end, kind: 'groups' };
  if (/^[a-z0-9]+(?:-[a-z0-9]+)?$/.test(content)) return { start, end, kind: 'mixed' };
  return { start, end, kind: 'other' };
}

function joinsBySpace(folded: string, left: Chunk, right: Chunk): boolean {
  if (right.start !== left.end + 1 || left.kind === 'mixed' || right.kind === 'mixed') return false;
  const gap = folded[left.end];
  return gap === ' ' || gap === '\u00a0' || gap === '\u202f';
}

/** Adds the candidates of numbers that stand side by side with single spaces. */
function addCandidates(text: string, folded: string, chunks: readonly Chunk[], into: Candidate[]): void {
  const first = chunks[0]!;
  const last = chunks.at(-1)!;
  if (isMasked(folded, first.start)) return;
  if (chunks.length > 1) {
    const groups = chunks.map((chunk) => folded.slice(chunk.start, chunk.end));
    const plain = chunks.every((chunk) => chunk.kind === 'digits');
    if (plain && areCodeGroups(groups)) {
      into.push({ code: groups.join(''), start: first.start, end: last.end, shape: 'groups' });
      return;
    }
    if (looksLikeTelephone(groups)) return;
  }
  for (const chunk of chunks) {
    const candidate = candidateOf(text, folded, chunk);
    if (candidate !== null) into.push(candidate);
  }
}

/** Equal groups of 2 to 4 digits, 4 to 8 in all. Round thousands (`400 000`) are amounts, `0800 0123` is a number to call. */
function areCodeGroups(groups: readonly string[]): boolean {
  const size = groups[0]!.length;
  const digits = size * groups.length;
  if (groups.some((group) => group.length !== size)) return false;
  if (size < 2 || size > 4 || digits < DIGITS_MIN || digits > DIGITS_MAX) return false;
  if (size === 3 && groups.slice(1).every((group) => group === '000')) return false;
  return !(size === 4 && /^(?:0[89]\d\d|1800|1900)$/.test(groups[0]!));
}

/** Seven digits or more in several short groups, or a trunk prefix before a long one. */
function looksLikeTelephone(groups: readonly string[]): boolean {
  const digits = groups.join('').replace(/\D/g, '');
  if (digits.length < 7) return false;
  return groups.every((group) => group.length <= 4) || /^(?:0|\+|8$|8 |1$)/.test(groups[0]!);
}

/** Whether what stands before hides or dials the number: `+49…`, `*4417`, `...4417`, `…4417`. */
function isMasked(folded: string, start: number): boolean {
  const before = folded[start - 1];
  if (before === undefined) return false;
  if (before === '.' || before === '\u2026') return folded[start - 2] === '.' || before === '\u2026';
  if (before === '(') return folded[start - 2] === '+';
  return before === '+' || before === '*' || before === '\u2022' || before === '\u00d7';
}

function candidateOf(text: string, folded: string, chunk: Chunk): Candidate | null {
  const { start, end } = chunk;
  const content = folded.slice(start, end);
  if (chunk.kind === 'digits') {
    if (content.length < DIGITS_MIN || content.length > DIGITS_MAX) return null;
    return { code: content, start, end, shape: 'digits' };
  }
  if (chunk.kind === 'groups') {
    const groups = content.split(/\D/);
    return areCodeGroups(groups) ? { code: groups.join(''), start, end, shape: 'groups' } : null;
  }
  return chunk.kind === 'mixed' ? mixedCandidate(text, start, end) : null;
}

/** Letters and digits, all capitals or well stirred: `K7QX2M`, `AX93-77TQ`, `k7qx2m`; not `12GB`, `10h30`, `XX7765`. */
function mixedCandidate(text: string, start: number, end: number): Candidate | null {
  const code = text.slice(start, end).normalize('NFKC');
  const characters = code.replace('-', '');
  if (characters.length < MIXED_MIN || characters.length > MIXED_MAX) return null;
  if (/^[Xx]+\d+$/.test(characters) || /^\d+[a-zA-Z]{1,3}$/.test(characters)) return null;
  const capitals = /^[A-Z0-9]+$/.test(characters) && /[A-Z]/.test(characters);
  const stirred = /^[a-z0-9]+$/.test(characters) && /\d[a-z]+\d|[a-z]\d+[a-z]/.test(characters);
  return capitals || stirred ? { code, start, end, shape: 'mixed' } : null;
}
