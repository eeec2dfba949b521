// UCS-2 as networks carry it: UTF-16, high octet first, without byte order mark. Characters beyond U+FFFF travel as
// surrogate pairs, which handsets of this century join.
import { UnsendableTextError } from './unsendable-text.ts';

/** Whether a UTF-16 unit is the first half of a pair. */
export function isHighSurrogate(unit: number): boolean {
  return (unit & 0xfc00) === 0xd800;
}

/** Whether a UTF-16 unit is the second half of a pair. */
export function isLowSurrogate(unit: number): boolean {
  return (unit & 0xfc00) === 0xdc00;
}

/** Position of the first surrogate without its other half, or -1. Such a text is invalid and is never sent. */
export function findLoneSurrogate(text: string): number {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if ((unit & 0xf800) !== 0xd800) continue;
    if (isLowSurrogate(unit)) return i;
    if (i + 1 >= text.length || !isLowSurrogate(text.charCodeAt(i + 1))) return i;
    i++;
  }
  return -1;
}

/** Writes `text` as UTF-16BE into `into` from `offset` and answers the offset after it. The text is not checked. */
export function writeUcs2(text: string, into: Uint8Array, offset: number): number {
  let at = offset;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    into[at++] = unit >> 8;
    into[at++] = unit & 0xff;
  }
  return at;
}

/** UTF-16BE octets of `text`. Throws `UnsendableTextError` (`lone-surrogate`) with its position. */
export function encodeUcs2(text: string): Uint8Array {
  const lone = findLoneSurrogate(text);
  if (lone >= 0) throw new UnsendableTextError('lone-surrogate', lone);
  const octets = new Uint8Array(2 * text.length);
  writeUcs2(text, octets, 0);
  return octets;
}

/**
 * Text of UTF-16BE octets. Never throws: lone surrogates and a stray last octet become U+FFFD. A part of a
 * concatenated message that a sloppy sender cut inside a pair should be joined as octets before it is decoded.
 */
export function decodeUcs2(octets: Uint8Array): string {
  let text = '';
  for (let i = 0; i + 1 < octets.length; i += 2) {
    text += String.fromCharCode((octets[i]! << 8) | octets[i + 1]!);
  }
  if (octets.length % 2 === 1) text += '\ufffd';
  return text.toWellFormed();
}
