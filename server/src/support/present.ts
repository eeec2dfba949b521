// Tickets as the API shows them.
import { encodeId } from '@sotto/contract';
import type {
  Ticket as TicketAnswer,
  TicketItem as TicketItemAnswer,
  TicketState as TicketStateAnswer,
} from '@sotto/contract/tickets';
import type { Conversation, Ticket, TitledTicket } from './ticket.ts';

/** How it stands, without a word of it: what changes something answers no more. */
export const presentState = (ticket: Ticket): TicketStateAnswer => ({
  id: encodeId('tkt', ticket.id),
  channel: ticket.channel,
  topic: ticket.topic,
  state: ticket.state,
  created_at: ticket.createdAt.toISOString(),
  first_reply_due_at: ticket.firstReplyDueAt.toISOString(),
  first_replied_at: iso(ticket.firstRepliedAt),
  last_message_at: ticket.lastMessageAt.toISOString(),
  closed_at: iso(ticket.closedAt),
});

export const presentItem = (ticket: TitledTicket): TicketItemAnswer => ({
  ...presentState(ticket),
  subject: ticket.subject,
});

export const presentConversation = (ticket: Conversation): TicketAnswer => ({
  ...presentItem(ticket),
  messages: ticket.messages.map(({ id, author, channel, text, createdAt }) => ({
    id: encodeId('tkm', id),
    author,
    channel,
    text,
    created_at: createdAt.toISOString(),
  })),
});

const iso = (at: Date | null) => at?.toISOString() ?? null;
