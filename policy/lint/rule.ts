// A rule of wording: what may not be said, why, and what to write instead.

export const RULE_NAMES = [
  'absolute-security',
  'certification',
  'anonymity',
  'vagueness',
  'promise-in-prose',
] as const;
export type RuleName = (typeof RULE_NAMES)[number];

export interface WordingRule {
  readonly name: RuleName;
  /** Says what is wrong without repeating the text. */
  readonly sentence: string;
  readonly hint: string;
  /** Whether a text says it; the text is one of `plainWords`. */
  readonly says: (words: string) => boolean;
}

/**
 * A pattern, and what may stand right before it to turn the claim into its opposite: "No system is ...". Where Arabic
 * patterns mean any letter they name those of both languages, `[a-z\u0620-\u06d3]`: plain words have no others, and
 * `\p{L}` takes milliseconds to compile, twenty times at every start.
 */
export interface Claim {
  readonly claim: RegExp;
  readonly unless?: RegExp;
}

const ARABIC = /[\u0600-\u06ff]/;
const LATIN = /[a-z]/;

/**
 * Whether a text makes one of the claims in a place where it is not denied. Patterns need the flag `g`. Those in a
 * script the text has no letter of are passed over: compiling them would be half the time a start spends on wording.
 */
export function claims(words: string, list: readonly Claim[]): boolean {
  const [hasArabic, hasLatin] = [ARABIC.test(words), LATIN.test(words)];
  const mayMatch = ({ claim }: Claim) => (ARABIC.test(claim.source) ? hasArabic : hasLatin);
  return list
    .filter(mayMatch)
    .some(({ claim, unless }) =>
      words
        .matchAll(claim)
        .some((match) => unless === undefined || !unless.test(clauseBefore(words, match.index))),
    );
}

const CLAUSE_MAX = 120;

/** The part of the clause that stands before a place. */
const clauseBefore = (words: string, at: number): string =>
  words.slice(Math.max(0, at - CLAUSE_MAX), at).replace(/^.*[.;:!?؛؟]/su, '');
