// C-octet strings (SMPP 3.4 §3.1): Latin-1 characters and a NUL.
import { FieldError } from './pdu-fault.ts';

/** The position of the NUL in `start` to `end`, or -1. */
export function findNul(buffer: Buffer, start: number, end: number): number {
  for (let at = start; at < end; at++) if (buffer[at] === 0) return at;
  return -1;
}

/** The characters of `start` to `end`. */
export function readLatin1(buffer: Buffer, start: number, end: number): string {
  return start === end ? '' : buffer.toString('latin1', start, end);
}

/**
 * Writes `text` and its NUL at `at`; gives the position behind. `max` counts the NUL. Throws FieldError for a text
 * that is too long, not Latin-1, or holds a NUL, which would cut it short at the peer (GSM `@` is 0x00).
 */
export function writeCString(
  buffer: Buffer,
  at: number,
  text: string,
  max: number,
  field: string,
  fault: number,
): number {
  const length = text.length;
  if (length >= max) throw new FieldError(field, fault, `is longer than ${max - 1} characters`);
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0 || code > 0xff)
      throw new FieldError(field, fault, 'holds a character that no C-octet string can carry');
    buffer[at + index] = code;
  }
  buffer[at + length] = 0;
  return at + length + 1;
}
