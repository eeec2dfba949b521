// What a field must be, in words a caller reads, tied to the stable code it fails with. zod's own checks carry
// a message and nothing else, so the code is found again by the message.
import type { ErrorCode } from './errors.ts';

const codes = new Map<string, ErrorCode>();

/**
 * Declares a sentence that completes "`field` ...", such as "must be ...". It never quotes the value refused:
 * a value may be a number or a text of a person, and error texts reach logs (ARCHITECTURE, invariant 6).
 */
export function says(code: ErrorCode, sentence: string): string {
  codes.set(sentence, code);
  return sentence;
}

/** The code a declared sentence stands for, or undefined when zod wrote the message itself. */
export const codeOfSentence = (sentence: string): ErrorCode | undefined => codes.get(sentence);
