// ISO 8859-1 and ASCII (IA5), for connectors whose default alphabet (data_coding 0) is one of them, and for
// data_coding 1 and 3 (SMPP 3.4 §5.2.19).
import { UnsendableTextError } from './unsendable-text.ts';

/** The single-octet charsets. */
export type SingleOctetCharset = 'latin1' | 'ascii';

/** Highest code point of each charset. */
const HIGHEST: Readonly<Record<SingleOctetCharset, number>> = { latin1: 0xff, ascii: 0x7f };

/** Whether the charset has this UTF-16 unit. */
export function fitsSingleOctet(unit: number, charset: SingleOctetCharset): boolean {
  return unit <= HIGHEST[charset];
}

/** Position of the first character that the charset lacks, or -1. */
export function findOutside(text: string, charset: SingleOctetCharset): number {
  const highest = HIGHEST[charset];
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > highest) return i;
  return -1;
}

/** Writes `text`, known to fit, into `into` from `offset` and answers the offset after it. */
export function writeSingleOctet(text: string, into: Uint8Array, offset: number): number {
  for (let i = 0; i < text.length; i++) into[offset + i] = text.charCodeAt(i);
  return offset + text.length;
}

/** One octet a character. Throws `UnsendableTextError` (`unencodable`) at the first character outside the charset. */
export function encodeSingleOctet(text: string, charset: SingleOctetCharset): Uint8Array {
  const outside = findOutside(text, charset);
  if (outside >= 0) throw new UnsendableTextError('unencodable', outside);
  const octets = new Uint8Array(text.length);
  writeSingleOctet(text, octets, 0);
  return octets;
}

/** Text of octets; never throws. An octet that the charset does not define (ASCII above 0x7F) becomes U+FFFD. */
export function decodeSingleOctet(octets: Uint8Array, charset: SingleOctetCharset): string {
  const highest = HIGHEST[charset];
  let text = '';
  for (const octet of octets) text += octet > highest ? '\ufffd' : String.fromCharCode(octet);
  return text;
}
