// How codes are made and spelled. Pure but for chance.
import { randomInt } from 'node:crypto';

/** Crockford's base32: no I, L, O and U, which are read as something else. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

const random = (length: number): string =>
  Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');

/** 80 bits: nobody guesses it. */
export const newPromoCode = (): string => random(16);

/** 50 bits: two are never alike, and it is no secret. */
export const newReferralCode = (): string => random(10);

/** The spelling a code is kept and compared in: hyphens and case are for the eye. */
export const spelled = (code: string): string => code.replaceAll('-', '').toUpperCase();
