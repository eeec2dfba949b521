// From rows to tickets.
import type { Keyring } from '#privacy';
import type { LockedRow, MessageRow, StateRow, TitledRow } from './ticket.sql.ts';
import type { Ticket, TicketMessage, TitledTicket } from './ticket.ts';
import type { FirstReply, Standing, TicketState } from './ticket-states.ts';
import { openBody, openSubject } from './words.ts';

export const asTicket = (row: StateRow & { readonly reply_due_at?: Date | null }): Ticket => ({
  id: row.id,
  workspaceId: row.workspace_id,
  channel: row.channel as Ticket['channel'],
  topic: row.topic as Ticket['topic'],
  state: row.state as TicketState,
  createdAt: row.created_at,
  firstReply: row.first_reply as FirstReply,
  firstReplyDueAt: row.first_reply_due_at,
  firstRepliedAt: row.first_replied_at,
  replyDueAt: row.reply_due_at ?? null,
  lastMessageAt: row.last_message_at,
  closedAt: row.closed_at,
});

export const standingOf = (row: LockedRow): Standing => ({
  state: row.state as TicketState,
  firstReply: row.first_reply as FirstReply,
  firstReplyDueAt: row.first_reply_due_at,
  firstRepliedAt: row.first_replied_at,
  replyDueAt: row.reply_due_at,
  placeInLine: row.place_in_line,
  closedAt: row.closed_at,
});

/** Needs the words' key loaded. */
export const asTitled = (keyring: Keyring, row: TitledRow): TitledTicket => ({
  ...asTicket(row),
  subject: openSubject(keyring, row.id, row.subject),
});

/** Needs the words' key loaded. */
export const asMessage = (keyring: Keyring, ticketId: string, row: MessageRow): TicketMessage => ({
  id: row.id,
  author: row.author as TicketMessage['author'],
  channel: row.channel as TicketMessage['channel'],
  text: openBody(keyring, ticketId, row.id, row.body),
  createdAt: row.created_at,
});
