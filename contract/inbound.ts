// Texts that arrived on the workspace's standing numbers.
import * as z from 'zod';
import { idSchema } from './ids.ts';
import { operation } from './operation.ts';
import { pageOf, pageQueryFields } from './paging.ts';
import { personal } from './personal.ts';
import { phoneNumberSchema } from './phone-number.ts';
import { instantSchema } from './time.ts';

export const inboundMessageSchema = z
  .strictObject({
    id: idSchema('inb'),
    from: personal('number', z.string())
      .nullable()
      .describe('Who wrote: a number, short code or name as the carrier gave it; null once erased.'),
    to: phoneNumberSchema.describe('The number of the workspace it came to.'),
    text: personal('content', z.string())
      .nullable()
      .describe('The text while the policy keeps it, null afterwards.'),
    segments: z.int().min(1).max(255),
    complete: z.boolean().describe('False when parts of a long text did not arrive in time.'),
    code: personal('content', z.string())
      .nullable()
      .describe('The one-time code found in the text; null when there is none or it is unsure.'),
    received_at: instantSchema,
    retention: z
      .enum(['stored', 'memory'])
      .describe(
        'Where the text is: stored, sealed, for as long as the policy says; or in memory alone, where it ends a minute after it was read, after twenty minutes unread, or when the process ends.',
      ),
  })
  .meta({ id: 'InboundMessage', description: 'A text that arrived.' });

export type InboundMessage = z.output<typeof inboundMessageSchema>;

export const getInbound = operation({
  id: 'inbound.get',
  feature: 'inbound',
  method: 'GET',
  path: '/v1/inbound/{id}',
  scope: 'inbound:read',
  summary: 'Get a text that arrived',
  description:
    'One text. Where the policy keeps texts until they were read, this is a reading, as in the list.',
  purpose: 'service',
  request: { params: z.strictObject({ id: idSchema('inb') }) },
  responses: { 200: inboundMessageSchema.describe('The text.') },
  errors: ['feature_off'],
  idempotent: true,
});

export const listInbound = operation({
  id: 'inbound.list',
  feature: 'inbound',
  method: 'GET',
  path: '/v1/inbound',
  scope: 'inbound:read',
  summary: 'List texts that arrived',
  description:
    'Newest first, only those that came while the number was assigned to the workspace. Where the policy keeps texts until they were read, this is the reading: a text stays readable for a minute after it was first listed, and an answer that got lost can be asked for again within it.',
  purpose: 'service',
  request: {
    query: z.strictObject({
      received_after: instantSchema.optional().describe('Only texts received at or after this time.'),
      received_before: instantSchema.optional().describe('Only texts received before this time.'),
      ...pageQueryFields,
    }),
  },
  responses: { 200: pageOf('InboundMessagePage', inboundMessageSchema).describe('One page of texts.') },
  errors: ['invalid_cursor', 'feature_off'],
  idempotent: true,
});
