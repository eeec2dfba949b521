// Makes a text cheaper by replacing what GSM 03.38 lacks. Never applied silently: the preview shows every replacement
// and the sender decides.
import type { SeptetAlphabet } from '../gsm/alphabet.ts';
import { countSeptets, DEFAULT_ALPHABET } from '../gsm/alphabet.ts';
import { isHighSurrogate } from '../ucs2.ts';
import { plainLetter } from './letters.ts';
import { LOOKALIKES } from './lookalikes.ts';
import { TYPOGRAPHY } from './typography.ts';

/** `typography`: quotes, dashes, spaces, signs. `letter`: Latin letters. `lookalike`: Greek and Cyrillic twins. */
export type ReplacementKind = 'typography' | 'letter' | 'lookalike';

export interface Replacement {
  /** Index of the first UTF-16 unit in the original text. */
  readonly position: number;
  readonly from: string;
  /** Empty where an invisible character is dropped. */
  readonly to: string;
  readonly kind: ReplacementKind;
}

export interface TransliterateOptions {
  /** Kinds to apply; `typography` and `letter` by default. */
  readonly kinds?: readonly ReplacementKind[];
  /** What need not be replaced; the default alphabet by default. */
  readonly alphabet?: SeptetAlphabet;
}

export interface Transliteration {
  readonly text: string;
  /** Every change, in text order; empty if `text` is the original. */
  readonly replacements: readonly Replacement[];
  /** Whether the text now fits the alphabet. If not, replacing gains nothing and should not be offered. */
  readonly fits: boolean;
}

/** Kinds that keep what a text says. */
const KINDS_DEFAULT: readonly ReplacementKind[] = ['typography', 'letter'];

/** Combining marks belong to the letter before them; longer heaps are left alone. */
const MARKS_MAX = 4;

/**
 * Replaces characters that the alphabet lacks. Characters that it has are never touched, nor are those without a
 * replacement (emoji, other scripts). Pure, linear; doing it again changes nothing.
 */
export function transliterate(text: string, options: TransliterateOptions = {}): Transliteration {
  const alphabet = options.alphabet ?? DEFAULT_ALPHABET;
  const kinds = options.kinds ?? KINDS_DEFAULT;
  const fits = (piece: string) => countSeptets(piece, alphabet) >= 0;
  if (fits(text)) return { text, replacements: [], fits: true };
  const replacements: Replacement[] = [];
  let out = '';
  for (let position = 0; position < text.length; ) {
    const from = text.slice(position, endOfCharacter(text, position));
    const replacement = fits(from) ? null : replace(from, kinds, fits);
    if (replacement === null) out += from;
    else {
      out += replacement.to;
      replacements.push({ position, from, ...replacement });
    }
    position += from.length;
  }
  return { text: out, replacements, fits: fits(out) };
}

function replace(
  from: string,
  kinds: readonly ReplacementKind[],
  fits: (piece: string) => boolean,
): { to: string; kind: ReplacementKind } | null {
  const typographic = kinds.includes('typography') ? TYPOGRAPHY.get(from) : undefined;
  if (typographic !== undefined && fits(typographic)) return { to: typographic, kind: 'typography' };
  const letter = kinds.includes('letter') ? plainLetter(from, fits) : null;
  if (letter !== null) return { to: letter, kind: 'letter' };
  const lookalike = kinds.includes('lookalike') ? LOOKALIKES.get(from.normalize('NFC')) : undefined;
  if (lookalike !== undefined && fits(lookalike)) return { to: lookalike, kind: 'lookalike' };
  return null;
}

/** The index after the character at `position`: a code point and the combining marks on it. */
function endOfCharacter(text: string, position: number): number {
  let end = position + (isHighSurrogate(text.charCodeAt(position)) ? 2 : 1);
  for (let marks = 0; marks < MARKS_MAX && isCombiningMark(text.charCodeAt(end)); marks++) end++;
  return Math.min(end, text.length);
}

/** Marks of the block Combining Diacritical Marks, which is where Latin and Greek accents live. */
function isCombiningMark(unit: number): boolean {
  return unit >= 0x0300 && unit <= 0x036f;
}
