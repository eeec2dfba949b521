// What a caller writes to send one message. `check-send-message.ts` decides the same without zod for the hot path,
// and a property test holds the two together: whoever changes one changes both.
import * as z from 'zod';
import { LINE } from './line.ts';
import { personal } from './personal.ts';
import { phoneNumberSchema, senderSchema } from './phone-number.ts';
import { says } from './sentences.ts';
import { instantSaying } from './time.ts';

/** Order of urgency: a one-time code never waits behind the others. */
export const messageClasses = ['otp', 'transactional', 'marketing'] as const;
export type MessageClass = (typeof messageClasses)[number];

/** Wire bound in UTF-16 code units: above ten segments in any alphabet, whose exact number the server decides. */
export const textUnitsMax = 1600;
export const segmentsMax = 10;
export const validitySecondsMin = 60;
/** Three days, which most carriers cap validity at. */
export const validitySecondsMax = 259_200;
export const referenceLengthMax = 100;
export const metadataEntriesMax = 10;
export const metadataKeyLengthMax = 40;
export const metadataValueLengthMax = 200;

/** No NUL, which no handset shows, and no half of a surrogate pair, which has no UTF-8. */
export const TEXT = /^[^\0\p{Cs}]*$/u;

export const sendMessageSentences = {
  text: says('invalid_request', 'must be text without NUL and without halves of surrogate pairs.'),
  textEmpty: says('text_empty', 'must have at least one character.'),
  textTooLong: says(
    'text_too_long',
    `must have at most ${textUnitsMax} characters, and fit ${segmentsMax} segments.`,
  ),
  class: says('invalid_request', `must be one of: ${messageClasses.join(', ')}.`),
  schedule: says('invalid_schedule', 'must be an RFC 3339 time in UTC, such as 2026-11-21T09:30:00Z.'),
  validity: says(
    'invalid_request',
    `must be a whole number of seconds from ${validitySecondsMin} to ${validitySecondsMax}.`,
  ),
  reference: says(
    'invalid_request',
    `must be one line of at most ${referenceLengthMax} characters without control characters.`,
  ),
  metadata: says(
    'invalid_request',
    `must be an object of at most ${metadataEntriesMax} pairs, each key one line of 1 to ${metadataKeyLengthMax} characters.`,
  ),
  metadataValue: says(
    'invalid_request',
    `must be one line of at most ${metadataValueLengthMax} characters without control characters.`,
  ),
} as const;

const sentence = sendMessageSentences;

export const textSchema = personal(
  'content',
  z
    .string({ error: sentence.text })
    .min(1, { error: sentence.textEmpty })
    .max(textUnitsMax, { error: sentence.textTooLong })
    .regex(TEXT, { error: sentence.text })
    .describe(
      `The text. At most ${textUnitsMax} UTF-16 code units and ${segmentsMax} segments; the preview counts them.`,
    ),
);

export const messageClassSchema = z.enum(messageClasses, { error: sentence.class });

const line = (lengthMax: number, error: string) =>
  z.string({ error }).max(lengthMax, { error }).regex(LINE, { error });

const metadataPairs = z
  .record(
    line(metadataKeyLengthMax, sentence.metadata).min(1, { error: sentence.metadata }),
    line(metadataValueLengthMax, sentence.metadataValue),
    { error: sentence.metadata },
  )
  .refine((entries) => Object.keys(entries).length <= metadataEntriesMax, { error: sentence.metadata })
  .meta({ maxProperties: metadataEntriesMax });

/** Kept sealed, as a text is: callers are asked to leave personal data out, and do not always. */
export const metadataSchema = personal('note', metadataPairs);
export const referenceSchema = personal('note', line(referenceLengthMax, sentence.reference));

export const sendMessageSchema = z
  .strictObject({
    to: phoneNumberSchema.describe('The recipient, in E.164 form with a leading +.'),
    text: textSchema,
    from: senderSchema
      .optional()
      .describe('A number or name of the workspace; left out, the route chooses one.'),
    class: messageClassSchema
      .default('transactional')
      .describe(
        'What the message is for. One-time codes go first; marketing needs permission and quiet hours.',
      ),
    scheduled_at: instantSaying(sentence.schedule)
      .optional()
      .describe('When to send, at most a year ahead. Left out: at once.'),
    validity_seconds: z
      .int({ error: sentence.validity })
      .min(validitySecondsMin, { error: sentence.validity })
      .max(validitySecondsMax, { error: sentence.validity })
      .optional()
      .describe('How long carriers may try. Left out: by class.'),
    reference: referenceSchema.optional().describe("The caller's own name for it; keep personal data out."),
    metadata: metadataSchema
      .optional()
      .describe(
        `Up to ${metadataEntriesMax} pairs of text that come back with the message; keep personal data out.`,
      ),
  })
  .meta({ id: 'SendMessage', description: 'One message to one recipient.' });

export type SendMessage = z.output<typeof sendMessageSchema>;
export type SendMessageInput = z.input<typeof sendMessageSchema>;
