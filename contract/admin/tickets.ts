// Requests for help as staff see them: a line of ids and times, and one conversation at a time for whoever took it.
import * as z from 'zod';
import { idSchema } from '../ids.ts';
import { moneySchema } from '../money.ts';
import { operation } from '../operation.ts';
import { pageOf, pageQueryFields } from '../paging.ts';
import {
  conversationFields,
  openTicketFields,
  replyToTicketSchema,
  ticketMessagesMax,
  ticketStateSchema,
} from '../tickets.ts';
import { instantSchema } from '../time.ts';

const shared = { scope: 'admin:tickets', purpose: 'service', feature: 'support_tickets' } as const;
const one = z.strictObject({ id: idSchema('tkt') });

const waitingTicketSchema = z
  .strictObject({
    ...ticketStateSchema.shape,
    reply_due_at: instantSchema.describe('When the next answer is due.'),
    overdue: z.boolean().describe('That time has passed.'),
    taken_until: instantSchema.nullable().describe('Somebody reads it until then; null while nobody does.'),
  })
  .meta({ id: 'WaitingTicket', description: 'A ticket that waits for staff, without a word of it.' });

export const accessWindowSchema = z
  .strictObject({ ticket_id: idSchema('tkt'), ends_at: instantSchema })
  .meta({ id: 'AccessWindow', description: 'Until when whoever took a ticket may read it.' });

const staffTicketSchema = z
  .strictObject({
    ...conversationFields,
    customer: z
      .strictObject({
        workspace_id: idSchema('wrk'),
        available: moneySchema,
        held: moneySchema.describe('Set aside for messages under way.'),
      })
      .nullable()
      .describe('Null where nobody has proved who asks, as by mail.'),
    taken_until: instantSchema,
  })
  .meta({ id: 'StaffTicket' });

export type WaitingTicket = z.output<typeof waitingTicketSchema>;
export type AccessWindow = z.output<typeof accessWindowSchema>;
export type StaffTicket = z.output<typeof staffTicketSchema>;

export const listWaitingTickets = operation({
  ...shared,
  id: 'admin.tickets.list',
  method: 'GET',
  path: '/v1/admin/tickets',
  summary: 'List tickets that wait for staff',
  description:
    'The one whose answer is due first comes first. Ids, times, state and topic: no word of anybody.',
  request: { query: z.strictObject(pageQueryFields) },
  responses: { 200: pageOf('WaitingTicketPage', waitingTicketSchema).describe('One page of tickets.') },
  errors: ['invalid_cursor'],
  idempotent: true,
});

export const openTicketByPhone = operation({
  ...shared,
  id: 'admin.tickets.create',
  method: 'POST',
  path: '/v1/admin/tickets',
  summary: 'Open a ticket from a call',
  description: 'Writes down what a customer said on the telephone. The clock of the first answer starts.',
  request: {
    body: z
      .strictObject({ workspace_id: idSchema('wrk'), ...openTicketFields })
      .meta({ id: 'CreateTicketByPhone' }),
  },
  responses: { 201: ticketStateSchema.describe('How the new ticket stands.') },
  errors: ['conflict', 'not_found'],
  idempotent: false,
  examples: {
    body: {
      workspace_id: 'wrk_01jd3rh8e7fv2r0kqvw4m9xt5c',
      subject: 'Call about receipts',
      text: 'Receipts have been late since Monday.',
      topic: 'messages',
    },
  },
});

export const takeTicket = operation({
  ...shared,
  id: 'admin.tickets.take',
  method: 'POST',
  path: '/v1/admin/tickets/{id}/take',
  summary: 'Take a ticket',
  description:
    'Opens a window of 60 minutes in which the calling key alone may read the ticket and answer; taking it again ' +
    'begins another 60 minutes. It ends when the ticket closes. Recorded in the audit trail.',
  request: { params: one },
  responses: { 200: accessWindowSchema.describe('The window.') },
  errors: ['conflict'],
  idempotent: true,
});

export const readTicketAsStaff = operation({
  ...shared,
  id: 'admin.tickets.get',
  method: 'GET',
  path: '/v1/admin/tickets/{id}',
  summary: 'Read a ticket that one has taken',
  description:
    'The conversation and the few facts it is answered with. Each reading is recorded in the audit trail.',
  request: { params: one },
  responses: { 200: staffTicketSchema.describe('The ticket.') },
  errors: ['forbidden', 'restricted'],
  idempotent: true,
});

export const answerTicket = operation({
  ...shared,
  id: 'admin.tickets.reply',
  method: 'POST',
  path: '/v1/admin/tickets/{id}/reply',
  summary: 'Answer a ticket that one has taken',
  description: `The customer sees the answer and the ticket waits for them. At most ${ticketMessagesMax} messages.`,
  request: { params: one, body: replyToTicketSchema },
  responses: { 200: ticketStateSchema.describe('How the ticket stands now.') },
  errors: ['conflict', 'forbidden', 'restricted'],
  idempotent: false,
  examples: { body: { text: 'The carrier has mended it; receipts are on time again.' } },
});

export const noteCall = operation({
  ...shared,
  id: 'admin.tickets.note',
  method: 'POST',
  path: '/v1/admin/tickets/{id}/note',
  summary: 'Note a call about a ticket that one has taken',
  description: 'Writes down a telephone call. The customer sees the note; whose turn it is stays as it is.',
  request: { params: one, body: replyToTicketSchema },
  responses: { 200: ticketStateSchema.describe('How the ticket stands now.') },
  errors: ['conflict', 'forbidden', 'restricted'],
  idempotent: false,
  examples: { body: { text: 'Called back; the customer will send an example.' } },
});

export const closeTicketAsStaff = operation({
  ...shared,
  id: 'admin.tickets.close',
  method: 'POST',
  path: '/v1/admin/tickets/{id}/close',
  summary: 'Close a ticket that one has taken',
  description: 'Ends the conversation and the window. Needs a window, as reading does.',
  request: { params: one },
  responses: { 200: ticketStateSchema.describe('The closed ticket.') },
  errors: ['forbidden'],
  idempotent: true,
});
