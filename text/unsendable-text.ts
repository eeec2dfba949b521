// Why a text cannot be turned into message parts.

/**
 * `lone-surrogate`: half of a UTF-16 pair, which no encoding can express and no handset can show.
 * `unencodable`: a character that the encoding asked for lacks.
 * `too-long`: more than 255 parts, the most that a concatenation element can count (3GPP TS 23.040 §9.2.3.24.1).
 */
export type UnsendableReason = 'lone-surrogate' | 'unencodable' | 'too-long';

/** Thrown for a text that cannot be sent as asked. Carries where, never what: texts do not belong in errors. */
export class UnsendableTextError extends Error {
  readonly reason: UnsendableReason;
  /** Index of the UTF-16 unit at fault in the text given. */
  readonly position: number;

  constructor(reason: UnsendableReason, position: number) {
    super(`the text cannot be sent: ${reason} at position ${position}`);
    this.name = 'UnsendableTextError';
    this.reason = reason;
    this.position = position;
  }
}
