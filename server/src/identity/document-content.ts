// What is taken for a document: base64 that says exactly its octets, and octets that begin and end as one of three kinds
// of file do. Nothing is parsed or unpacked: what is inside is read by people, from a file they saved. Pure.
import type { IdentityDocumentMediaType } from '@sotto/contract/identity-checks';
import { identityDocumentBytesMax } from '@sotto/contract/identity-checks';

export type Judged =
  | {
      readonly outcome: 'taken';
      readonly mediaType: IdentityDocumentMediaType;
      readonly octets: Buffer;
    }
  | { readonly outcome: 'not_base64' | 'too_long' | 'no_document' };

/** Decodes and judges what was handed in. Linear in its length. */
export function judgeContent(base64: string): Judged {
  const octets = Buffer.from(base64, 'base64');
  // One spelling only (RFC 4648 §3.5): no blanks, no other alphabet, no bits left over.
  if (octets.length === 0 || octets.toString('base64') !== base64) return { outcome: 'not_base64' };
  if (octets.length > identityDocumentBytesMax) return { outcome: 'too_long' };
  const mediaType = mediaTypeOf(octets);
  return mediaType === null ? { outcome: 'no_document' } : { outcome: 'taken', mediaType, octets };
}

/** By the first and the last octets; null for everything else, and for a file with another one put before or behind. */
export function mediaTypeOf(octets: Buffer): IdentityDocumentMediaType | null {
  if (isPdf(octets)) return 'application/pdf';
  if (isPng(octets)) return 'image/png';
  return isJpeg(octets) ? 'image/jpeg' : null;
}

/** ISO 32000-2 §7.5.2 and §7.5.5: the header at the very beginning, the marker of the end with a line end at most. */
function isPdf(octets: Buffer): boolean {
  const head = octets.subarray(0, 8).toString('latin1');
  const tail = octets.subarray(-8).toString('latin1');
  return /^%PDF-[12]\.\d$/.test(head) && /%%EOF(?:\r|\n|\r\n)?$/.test(tail);
}

/** PNG (W3C, third edition) §5.2, §11.2.1: the signature and an IHDR of 13 octets; §11.2.4: an empty IEND with its CRC. */
const PNG_HEAD = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const PNG_TAIL = Buffer.from('0000000049454e44ae426082', 'hex');
const isPng = (octets: Buffer): boolean =>
  octets.length >= PNG_HEAD.length + PNG_TAIL.length &&
  octets.subarray(0, PNG_HEAD.length).equals(PNG_HEAD) &&
  octets.subarray(-PNG_TAIL.length).equals(PNG_TAIL);

/** ITU-T T.81 B.1.1.3: the marker of the start, another marker of a table, frame, application or comment; and the end's. */
function isJpeg(octets: Buffer): boolean {
  if (octets.length < 6 || octets[0] !== 0xff || octets[1] !== 0xd8 || octets[2] !== 0xff) return false;
  const next = octets[3]!;
  const goesOn =
    (next >= 0xc0 && next <= 0xcf) || next === 0xdb || (next >= 0xe0 && next <= 0xef) || next === 0xfe;
  return goesOn && octets.at(-2) === 0xff && octets.at(-1) === 0xd9;
}
