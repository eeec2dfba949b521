// Requests for help: a conversation with the operator's staff. What was written is answered by the two reads alone; the
// answers of all that changes something hold no text, because what is kept for a repeated request would outlive it.
import * as z from 'zod';
import { idSchema } from './ids.ts';
import { lineSchema } from './line.ts';
import { operation } from './operation.ts';
import { pageOf, pageQueryFields } from './paging.ts';
import { personal } from './personal.ts';
import { TEXT } from './send-message.ts';
import { says } from './sentences.ts';
import { instantSchema } from './time.ts';

export const ticketSubjectLengthMax = 200;
/** UTF-16 code units of one message of a ticket. */
export const ticketTextLengthMax = 5_000;
/** Messages of one ticket. */
export const ticketMessagesMax = 200;

export const ticketTopics = ['account', 'billing', 'messages', 'numbers', 'privacy', 'other'] as const;

const textSentence = says(
  'invalid_request',
  `must be text of 1 to ${ticketTextLengthMax} characters, without NUL and without halves of surrogate pairs.`,
);
const topicSentence = says('invalid_request', `must be one of: ${ticketTopics.join(', ')}.`);

const subjectSchema = personal('content', lineSchema(ticketSubjectLengthMax));
const textSchema = personal(
  'content',
  z
    .string({ error: textSentence })
    .min(1, { error: textSentence })
    .max(ticketTextLengthMax, { error: textSentence })
    .regex(TEXT, { error: textSentence }),
);
const topicSchema = z.enum(ticketTopics, { error: topicSentence });
const channelSchema = z
  .enum(['form', 'mail', 'phone'])
  .describe('How it came. phone: a note of a call, written down by staff.');

const stateFields = {
  id: idSchema('tkt'),
  channel: channelSchema,
  topic: topicSchema,
  state: z
    .enum(['waiting_for_staff', 'waiting_for_customer', 'closed'])
    .describe('Whose turn it is. A reply within 14 days opens a closed ticket again.'),
  created_at: instantSchema,
  first_reply_due_at: instantSchema.describe(
    'When the first answer is due, by the calendar of the operator.',
  ),
  first_replied_at: instantSchema.nullable(),
  last_message_at: instantSchema,
  closed_at: instantSchema.nullable(),
};

export const ticketStateSchema = z
  .strictObject(stateFields)
  .meta({ id: 'TicketState', description: 'How a ticket stands, without a word of it.' });

const subjectField = {
  subject: subjectSchema.nullable().describe('Null once the key of the ticket is destroyed.'),
};

const ticketItemSchema = z.strictObject({ ...stateFields, ...subjectField }).meta({ id: 'TicketItem' });

const ticketMessageSchema = z
  .strictObject({
    id: idSchema('tkm'),
    author: z.enum(['customer', 'staff']),
    channel: channelSchema,
    text: textSchema
      .nullable()
      .describe('As it was written: data, never markup. Null once the key of the ticket is destroyed.'),
    created_at: instantSchema,
  })
  .meta({ id: 'TicketMessage' });

export const conversationFields = {
  ...stateFields,
  ...subjectField,
  messages: z.array(ticketMessageSchema).max(ticketMessagesMax).describe('Oldest first.'),
};

export const ticketSchema = z.strictObject(conversationFields).meta({ id: 'Ticket' });

export const openTicketFields = {
  subject: subjectSchema.describe('What it is about, on one line.'),
  text: textSchema.describe(
    `At most ${ticketTextLengthMax} characters. Leave out codes, passwords and keys.`,
  ),
  topic: topicSchema.default('other'),
};

export const createTicketSchema = z.strictObject(openTicketFields).meta({ id: 'CreateTicket' });
export const replyToTicketSchema = z.strictObject({ text: textSchema }).meta({ id: 'ReplyToTicket' });

export type TicketState = z.output<typeof ticketStateSchema>;
export type TicketItem = z.output<typeof ticketItemSchema>;
export type Ticket = z.output<typeof ticketSchema>;
export type TicketTopic = (typeof ticketTopics)[number];

const shared = { purpose: 'service', feature: 'support_tickets' } as const;
const one = z.strictObject({ id: idSchema('tkt') });

export const listTickets = operation({
  ...shared,
  id: 'tickets.list',
  method: 'GET',
  path: '/v1/tickets',
  scope: 'tickets:read',
  summary: 'List tickets',
  description: 'The requests for help of the workspace, newest first, without their messages.',
  request: { query: z.strictObject(pageQueryFields) },
  responses: { 200: pageOf('TicketPage', ticketItemSchema).describe('One page of tickets.') },
  errors: ['invalid_cursor'],
  idempotent: true,
});

export const createTicket = operation({
  ...shared,
  id: 'tickets.create',
  method: 'POST',
  path: '/v1/tickets',
  scope: 'tickets:write',
  summary: 'Ask for help',
  description:
    'Opens a conversation with the staff of the operator. They see it, and the balance of the workspace, while they ' +
    'hold the ticket, and each look is recorded. At most 20 tickets are open at once.',
  request: { body: createTicketSchema },
  responses: { 201: ticketStateSchema.describe('How the new ticket stands.') },
  errors: ['conflict'],
  idempotent: false,
  examples: {
    body: { subject: 'Receipts are late', text: 'Since Monday they take an hour.', topic: 'messages' },
  },
});

export const getTicket = operation({
  ...shared,
  id: 'tickets.get',
  method: 'GET',
  path: '/v1/tickets/{id}',
  scope: 'tickets:read',
  summary: 'Read a ticket',
  description: 'The whole conversation.',
  request: { params: one },
  responses: { 200: ticketSchema.describe('The ticket with its messages.') },
  errors: [],
  idempotent: true,
});

export const replyToTicket = operation({
  ...shared,
  id: 'tickets.reply',
  method: 'POST',
  path: '/v1/tickets/{id}/reply',
  scope: 'tickets:write',
  summary: 'Reply to a ticket',
  description: `Adds a message. A ticket closed less than 14 days ago opens again; it has at most ${ticketMessagesMax} messages.`,
  request: { params: one, body: replyToTicketSchema },
  responses: { 200: ticketStateSchema.describe('How the ticket stands now.') },
  errors: ['conflict'],
  idempotent: false,
  examples: { body: { text: 'It works again, thank you.' } },
});

export const closeTicket = operation({
  ...shared,
  id: 'tickets.close',
  method: 'POST',
  path: '/v1/tickets/{id}/close',
  scope: 'tickets:write',
  summary: 'Close a ticket',
  description: 'Ends the conversation. Closing a closed ticket changes nothing.',
  request: { params: one },
  responses: { 200: ticketStateSchema.describe('The closed ticket.') },
  errors: [],
  idempotent: true,
});
