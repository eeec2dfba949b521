// The whole labelled set, all languages.
import { ARABIC } from './arabic.ts';
import { CHINESE } from './chinese.ts';
import { DUTCH } from './dutch.ts';
import { ENGLISH } from './english.ts';
import { FRENCH } from './french.ts';
import { GERMAN } from './german.ts';
import { HEBREW } from './hebrew.ts';
import { HINDI } from './hindi.ts';
import { INDONESIAN } from './indonesian.ts';
import { ITALIAN } from './italian.ts';
import { JAPANESE } from './japanese.ts';
import { KOREAN } from './korean.ts';
import type { LabelledText } from './labelled-text.ts';
import { PERSIAN } from './persian.ts';
import { POLISH } from './polish.ts';
import { PORTUGUESE } from './portuguese.ts';
import { RUSSIAN } from './russian.ts';
import { SPANISH } from './spanish.ts';
import { THAI } from './thai.ts';
import { TURKISH } from './turkish.ts';
import { UKRAINIAN } from './ukrainian.ts';
import { VIETNAMESE } from './vietnamese.ts';

/** Every labelled text: at least 30 in each of 21 languages, more than a third without a code. */
export const CORPUS: readonly LabelledText[] = [
  ...ARABIC,
  ...CHINESE,
  ...DUTCH,
  ...ENGLISH,
  ...FRENCH,
  ...GERMAN,
  ...HEBREW,
  ...HINDI,
  ...INDONESIAN,
  ...ITALIAN,
  ...JAPANESE,
  ...KOREAN,
  ...PERSIAN,
  ...POLISH,
  ...PORTUGUESE,
  ...RUSSIAN,
  ...SPANISH,
  ...THAI,
  ...TURKISH,
  ...UKRAINIAN,
  ...VIETNAMESE,
];
