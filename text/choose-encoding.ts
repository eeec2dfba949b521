// Which alphabet a text travels in. GSM 7 bit if every character fits; else with the national tables of a permitted
// language; else UCS-2.
import type { Encoding } from './capacity.ts';
import { partCapacity } from './capacity.ts';
import type { SeptetAlphabet } from './gsm/alphabet.ts';
import { alphabetOf, countSeptets, DEFAULT_ALPHABET, septetsOf } from './gsm/alphabet.ts';
import type { Language } from './gsm/languages.ts';
import { LANGUAGES } from './gsm/languages.ts';
import { findOutside, fitsSingleOctet } from './single-octet.ts';
import { findLoneSurrogate, isHighSurrogate, isLowSurrogate } from './ucs2.ts';
import { UnsendableTextError } from './unsendable-text.ts';
import type { ReferenceBits } from './user-data-header.ts';

/**
 * How octets on the connector write characters. It differs from the encoding where the connector's default alphabet
 * is Latin-1 or ASCII: the message centre turns those into septets, so septets are what is counted.
 */
export type Charset = 'gsm7' | 'latin1' | 'ascii' | 'ucs2';

export interface EncodingOptions {
  /** `auto` (the default) chooses; any other is kept or refused with `UnsendableTextError` (`unencodable`). */
  readonly encoding?: 'auto' | Encoding;
  /** What data_coding 0 means at the connector. A text must fit it and GSM 03.38, or it goes as UCS-2. */
  readonly defaultAlphabet?: 'gsm7' | 'latin1' | 'ascii';
  /** Languages whose national tables the operator allows, in order of preference; none by default. */
  readonly languages?: readonly Language[];
  /** Width of the concatenation reference, 8 by default. */
  readonly referenceBits?: ReferenceBits;
}

/** A character that the permitted 7-bit alphabets lack. */
export interface ForcingCharacter {
  /** Index of its first UTF-16 unit. */
  readonly position: number;
  readonly character: string;
}

export interface EncodingChoice {
  readonly encoding: Encoding;
  readonly charset: Charset;
  /** National tables in use (`gsm7` only). */
  readonly locking: Language | null;
  readonly single: Language | null;
  /** Length in units of the encoding. */
  readonly units: number;
  /** Why `auto` fell to UCS-2: the first `FORCING_LISTED_MAX` characters in text order; empty otherwise. */
  readonly forcedBy: readonly ForcingCharacter[];
}

/** A preview marks that many characters; beyond, the text simply is not a 7-bit text. */
export const FORCING_LISTED_MAX = 64;

export const NONE_FORCING: readonly ForcingCharacter[] = Object.freeze([]);

/**
 * Chooses the encoding of `text`. Throws `UnsendableTextError` for a lone surrogate, and for a character outside an
 * encoding that the caller insists on. Pure; may be repeated.
 */
export function chooseEncoding(text: string, options: EncodingOptions = {}): EncodingChoice {
  const wanted = options.encoding ?? 'auto';
  if (wanted === 'ucs2') return ucs2Choice(text, NONE_FORCING);
  if (wanted === 'latin1') return latin1Choice(text);
  const charset = options.defaultAlphabet ?? 'gsm7';
  const septets = countSeptets(text, DEFAULT_ALPHABET);
  if (septets >= 0 && (charset === 'gsm7' || findOutside(text, charset) < 0)) {
    return { encoding: 'gsm7', charset, locking: null, single: null, units: septets, forcedBy: NONE_FORCING };
  }
  if (charset === 'gsm7' && options.languages !== undefined) {
    const national = nationalChoice(text, options.languages, options.referenceBits ?? 8);
    if (national !== null) return national;
  }
  const forcedBy = findForcing(text, options, wanted === 'gsm7' ? 1 : FORCING_LISTED_MAX);
  if (wanted === 'gsm7') throw new UnsendableTextError('unencodable', forcedBy[0]!.position);
  return ucs2Choice(text, forcedBy);
}

