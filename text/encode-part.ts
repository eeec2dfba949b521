// One part of a segmented message as the octets of an SMPP short_message or of user data on the air.
import { alphabetOf } from './gsm/alphabet.ts';
import { fillBitsAfter, packedOctets, packSeptets } from './gsm/packing.ts';
import { encodeSeptets, writeSeptets } from './gsm/septets.ts';
import type { Segmentation } from './segment.ts';
import { writeSingleOctet } from './single-octet.ts';
import { writeUcs2 } from './ucs2.ts';
import type { Concatenation } from './user-data-header.ts';
import { headerOctets, writeHeader } from './user-data-header.ts';

export interface EncodePartOptions {
  /** Ties the parts together, 0 to 255 or 65,535 by `referenceBits`; needed for several parts with a header. */
  readonly reference?: number;
  /**
   * `header` (the default) puts concatenation into the user data header; `elsewhere` leaves it out, for connectors
   * that state it in SAR parameters. Never both: handsets would show garbage.
   */
  readonly concatenation?: 'header' | 'elsewhere';
  /** Packs septets eight to seven octets, with fill bits after a header. SMPP normally wants them unpacked. */
  readonly packed?: boolean;
}

export interface EncodedPart {
  /** Header, then text. Over SMPP at most 159 octets, for 153 unpacked septets after a header of 6. */
  readonly octets: Uint8Array;
  /** Octets of the header, 0 for none. Above 0 the user data header indicator must be set (esm_class 0x40). */
  readonly headerOctets: number;
  /** Septets of the text, fill bits not counted, for protocols that state the length in septets; else 0. */
  readonly septets: number;
}

/**
 * Encodes part `index` (from 0). Pure; may be repeated. Throws RangeError for an index or reference out of range and
 * for a missing reference: a guessed one would join strangers' parts.
 */
export function encodePart(
  segmentation: Segmentation,
  index: number,
  options: EncodePartOptions = {},
): EncodedPart {
  const { charset, locking, single } = segmentation;
  const part = segmentation.parts[index];
  if (part === undefined) throw new RangeError(`no part ${index} of ${segmentation.parts.length}`);
  const concatenation = concatenationOf(segmentation, index, options);
  const header = headerOctets({
    referenceBits: concatenation ? concatenation.referenceBits : null,
    locking,
    single,
  });
  if (charset === 'gsm7' && options.packed === true) {
    const fillBits = header === 0 ? 0 : fillBitsAfter(header);
    const octets = new Uint8Array(header + packedOctets(part.units, fillBits));
    writeHeader(concatenation, locking, single, octets);
    octets.set(packSeptets(encodeSeptets(part.text, alphabetOf(locking, single)), fillBits), header);
    return { octets, headerOctets: header, septets: part.units };
  }
  const body = charset === 'gsm7' ? part.units : charset === 'ucs2' ? 2 * part.text.length : part.text.length;
  const octets = new Uint8Array(header + body);
  writeHeader(concatenation, locking, single, octets);
  if (charset === 'gsm7') writeSeptets(part.text, alphabetOf(locking, single), octets, header);
  else if (charset === 'ucs2') writeUcs2(part.text, octets, header);
  else writeSingleOctet(part.text, octets, header);
  return { octets, headerOctets: header, septets: charset === 'gsm7' ? part.units : 0 };
}

function concatenationOf(
  segmentation: Segmentation,
  index: number,
  options: EncodePartOptions,
): Concatenation | null {
  const total = segmentation.parts.length;
  if (total === 1 || options.concatenation === 'elsewhere') return null;
  const { referenceBits } = segmentation;
  const { reference } = options;
  if (reference === undefined) throw new RangeError('a message of several parts needs a reference');
  if (!Number.isInteger(reference) || reference < 0 || reference >= 2 ** referenceBits) {
    throw new RangeError(`a reference of ${referenceBits} bits cannot be ${reference}`);
  }
  return { referenceBits, reference, total, sequence: index + 1 };
}
