// What somebody else wrote and our sentences quote: names, notes, addresses. It is cleaned of what could change the
// reading of text around it, and put between directional isolates (Unicode Standard Annex 9), so that an Arabic name
// in an English sentence, or the other way round, moves nothing else.

const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';
const LENGTH_MAX = 600;

/** Controls, line and paragraph separators, bidirectional and invisible format characters. */
const UNWANTED = /[\p{Cc}\p{Cf}\u2028\u2029]+/gu;

/** One line without controls, at most 600 characters. */
export function cleanText(text: string): string {
  const line = text.replace(UNWANTED, ' ').replace(/\s+/gu, ' ').trim();
  return line.length > LENGTH_MAX ? `${line.slice(0, LENGTH_MAX).toWellFormed()}…` : line.toWellFormed();
}

/** A text that is clean already, between isolates. */
export const isolated = (text: string): string => `${FIRST_STRONG_ISOLATE}${text}${POP_ISOLATE}`;

/** Quotes somebody else's text inside a sentence of ours; a text of nothing visible is a dash. */
export const foreign = (text: string): string => isolated(cleanText(text) || '—');

/** The same for a text that our sentence goes on after: its own full stop is left out. */
export const foreignPhrase = (text: string): string => foreign(cleanText(text).replace(/[.\u06d4]$/u, ''));

export interface Piece {
  readonly text: string;
  readonly foreign: boolean;
}

/** The pieces of a sentence, ours and others', in order. */
export function piecesOf(sentence: string): Piece[] {
  const pieces: Piece[] = [];
  for (const [index, half] of sentence.split(FIRST_STRONG_ISOLATE).entries()) {
    const end = index === 0 ? -1 : half.indexOf(POP_ISOLATE);
    if (end >= 0) pieces.push({ text: half.slice(0, end), foreign: true });
    const own = half.slice(end + 1);
    if (own !== '') pieces.push({ text: own, foreign: false });
  }
  return pieces;
}

/** The words that are ours: what others wrote is left out. */
export const ownWords = (sentence: string): string =>
  piecesOf(sentence)
    .filter((piece) => !piece.foreign)
    .map(({ text }) => text)
    .join(' ');