function ucs2Choice(text: string, forcedBy: readonly ForcingCharacter[]): EncodingChoice {
  const lone = findLoneSurrogate(text);
  if (lone >= 0) throw new UnsendableTextError('lone-surrogate', lone);
  return { encoding: 'ucs2', charset: 'ucs2', locking: null, single: null, units: text.length, forcedBy };
}

function latin1Choice(text: string): EncodingChoice {
  const outside = findOutside(text, 'latin1');
  if (outside >= 0) throw new UnsendableTextError('unencodable', outside);
  const units = text.length;
  return {
    encoding: 'latin1',
    charset: 'latin1',
    locking: null,
    single: null,
    units,
    forcedBy: NONE_FORCING,
  };
}

/**
 * The combination of permitted tables that needs the fewest parts, then the smallest header, then the fewest
 * septets; null if none holds every character. Any of them beats UCS-2: 145 septets hold at least 72 characters.
 */
function nationalChoice(
  text: string,
  languages: readonly Language[],
  referenceBits: ReferenceBits,
): EncodingChoice | null {
  let best: EncodingChoice | null = null;
  let bestRank = Number.POSITIVE_INFINITY;
  for (const language of languages) {
    for (const [locking, single] of combinations(language)) {
      const units = countSeptets(text, alphabetOf(locking, single));
      if (units < 0) continue;
      const tables = (locking === null ? 0 : 1) + (single === null ? 0 : 1);
      const rank = (parts(units, locking, single, referenceBits) * 4 + tables) * 1e6 + units;
      if (rank >= bestRank) continue;
      bestRank = rank;
      best = { encoding: 'gsm7', charset: 'gsm7', locking, single, units, forcedBy: NONE_FORCING };
    }
  }
  return best;
}

function combinations(language: Language): (readonly [Language | null, Language | null])[] {
  if (LANGUAGES[language].locking === null) return [[null, language]];
  return [
    [null, language],
    [language, null],
    [language, language],
  ];
}

/** Parts by capacity alone; the septet that an unsplittable pair may waste does not matter for a comparison. */
function parts(
  units: number,
  locking: Language | null,
  single: Language | null,
  referenceBits: ReferenceBits,
): number {
  if (units <= partCapacity('gsm7', { referenceBits: null, locking, single })) return 1;
  return Math.ceil(units / partCapacity('gsm7', { referenceBits, locking, single }));
}

/**
 * Characters that no permitted 7-bit alphabet holds, at most `listedMax`, in text order: what to change for a text
 * to become cheaper. Where each character fits some permitted language but no one language fits all, the characters
 * outside the default alphabet are listed, since then those are the ones to change.
 */
export function findForcing(
  text: string,
  options: EncodingOptions = {},
  listedMax: number = FORCING_LISTED_MAX,
): readonly ForcingCharacter[] {
  const charset = options.defaultAlphabet ?? 'gsm7';
  const alphabets = [DEFAULT_ALPHABET];
  if (charset === 'gsm7') {
    for (const language of options.languages ?? []) {
      for (const [locking, single] of combinations(language)) alphabets.push(alphabetOf(locking, single));
    }
  }
  const forcing = collect(text, charset, alphabets, listedMax);
  return forcing.length > 0 ? forcing : collect(text, charset, [DEFAULT_ALPHABET], listedMax);
}

function collect(
  text: string,
  charset: 'gsm7' | 'latin1' | 'ascii',
  alphabets: readonly SeptetAlphabet[],
  listedMax: number,
): readonly ForcingCharacter[] {
  const forcing: ForcingCharacter[] = [];
  for (let i = 0; i < text.length && forcing.length < listedMax; i++) {
    const unit = text.charCodeAt(i);
    const onWire = charset === 'gsm7' || fitsSingleOctet(unit, charset);
    if (onWire && alphabets.some((alphabet) => septetsOf(unit, alphabet) > 0)) continue;
    const pair = isHighSurrogate(unit) && i + 1 < text.length && isLowSurrogate(text.charCodeAt(i + 1));
    forcing.push({ position: i, character: text.slice(i, pair ? i + 2 : i + 1) });
    if (pair) i++;
  }
  return forcing;
}
