// How texts of the environment become values. Each message completes the sentence "SOTTO_X ...", says what is
// wanted, and never repeats the text found, which may be a secret in the wrong place.
import * as z from 'zod';

export const text = z.string();

export const oneOf = <const Words extends readonly [string, ...string[]]>(...words: Words) =>
  z.string().pipe(z.enum(words, { error: `must be one of ${words.join(', ')}` }));

/** A whole number within bounds, both inclusive. */
export const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((number) => number >= min && number <= max, `must be a whole number from ${min} to ${max}`);

export const yesNo = z
  .string()
  .pipe(z.enum(['true', 'false', '1', '0', 'yes', 'no', 'on', 'off'], { error: 'must be true or false' }))
  .transform((word) => ['true', '1', 'yes', 'on'].includes(word));

/** A comma-separated list of words, each once, at least one. */
export const listOf = <const Words extends readonly [string, ...string[]]>(...words: Words) =>
  z
    .string()
    .transform((line) => [
      ...new Set(
        line
          .split(',')
          .map((word) => word.trim())
          .filter(Boolean),
      ),
    ])
    .pipe(
      z
        .array(z.enum(words, { error: `must list some of ${words.join(', ')}` }))
        .min(1, `must list at least one of ${words.join(', ')}`),
    );

const urlOf = (schemes: readonly string[], wanted: string) =>
  z.string().refine((line) => {
    const url = URL.canParse(line) ? new URL(line) : undefined;
    return url !== undefined && schemes.includes(url.protocol);
  }, wanted);

export const postgresUrl = urlOf(
  ['postgres:', 'postgresql:'],
  'must be a postgresql://user:password@host/database address',
);
export const smtpUrl = urlOf(['smtp:', 'smtps:'], 'must be an smtp:// or smtps:// address');

/** An address without path, query or credentials, as an origin: `https://sms.example.com`. */
export const publicUrl = urlOf(['http:', 'https:'], 'must be an http:// or https:// address')
  .refine((line) => {
    const url = URL.canParse(line) ? new URL(line) : undefined;
    return !url || (url.username === '' && url.search === '' && url.hash === '' && url.pathname === '/');
  }, 'must have no path, query, fragment or credentials')
  .transform((line) => (URL.canParse(line) ? new URL(line).origin : line));

const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:.]*:[0-9a-f:.]*)(?:\/\d{1,3})?$/i;

/** Addresses or address blocks, comma-separated. */
export const addressBlocks = z
  .string()
  .transform((line) =>
    line
      .split(',')
      .map((block) => block.trim())
      .filter(Boolean),
  )
  .refine(
    (blocks) => blocks.every((block) => ADDRESS.test(block)),
    'must list addresses or blocks such as 10.0.0.0/8, separated by commas',
  );

/** A secret long enough that it cannot be guessed: 24 characters or more. */
export const token = z
  .string()
  .min(24, 'must have at least 24 characters; make one with: openssl rand -hex 32');
