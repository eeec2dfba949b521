// Recovery codes, for whoever lost the second factor (ASVS 5.0 V6.5.2, NIST SP 800-63B-4 §3.1.2): ten of sixty bits,
// each for one use. They are random enough that a keyed hash protects them; the codes themselves are stored nowhere.
import { randomBytes, timingSafeEqual } from 'node:crypto';

export const RECOVERY_CODES = 10;

/** Crockford's base32: no I, L, O or U, so that nothing is taken for a digit or reads as a word. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const GROUPS = 3;
const GROUP_LENGTH = 4;
/** Five bits each: sixty. */
const LENGTH = GROUPS * GROUP_LENGTH;
/** Longer texts are not looked at; there is room for spaces and hyphens between all letters. */
const TYPED_LENGTH_MAX = 64;

/** Ten new codes in groups, such as `7KQ2-M4XD-0FZR`, all different. Shown once. */
export function makeRecoveryCodes(): string[] {
  const codes = new Set<string>();
  while (codes.size < RECOVERY_CODES) codes.add(makeCode());
  return [...codes];
}

/** The code as it is hashed: capitals without hyphens; null when the text can be none. Never throws. */
export function normalizeRecoveryCode(typed: string): string | null {
  if (typed.length > TYPED_LENGTH_MAX) return null;
  const letters = typed
    .replace(/[\s\u2010-\u2015\u2212-]/g, '')
    .toUpperCase()
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  return letters.length === LENGTH && [...letters].every((letter) => ALPHABET.includes(letter))
    ? letters
    : null;
}

/** The keyed hash of a normalised code under the keyring, for the column that stores it. */
export type Mac = (code: string) => Buffer;

/** What is stored of the codes, in their order. */
export const hashRecoveryCodes = (codes: readonly string[], mac: Mac): Buffer[] =>
  codes.map((code) => mac(normalizeRecoveryCode(code)!));

/**
 * The place of the unused hash that a typed code belongs to, or null. All are compared, each in constant time. `macs`
 * are the hashes the code may have under every epoch of the key. The caller removes that hash, or marks it used, on
 * condition that nobody did: of parallel tries one passes.
 */
export function findRecoveryCode(
  typed: string,
  unused: readonly Buffer[],
  macs: (code: string) => readonly Buffer[],
): number | null {
  const code = normalizeRecoveryCode(typed);
  if (code === null) return null;
  const candidates = macs(code);
  let found: number | null = null;
  unused.forEach((stored, place) => {
    for (const candidate of candidates) {
      if (candidate.length === stored.length && timingSafeEqual(candidate, stored)) found = place;
    }
  });
  return found;
}

function makeCode(): string {
  // 32 divides 256: every letter is as likely as any other.
  const letters = [...randomBytes(LENGTH)].map((octet) => ALPHABET[octet % 32]).join('');
  return letters.match(/.{4}/g)!.join('-');
}
