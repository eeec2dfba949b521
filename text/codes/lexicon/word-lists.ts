// What the words of a text say about the numbers in it. Lists are strings of entries separated by `|`.
//
// An entry matches from the start of a word in scripts that separate words (Latin, Cyrillic), and anywhere in others,
// where particles stick to words (Arabic, Hebrew, Devanagari, Thai, Chinese, Japanese, Korean). Endings are free, so
// stems serve for inflected forms. `*` before an entry lets it match anywhere (compounds), `^` only from the start of a
// word, `$` after it only at the end of one.

/** The kinds of meaning that words can lend to a number. */
export type WordKind =
  /** Names a one-time code. */
  | 'code'
  /** Asks to do what one does with a code. */
  | 'action'
  /** Asks to keep something secret. */
  | 'secrecy'
  /** Tells what has happened, such as a password changed: texts with codes ask instead. */
  | 'notice'
  /** Names a code for shoppers, which is not a one-time code. */
  | 'promotion'
  /** Names another kind of number, and stands before it. */
  | 'label'
  /** The same, standing after the number. */
  | 'label-after'
  /** Money, before or after the number. */
  | 'money'
  /** A measure after the number. */
  | 'measure'
  /** A span of time after a number: how long a code lives. */
  | 'duration';

/** Words of one language or of a group that shares them. */
export type WordList = Readonly<Partial<Record<WordKind, string>>>;
