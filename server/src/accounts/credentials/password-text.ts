// What counts as one password however it was typed. NIST SP 800-63B-4 §3.1.1.2: Unicode is accepted, each code point
// is one character, and the text is normalised before it is hashed. We take NFKC (UAX #15), so that a full-width or
// composed letter of another keyboard gives the same password. Nothing is trimmed and nothing is cut off.

/** ASVS 5.0 V6.2.1 */
export const PASSWORD_LENGTH_MIN = 8;
/** ASVS 5.0 V6.2.9 asks that at least 64 be accepted; it is bounded so that a request stays cheap. */
export const PASSWORD_LENGTH_MAX = 256;
/** A code point has at most two UTF-16 units, and few have more than two marks: longer texts are not looked at. */
const UNITS_MAX = PASSWORD_LENGTH_MAX * 8;

/**
 * The text to hash, or why it is none. A compatibility character may become many (U+FDFA becomes eighteen), so the
 * least of the lengths before and after counts for the minimum, and the greater for the maximum.
 */
export type PasswordText =
  | { readonly state: 'ok'; readonly text: string }
  | { readonly state: 'too_short' | 'too_long' | 'not_unicode' };

export function readPasswordText(typed: string): PasswordText {
  if (typed.length > UNITS_MAX) return { state: 'too_long' };
  // All lone surrogates become the same U+FFFD in UTF-8: different passwords would be one.
  if (!typed.isWellFormed()) return { state: 'not_unicode' };
  const text = typed.normalize('NFKC');
  const lengths = [[...typed.normalize('NFC')].length, [...text].length];
  if (Math.max(...lengths) > PASSWORD_LENGTH_MAX) return { state: 'too_long' };
  if (Math.min(...lengths) < PASSWORD_LENGTH_MIN) return { state: 'too_short' };
  return { state: 'ok', text };
}
