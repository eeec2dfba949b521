// The national languages of 3GPP TS 23.038 §6.2.1.2.4: their identifiers and their shift tables. A locking table
// replaces the default alphabet for a whole part, a single shift table replaces the extension table.
import { BENGALI_LOCKING, BENGALI_SINGLE } from './tables/bengali.ts';
import { DEFAULT_LOCKING, DEFAULT_SINGLE } from './tables/default.ts';
import { GUJARATI_LOCKING, GUJARATI_SINGLE } from './tables/gujarati.ts';
import { HINDI_LOCKING, HINDI_SINGLE } from './tables/hindi.ts';
import { KANNADA_LOCKING, KANNADA_SINGLE } from './tables/kannada.ts';
import { MALAYALAM_LOCKING, MALAYALAM_SINGLE } from './tables/malayalam.ts';
import { ORIYA_LOCKING, ORIYA_SINGLE } from './tables/oriya.ts';
import { PORTUGUESE_LOCKING, PORTUGUESE_SINGLE } from './tables/portuguese.ts';
import { PUNJABI_LOCKING, PUNJABI_SINGLE } from './tables/punjabi.ts';
import { SPANISH_SINGLE } from './tables/spanish.ts';
import { TAMIL_LOCKING, TAMIL_SINGLE } from './tables/tamil.ts';
import { TELUGU_LOCKING, TELUGU_SINGLE } from './tables/telugu.ts';
import { TURKISH_LOCKING, TURKISH_SINGLE } from './tables/turkish.ts';
import { URDU_LOCKING, URDU_SINGLE } from './tables/urdu.ts';

/** A language with national tables. Permit one only where the operator says that its handsets know the tables. */
export type Language =
  | 'turkish'
  | 'spanish'
  | 'portuguese'
  | 'bengali'
  | 'gujarati'
  | 'hindi'
  | 'kannada'
  | 'malayalam'
  | 'oriya'
  | 'punjabi'
  | 'tamil'
  | 'telugu'
  | 'urdu';

/** Rows of a table, see `tables/`. */
export type TableRows = readonly string[];

interface LanguageTables {
  /** National language identifier as it stands in the header elements 0x24 and 0x25. */
  readonly identifier: number;
  /** Absent for Spanish, whose locking table is void (annex A.3.2). */
  readonly locking: TableRows | null;
  readonly single: TableRows;
}

export const LANGUAGES: Readonly<Record<Language, LanguageTables>> = {
  turkish: { identifier: 1, locking: TURKISH_LOCKING, single: TURKISH_SINGLE },
  spanish: { identifier: 2, locking: null, single: SPANISH_SINGLE },
  portuguese: { identifier: 3, locking: PORTUGUESE_LOCKING, single: PORTUGUESE_SINGLE },
  bengali: { identifier: 4, locking: BENGALI_LOCKING, single: BENGALI_SINGLE },
  gujarati: { identifier: 5, locking: GUJARATI_LOCKING, single: GUJARATI_SINGLE },
  hindi: { identifier: 6, locking: HINDI_LOCKING, single: HINDI_SINGLE },
  kannada: { identifier: 7, locking: KANNADA_LOCKING, single: KANNADA_SINGLE },
  malayalam: { identifier: 8, locking: MALAYALAM_LOCKING, single: MALAYALAM_SINGLE },
  oriya: { identifier: 9, locking: ORIYA_LOCKING, single: ORIYA_SINGLE },
  punjabi: { identifier: 10, locking: PUNJABI_LOCKING, single: PUNJABI_SINGLE },
  tamil: { identifier: 11, locking: TAMIL_LOCKING, single: TAMIL_SINGLE },
  telugu: { identifier: 12, locking: TELUGU_LOCKING, single: TELUGU_SINGLE },
  urdu: { identifier: 13, locking: URDU_LOCKING, single: URDU_SINGLE },
};

/** The language with this identifier, or null: reserved identifiers fall back to the default tables. */
export function languageOfIdentifier(identifier: number): Language | null {
  for (const language of Object.keys(LANGUAGES) as Language[]) {
    if (LANGUAGES[language].identifier === identifier) return language;
  }
  return null;
}

/** Rows of the locking table in force: the default alphabet where no language, or one without a table, is named. */
export function lockingRows(language: Language | null): TableRows {
  return (language && LANGUAGES[language].locking) ?? DEFAULT_LOCKING;
}

/** Rows of the single shift table in force: the default extension table where no language is named. */
export function singleRows(language: Language | null): TableRows {
  return language ? LANGUAGES[language].single : DEFAULT_SINGLE;
}
