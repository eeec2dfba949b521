// E-mail addresses as they travel. The check is of form only, and coarse: the server reads the address and refuses
// what is malformed, invisible or made to be mistaken for another.
import * as z from 'zod';
import { personal } from './personal.ts';
import { says } from './sentences.ts';

/** RFC 5321 §4.5.3.1: a local part of at most 64 octets, an address of 254. */
const LENGTH_MAX = 254;
const EMAIL = /^[^\s@"(),:;<>[\\\]]{1,64}@[^\s@"(),:;<>[\\\]]+\.[^\s@"(),:;<>[\\\].]{2,}$/;

const emailSentence = says(
  'invalid_request',
  'must be an e-mail address of at most 254 characters, such as person@example.com.',
);

/** The address of a person. */
export const emailSchema = personal(
  'email',
  z
    .string({ error: emailSentence })
    .max(LENGTH_MAX, { error: emailSentence })
    .regex(EMAIL, { error: emailSentence })
    .meta({ examples: ['person@example.com'] }),
);
