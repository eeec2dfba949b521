// Operations on messages: send, watch, stop, erase.
import * as z from 'zod';
import { noContent } from './bodies.ts';
import { idSchema } from './ids.ts';
import {
  acceptedMessageSchema,
  messageDetailSchema,
  messagePageSchema,
  messageSchema,
  messageStatusSchema,
} from './message.ts';
import { batchAnswerSchema, batchBytesMax, messageBatchSchema } from './message-batch.ts';
import { messagePreviewSchema } from './message-preview.ts';
import { operation } from './operation.ts';
import { pageBodyFields, pageQueryFields } from './paging.ts';
import { phoneNumberSchema } from './phone-number.ts';
import { sendMessageSchema } from './send-message.ts';
import { instantSchema } from './time.ts';

const params = z.strictObject({ id: idSchema('msg') });

const refusals = [
  'invalid_number',
  'invalid_sender',
  'text_empty',
  'text_too_long',
  'class_mismatch',
  'invalid_schedule',
  'unreachable_destination',
  'no_price',
  'recipient_opted_out',
  'feature_off',
] as const;

const exampleMessage = { to: '+4915123456789', text: 'Your code is 481516.', class: 'otp' };

export const sendMessage = operation({
  id: 'messages.send',
  feature: 'messages',
  method: 'POST',
  path: '/v1/messages',
  scope: 'messages:send',
  summary: 'Send a message',
  description:
    'Stores the message, reserves its price and queues it, all or nothing, before it answers. The answer means ' +
    'that the message is on disk, not that it has arrived: read its status, or subscribe to its events.',
  purpose: 'delivery',
  request: { body: sendMessageSchema },
  responses: { 202: acceptedMessageSchema.describe('Stored and queued.') },
  errors: [...refusals, 'insufficient_funds', 'restricted'],
  idempotent: false,
  examples: {
    body: exampleMessage,
    answer: {
      id: 'msg_01jd3rh8e7fv2r0kqvw4m9xt5c',
      status: 'accepted',
      to: '+4915123456789',
      from: 'Sotto',
      encoding: 'gsm7',
      segments: 1,
      price: { amount: '0.0075', currency: 'EUR' },
      created_at: '2026-11-21T09:30:00.000000Z',
    },
  },
});

export const sendMessageBatch = operation({
  id: 'messages.batch',
  feature: 'messages',
  method: 'POST',
  path: '/v1/messages/batch',
  scope: 'messages:send',
  summary: 'Send up to 10,000 messages',
  description:
    'Each message is decided alone. The answer lists them in the order of the request, each with the message ' +
    'stored or the reason why not. With an Idempotency-Key the batch is one request: repeated, it sends nothing again.',
  purpose: 'delivery',
  request: { body: messageBatchSchema },
  responses: { 202: batchAnswerSchema.describe('Decided; look at each outcome.') },
  errors: ['restricted'],
  idempotent: false,
  bodyBytesMax: batchBytesMax,
  examples: { body: { messages: [exampleMessage] } },
});

export const previewMessage = operation({
  id: 'messages.preview',
  feature: 'messages',
  method: 'POST',
  path: '/v1/messages/preview',
  scope: 'messages:send',
  summary: 'Preview a message',
  description: 'Alphabet, segments and price of what would be sent. Stores, charges and sends nothing.',
  purpose: 'service',
  request: { body: sendMessageSchema },
  responses: { 200: messagePreviewSchema.describe('What would be sent.') },
  errors: refusals,
  idempotent: true,
  examples: { body: exampleMessage },
});

export const listMessages = operation({
  id: 'messages.list',
  feature: 'messages',
  method: 'GET',
  path: '/v1/messages',
  scope: 'messages:read',
  summary: 'List messages',
  description: 'Newest first. To look for a number use the search, which keeps it out of addresses and logs.',
  purpose: 'service',
  request: {
    query: z.strictObject({
      status: messageStatusSchema.optional().describe('Only messages in this status.'),
      created_after: instantSchema.optional().describe('Only messages created at or after this time.'),
      created_before: instantSchema.optional().describe('Only messages created before this time.'),
      ...pageQueryFields,
    }),
  },
  responses: { 200: messagePageSchema.describe('One page of messages.') },
  errors: ['invalid_cursor'],
  idempotent: true,
});

export const searchMessages = operation({
  id: 'messages.search',
  feature: 'messages',
  method: 'POST',
  path: '/v1/messages/search',
  scope: 'messages:read',
  summary: 'Find messages to a number',
  description:
    'Newest first. The number travels in the body, never in an address. Erased messages are not found.',
  purpose: 'service',
  request: {
    body: z.strictObject({ to: phoneNumberSchema, ...pageBodyFields }).meta({ id: 'MessageSearch' }),
  },
  responses: { 200: messagePageSchema.describe('One page of messages.') },
  errors: ['invalid_number', 'invalid_cursor'],
  idempotent: true,
  examples: { body: { to: '+4915123456789', limit: 20 } },
});

export const getMessage = operation({
  id: 'messages.get',
  feature: 'messages',
  method: 'GET',
  path: '/v1/messages/{id}',
  scope: 'messages:read',
  summary: 'Read a message',
  description: 'With its parts and its history. The text is there only while the privacy policy keeps it.',
  purpose: 'service',
  request: { params },
  responses: { 200: messageDetailSchema.describe('The message.') },
  errors: [],
  idempotent: true,
});

export const cancelMessage = operation({
  id: 'messages.cancel',
  feature: 'messages',
  method: 'POST',
  path: '/v1/messages/{id}/cancel',
  scope: 'messages:send',
  summary: 'Cancel a message',
  description:
    'Stops a message no carrier has taken yet and releases its price. Cancelling twice changes nothing.',
  purpose: 'delivery',
  request: { params },
  responses: { 200: messageSchema.describe('The cancelled message.') },
  errors: ['not_cancellable', 'already_final'],
  idempotent: true,
});

export const deleteMessage = operation({
  id: 'messages.delete',
  feature: 'messages',
  method: 'DELETE',
  path: '/v1/messages/{id}',
  scope: 'messages:erase',
  summary: 'Erase a message',
  description:
    'Erases content and recipient now, for good. What remains is its status, its parts and what it cost. A message ' +
    'still waiting to be sent must be cancelled first.',
  purpose: 'service',
  request: { params },
  responses: { 204: noContent },
  errors: ['conflict'],
  idempotent: true,
});
