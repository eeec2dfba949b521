// Which passwords are refused when one is set (NIST SP 800-63B-4 §3.1.1.2, ASVS 5.0 V6.2): too short, too long, common,
// breached, made of the person's own address or our name, or one key after the other. There are no rules of
// composition, nothing expires, and fifteen characters are advised, not asked for.
import type { BreachedPasswords } from './breached-passwords.ts';
import { loadCommonPasswords } from './common-passwords.ts';
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN, readPasswordText } from './password-text.ts';

/** Why a password is refused, with the sentence for the person. None repeats what was typed. */
export const PASSWORD_FAULTS = {
  too_short: `must have at least ${PASSWORD_LENGTH_MIN} characters; 15 or more are better.`,
  too_long: `must have at most ${PASSWORD_LENGTH_MAX} characters.`,
  not_unicode: 'has characters that are no text.',
  common: 'is one of the passwords that are tried first; choose another.',
  breached: 'was found in a list of stolen passwords; choose another.',
  context: 'is made of your address or our name; choose another.',
  repeated: 'repeats the same few characters; choose another.',
  sequence: 'is made of letters, digits or keys in a row; choose another.',
} as const;
export type PasswordFault = keyof typeof PASSWORD_FAULTS;

/** Words somebody who knows the account would try: address, name of the product, host. */
export interface PasswordContext {
  readonly emailAddress?: string;
  readonly words?: readonly string[];
}

export interface PasswordRules {
  /** Why the password may not be set, or null. Never throws for any text; may be repeated. */
  judge(password: string, context?: PasswordContext): Promise<PasswordFault | null>;
}

/** `breached` is the operator's file; without it the common list alone is asked. */
export async function createPasswordRules(breached: BreachedPasswords | null): Promise<PasswordRules> {
  const common = await loadCommonPasswords();
  return {
    async judge(password, context = {}) {
      const read = readPasswordText(password);
      if (read.state !== 'ok') return read.state;
      const lower = read.text.toLowerCase();
      if (isRepeated(lower)) return 'repeated';
      if (isSequence(lower)) return 'sequence';
      if (common.has(lower)) return 'common';
      if (isOfContext(lower, context)) return 'context';
      if (breached === null) return null;
      // Lists hold what was typed; what is normalised differs rarely.
      const texts = new Set([password, read.text]);
      for (const text of texts) if (await breached.has(text)) return 'breached';
      return null;
    },
  };
}

/** Shorter words are in too many good passwords by chance. */
const WORD_LENGTH_MIN = 4;
const WORDS_MAX = 32;
/** What has to be left beside such words. */
const OWN_LENGTH_MIN = 5;

function isOfContext(lower: string, { emailAddress = '', words = [] }: PasswordContext): boolean {
  const all = [emailAddress, ...words].map((word) => word.normalize('NFKC').toLowerCase());
  const parts = all.flatMap((word) => [word, ...word.split('@'), ...word.split(/[^\p{L}\p{N}]+/u)]);
  const known = [...new Set(parts)]
    .filter((word) => word.length >= WORD_LENGTH_MIN)
    .sort((one, other) => other.length - one.length)
    .slice(0, WORDS_MAX);
  let rest = lower;
  for (const word of known) rest = rest.replaceAll(word, '');
  return rest !== lower && [...rest].length < OWN_LENGTH_MIN;
}

/** A unit of up to this many characters, again and again. */
const UNIT_LENGTH_MAX = 4;

function isRepeated(lower: string): boolean {
  const letters = [...lower];
  if (new Set(letters).size <= 2) return true;
  for (let unit = 1; unit <= UNIT_LENGTH_MAX; unit++) {
    if (letters.every((letter, at) => at < unit || letter === letters[at - unit])) return true;
  }
  return false;
}

/** Rows of the usual keyboards; neighbours in one are in a row. */
const KEYBOARD_ROWS = [
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertzuiop',
  'yxcvbnm',
  'azertyuiop',
  'qsdfghjklm',
];
const NEIGHBOURS = new Set(
  KEYBOARD_ROWS.flatMap((row) =>
    [...row].slice(1).flatMap((key, at) => [`${row[at]}${key}`, `${key}${row[at]}`]),
  ),
);

/** Runs of four or more on average: `12345678`, `abcd1234`, `qwertyuiop`, `99998888`. */
function isSequence(lower: string): boolean {
  const letters = [...lower];
  let breaks = 0;
  for (let at = 1; at < letters.length; at++) {
    const [before, after] = [letters[at - 1]!, letters[at]!];
    const step = after.codePointAt(0)! - before.codePointAt(0)!;
    const wraps = (before === '9' && after === '0') || (before === '0' && after === '9');
    if (Math.abs(step) > 1 && !wraps && !NEIGHBOURS.has(before + after)) breaks++;
  }
  return (breaks + 1) * 4 <= letters.length;
}
