// How much text one part holds. User data is 140 octets, the header included (3GPP TS 23.040 §9.2.3.16, §9.2.3.24).
import type { HeaderShape } from './user-data-header.ts';
import { headerOctets } from './user-data-header.ts';

/** Octets of user data in one part. */
export const USER_DATA_OCTETS = 140;

/** The most parts that a concatenation element can count. */
export const PARTS_MAX = 255;

/**
 * How the air carries the text, and so what is counted: `gsm7` septets (extension characters take two), `ucs2`
 * UTF-16 units (characters beyond U+FFFF take two), `latin1` octets.
 */
export type Encoding = 'gsm7' | 'ucs2' | 'latin1';

/** Units that fit into user data after a header of this many octets: septets, UTF-16 units or octets. */
export function unitsAfterHeader(encoding: Encoding, octets: number): number {
  const left = USER_DATA_OCTETS - octets;
  if (encoding === 'ucs2') return left >> 1;
  return encoding === 'latin1' ? left : Math.floor((left * 8) / 7);
}

/**
 * Units that one part holds under a header of this shape. GSM7: 160 alone, 153 and 152 with an 8- and 16-bit
 * reference, 155 with one national table, 152 with two, 149 and 148 with one and a reference, 146 and 145 with two
 * and a reference. UCS-2: 70, 67, 66. Octets: 140, 134, 133.
 */
export function partCapacity(encoding: Encoding, shape: HeaderShape): number {
  return unitsAfterHeader(encoding, headerOctets(shape));
}

/** Parts that binary content of this many octets takes: 140 alone, else 134 or 133 a part. */
export function countBinaryParts(octets: number, referenceBits: 8 | 16 = 8): number {
  if (octets <= USER_DATA_OCTETS) return 1;
  return Math.ceil(octets / partCapacity('latin1', { referenceBits, locking: null, single: null }));
}
