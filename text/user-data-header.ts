// The user data header, 3GPP TS 23.040 §9.2.3.24: a length octet, then elements of identifier, length and value.
// Only the elements that shape text are written here: concatenation and national tables.
import type { Language } from './gsm/languages.ts';
import { LANGUAGES, languageOfIdentifier } from './gsm/languages.ts';

/** Element identifiers, 3GPP TS 23.040 §9.2.3.24. */
const CONCATENATION_8 = 0x00;
const CONCATENATION_16 = 0x08;
const SINGLE_SHIFT = 0x24;
const LOCKING_SHIFT = 0x25;

/** Width of the reference that ties the parts of one message together. */
export type ReferenceBits = 8 | 16;

/** Which part of which message this is. */
export interface Concatenation {
  readonly referenceBits: ReferenceBits;
  /** 0 to 255 or 65,535. References wrap and collide: match them together with sender and recipient. */
  readonly reference: number;
  /** Parts of the message, 1 to 255. */
  readonly total: number;
  /** This part, 1 to `total`. */
  readonly sequence: number;
}

export interface HeaderShape {
  /** Null for a message of one part, or where the connector states concatenation elsewhere (SAR parameters). */
  readonly referenceBits: ReferenceBits | null;
  readonly locking: Language | null;
  readonly single: Language | null;
}

/** Octets of the header with its length octet; 0 where no element is needed. */
export function headerOctets(shape: HeaderShape): number {
  let octets = 0;
  if (shape.referenceBits === 8) octets += 5;
  if (shape.referenceBits === 16) octets += 6;
  if (shape.locking !== null) octets += 3;
  if (shape.single !== null) octets += 3;
  return octets === 0 ? 0 : octets + 1;
}

/** Writes the header into `into` from its start and answers the offset after it. */
export function writeHeader(
  concatenation: Concatenation | null,
  locking: Language | null,
  single: Language | null,
  into: Uint8Array,
): number {
  const referenceBits = concatenation ? concatenation.referenceBits : null;
  const octets = headerOctets({ referenceBits, locking, single });
  if (octets === 0) return 0;
  let at = 0;
  into[at++] = octets - 1;
  if (concatenation !== null) {
    const wide = concatenation.referenceBits === 16;
    into[at++] = wide ? CONCATENATION_16 : CONCATENATION_8;
    into[at++] = wide ? 4 : 3;
    if (wide) into[at++] = concatenation.reference >> 8;
    into[at++] = concatenation.reference & 0xff;
    into[at++] = concatenation.total;
    into[at++] = concatenation.sequence;
  }
  if (single !== null) at = writeShift(SINGLE_SHIFT, single, into, at);
  if (locking !== null) at = writeShift(LOCKING_SHIFT, locking, into, at);
  return at;
}

function writeShift(element: number, language: Language, into: Uint8Array, at: number): number {
  into[at] = element;
  into[at + 1] = 1;
  into[at + 2] = LANGUAGES[language].identifier;
  return at + 3;
}

export interface UserDataHeader {
  /** Octets of the header, its length octet included. */
  readonly octets: number;
  /** Null where there is none or its numbers make no sense (sequence 0 or above the total, total 0). */
  readonly concatenation: Concatenation | null;
  readonly locking: Language | null;
  readonly single: Language | null;
}

/**
 * Reads the header at the start of user data. All elements are read, in whatever order; unknown ones are skipped; of
 * two of a kind the last one counts (3GPP TS 23.040 §9.2.3.24). Null if the header does not fit the octets given:
 * then nothing in them can be trusted to be text. Never throws.
 */
export function readHeader(userData: Uint8Array): UserDataHeader | null {
  const length = userData[0];
  if (length === undefined || length + 1 > userData.length) return null;
  let concatenation: Concatenation | null = null;
  let locking: Language | null = null;
  let single: Language | null = null;
  let at = 1;
  while (at + 1 <= length) {
    const element = userData[at]!;
    const size = userData[at + 1]!;
    const start = at + 2;
    if (start + size > length + 1) return null;
    if (element === CONCATENATION_8 && size === 3) {
      concatenation = concatenationOf(8, userData[start]!, userData[start + 1]!, userData[start + 2]!);
    } else if (element === CONCATENATION_16 && size === 4) {
      const reference = (userData[start]! << 8) | userData[start + 1]!;
      concatenation = concatenationOf(16, reference, userData[start + 2]!, userData[start + 3]!);
    } else if (element === SINGLE_SHIFT && size === 1) {
      single = languageOfIdentifier(userData[start]!);
    } else if (element === LOCKING_SHIFT && size === 1) {
      locking = languageOfIdentifier(userData[start]!);
    }
    at = start + size;
  }
  return { octets: length + 1, concatenation, locking, single };
}

function concatenationOf(
  referenceBits: ReferenceBits,
  reference: number,
  total: number,
  sequence: number,
): Concatenation | null {
  if (total === 0 || sequence === 0 || sequence > total) return null;
  return { referenceBits, reference, total, sequence };
}
