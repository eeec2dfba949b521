// A message as the API shows it. States and transitions:
//   scheduled -> accepted | cancelled
//   accepted -> submitting -> submitted -> delivered | partially_delivered | undeliverable | expired | unknown
//   accepted | submitting -> rejected | expired | cancelled (accepted only)
// The right-hand ones are final, except that a late receipt may still decide `unknown`. A status never moves back.
import * as z from 'zod';
import { deliveryErrorSchema } from './delivery-errors.ts';
import { idSchema } from './ids.ts';
import { moneySchema } from './money.ts';
import { pageOf } from './paging.ts';
import { personal } from './personal.ts';
import { phoneNumberSchema } from './phone-number.ts';
import { messageClassSchema, metadataSchema, referenceSchema, segmentsMax } from './send-message.ts';
import { instantSchema } from './time.ts';

export const messageStatuses = [
  'scheduled',
  'accepted',
  'submitting',
  'submitted',
  'delivered',
  'partially_delivered',
  'undeliverable',
  'expired',
  'rejected',
  'cancelled',
  'unknown',
] as const;
export type MessageStatus = (typeof messageStatuses)[number];

/** Statuses after which nothing more happens, but for a late receipt to `unknown`. */
export const finalMessageStatuses = [
  'delivered',
  'partially_delivered',
  'undeliverable',
  'expired',
  'rejected',
  'cancelled',
  'unknown',
] as const satisfies readonly MessageStatus[];

export const messageStatusSchema = z.enum(messageStatuses);

/** A part is one segment, so it is never partially delivered, and its message is scheduled, not it. */
export const partStatuses = messageStatuses.filter(
  (status): status is Exclude<MessageStatus, 'scheduled' | 'partially_delivered'> =>
    status !== 'scheduled' && status !== 'partially_delivered',
);
export type PartStatus = (typeof partStatuses)[number];

/** GSM 03.38 with seven bits a character, or UCS-2 with sixteen. */
export const encodings = ['gsm7', 'ucs2'] as const;
export type Encoding = (typeof encodings)[number];

const acceptedFields = {
  id: idSchema('msg'),
  status: messageStatusSchema,
  to: phoneNumberSchema.nullable().describe('The recipient; null once erased.'),
  from: z.string().nullable().describe('The sender shown; null while the route decides.'),
  encoding: z.enum(encodings),
  segments: z.int().min(1).max(segmentsMax),
  price: moneySchema.describe('For all segments together.'),
  created_at: instantSchema,
};

/** The answer to a send: small, for it is written and kept for every message. */
export const acceptedMessageSchema = z
  .strictObject(acceptedFields)
  .meta({ id: 'AcceptedMessage', description: 'What a message became the moment it was stored.' });

const messageFields = {
  ...acceptedFields,
  class: messageClassSchema,
  reference: referenceSchema.nullable(),
  metadata: metadataSchema.describe('As given; empty when none was.'),
  scheduled_at: instantSchema.nullable(),
  expires_at: instantSchema.describe('Until when carriers may try.'),
  submitted_at: instantSchema.nullable().describe('When the last part was taken by a carrier.'),
  finished_at: instantSchema.nullable().describe('When its status became final.'),
  erased_at: instantSchema.nullable().describe('When content and recipient were erased.'),
  possible_duplicate: z
    .boolean()
    .describe('The link broke while it was handed over and it was sent again, so it may have arrived twice.'),
  error: deliveryErrorSchema.nullable().describe('Why it did not arrive; null otherwise.'),
  test: z.boolean().describe('Sent with a test key: never handed to a carrier, never charged.'),
};

export const messageSchema = z
  .strictObject(messageFields)
  .meta({ id: 'Message', description: 'A message and where it stands.' });

export const messagePartSchema = z
  .strictObject({
    index: z.int().min(1).max(segmentsMax).describe('Which segment, from 1.'),
    status: z.enum(partStatuses),
    carrier_error: z
      .string()
      .nullable()
      .describe("The carrier's own code, such as `0x0000000B` of a response or `027` of a receipt."),
    submitted_at: instantSchema.nullable(),
    finished_at: instantSchema.nullable(),
  })
  .meta({ id: 'MessagePart' });

export const messageEventSchema = z
  .strictObject({ status: messageStatusSchema, at: instantSchema })
  .meta({ id: 'MessageEvent', description: 'One step in the life of a message.' });

export const messageDetailSchema = z
  .strictObject({
    ...messageFields,
    text: personal('content', z.string())
      .nullable()
      .describe('The text while the policy keeps it, null afterwards.'),
    parts: z.array(messagePartSchema).max(segmentsMax).describe('One for each segment.'),
    events: z.array(messageEventSchema).describe('Its history, oldest first.'),
  })
  .meta({ id: 'MessageDetail', description: 'A message with its parts and its history.' });

export const messagePageSchema = pageOf('MessagePage', messageSchema);

export type AcceptedMessage = z.output<typeof acceptedMessageSchema>;
export type Message = z.output<typeof messageSchema>;
export type MessageDetail = z.output<typeof messageDetailSchema>;
export type MessagePart = z.output<typeof messagePartSchema>;
