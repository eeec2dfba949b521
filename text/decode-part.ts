// What arrived in one part: its header and its text. Reads what strangers sent, so it never throws.
import type { Charset } from './choose-encoding.ts';
import { alphabetOf } from './gsm/alphabet.ts';
import { fillBitsAfter, unpackSeptets } from './gsm/packing.ts';
import { decodeSeptets } from './gsm/septets.ts';
import { decodeSingleOctet } from './single-octet.ts';
import { decodeUcs2 } from './ucs2.ts';
import type { Concatenation } from './user-data-header.ts';
import { readHeader } from './user-data-header.ts';

export interface DecodePartOptions {
  /** How the connector wrote the characters, from data_coding and its default alphabet. */
  readonly charset: Charset;
  /** Whether the user data header indicator was set (esm_class 0x40). */
  readonly hasHeader: boolean;
  /** Whether septets are packed. */
  readonly packed?: boolean;
  /** Septets of the text where the protocol states them, header and fill bits not counted; packed text only. */
  readonly septets?: number;
}

export interface DecodedPart {
  readonly text: string;
  /** Octets of the text alone, for joining parts of UCS-2 before decoding. */
  readonly body: Uint8Array;
  readonly concatenation: Concatenation | null;
  /** False if a header was announced but does not fit the octets; all octets are then read as text. */
  readonly headerIntact: boolean;
}

/** Decodes one part. Undecodable octets become U+FFFD; see the decoders for the rest. */
export function decodePart(octets: Uint8Array, options: DecodePartOptions): DecodedPart {
  const header = options.hasHeader ? readHeader(octets) : null;
  const start = header === null ? 0 : header.octets;
  const body = octets.subarray(start);
  return {
    text: decodeBody(body, start, options, header),
    body,
    concatenation: header === null ? null : header.concatenation,
    headerIntact: header !== null || !options.hasHeader,
  };
}

function decodeBody(
  body: Uint8Array,
  headerOctets: number,
  options: DecodePartOptions,
  header: ReturnType<typeof readHeader>,
): string {
  if (options.charset === 'ucs2') return decodeUcs2(body);
  if (options.charset !== 'gsm7') return decodeSingleOctet(body, options.charset);
  const fillBits = headerOctets === 0 ? 0 : fillBitsAfter(headerOctets);
  const septets = options.packed === true ? unpackSeptets(body, fillBits, options.septets) : body;
  return decodeSeptets(septets, alphabetOf(header?.locking ?? null, header?.single ?? null));
}
