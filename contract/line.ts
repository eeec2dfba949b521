// Short texts that people give to things: names, references, reasons.
import * as z from 'zod';
import { says } from './sentences.ts';

/** One line of text: no control characters and no halves of surrogate pairs, for it ends up in tables of others. */
export const LINE = /^[^\p{Cc}\p{Cs}]*$/u;

/** A name or note of 1 to `lengthMax` characters on one line. */
export function lineSchema(lengthMax: number) {
  const error = says('invalid_request', `must be one line of 1 to ${lengthMax} characters.`);
  return z.string({ error }).min(1, { error }).max(lengthMax, { error }).regex(LINE, { error });
}
