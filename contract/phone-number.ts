// Numbers and senders as they travel. The check is of form only: whether a number can exist is decided by the
// server, which knows the numbering plans.
import * as z from 'zod';
import { personal } from './personal.ts';
import { says } from './sentences.ts';

/** ITU-T E.164: at most 15 digits with the country code, which never begins with 0; seven is the shortest in use. */
export const PHONE_NUMBER = /^\+[1-9]\d{6,14}$/;

/**
 * What may stand as sender: a number with or without +, a short code of 3 to 8 digits, or a name of up to 11
 * characters with at least one letter. `@` is left out: it is 0x00 in GSM 03.38 and would end the C-octet string
 * of the address (SMPP 3.4 §5.2.8).
 */
export const SENDER =
  /^(?:\+?[1-9]\d{6,14}|\d{3,8}|(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9&._+'-](?:[A-Za-z0-9 &._+'-]{0,9}[A-Za-z0-9&._+'-])?)$/;

export const phoneNumberSentence = says(
  'invalid_number',
  'must be a phone number in E.164 form with a leading +, such as +4915123456789.',
);
export const senderSentence = says(
  'invalid_sender',
  'must be a number in E.164 form, a short code of 3 to 8 digits, or a name of at most 11 letters and digits.',
);

/** Digits a destination begins with, without +; empty means every destination. */
export const PREFIX = /^(?:[1-9]\d{0,14})?$/;

/** The number of a person: a recipient, or whoever wrote to us. */
export const phoneNumberSchema = personal(
  'number',
  z
    .string({ error: phoneNumberSentence })
    .regex(PHONE_NUMBER, { error: phoneNumberSentence })
    .meta({ examples: ['+4915123456789'] }),
);

export const senderSchema = z
  .string({ error: senderSentence })
  .regex(SENDER, { error: senderSentence })
  .meta({ examples: ['Sotto'] });

export const prefixSchema = z
  .string()
  .regex(PREFIX, {
    error: says(
      'invalid_request',
      'must be the leading digits of a number without +, or empty for every destination.',
    ),
  })
  .meta({ examples: ['4915'] });
