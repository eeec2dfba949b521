// A septet alphabet: one locking table and one single shift table, ready for look-ups in both directions.
import type { Language, TableRows } from './languages.ts';
import { lockingRows, singleRows } from './languages.ts';

/** The escape septet, 3GPP TS 23.038 §6.2.1. */
export const ESCAPE = 0x1b;

/** Marks a UTF-16 unit that an alphabet cannot express. */
export const ABSENT = 0xffff;

/** Set in an entry of `codeByUnit` for a character that needs the escape first, and so two septets. */
export const ESCAPED = 0x80;

/** No table holds a character from here on (the highest is U+221E), so units beyond are absent without a look-up. */
const UNITS_MAPPED = 0x2240;

export interface SeptetAlphabet {
  readonly locking: Language | null;
  readonly single: Language | null;
  /** By UTF-16 unit below `codeByUnit.length`: the septet, `ESCAPED | septet`, or `ABSENT`. */
  readonly codeByUnit: Uint16Array;
  /** By septet: the UTF-16 unit; `ABSENT` for the escape and for undefined positions. */
  readonly unitByCode: Uint16Array;
  /** By septet after an escape: the UTF-16 unit or `ABSENT`. */
  readonly unitByEscapedCode: Uint16Array;
}

function readRows(rows: TableRows): Uint16Array {
  const units = new Uint16Array(128).fill(ABSENT);
  let code = 0;
  for (const row of rows) {
    for (const cell of row.split(' ')) {
      if (cell !== '....') units[code] = Number.parseInt(cell, 16);
      code++;
    }
  }
  return units;
}

function build(locking: Language | null, single: Language | null): SeptetAlphabet {
  const unitByCode = readRows(lockingRows(locking));
  const unitByEscapedCode = readRows(singleRows(single));
  const codeByUnit = new Uint16Array(UNITS_MAPPED).fill(ABSENT);
  // Downwards, so that the lower of two equal positions wins (¡ stands twice in the Indic single shift tables);
  // the locking table last, because its characters cost one septet and not two.
  for (let code = 127; code >= 0; code--) {
    const unit = unitByEscapedCode[code]!;
    if (unit !== ABSENT) codeByUnit[unit] = ESCAPED | code;
  }
  for (let code = 127; code >= 0; code--) {
    const unit = unitByCode[code]!;
    if (unit !== ABSENT) codeByUnit[unit] = code;
  }
  return { locking, single, codeByUnit, unitByCode, unitByEscapedCode };
}

/** The GSM 7 bit default alphabet with its extension table. */
export const DEFAULT_ALPHABET: SeptetAlphabet = build(null, null);

const built = new Map<string, SeptetAlphabet>();

/**
 * The alphabet of these tables; null means the default table. Each combination is built once and kept (about 18 KB).
 * Naming Spanish as locking gives the default alphabet, since annex A.3.2 is void.
 */
export function alphabetOf(locking: Language | null, single: Language | null): SeptetAlphabet {
  if (locking === null && single === null) return DEFAULT_ALPHABET;
  const key = `${locking} ${single}`;
  let alphabet = built.get(key);
  if (alphabet === undefined) {
    alphabet = build(locking, single);
    built.set(key, alphabet);
  }
  return alphabet;
}

/** Whether `text` fits the alphabet, as its length in septets; -1 if some character is absent. Allocates nothing. */
export function countSeptets(text: string, alphabet: SeptetAlphabet): number {
  const codes = alphabet.codeByUnit;
  const mapped = codes.length;
  const length = text.length;
  let septets = length;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= mapped) return -1;
    const code = codes[unit]!;
    if (code >= ESCAPED) {
      if (code === ABSENT) return -1;
      septets++;
    }
  }
  return septets;
}

/** Septets that one UTF-16 unit takes: 1, 2, or 0 if the alphabet lacks it. */
export function septetsOf(unit: number, alphabet: SeptetAlphabet): 0 | 1 | 2 {
  const code = unit < alphabet.codeByUnit.length ? alphabet.codeByUnit[unit]! : ABSENT;
  return code < ESCAPED ? 1 : code === ABSENT ? 0 : 2;
}
