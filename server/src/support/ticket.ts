// A ticket and its messages as this context gives them out.
import type { TicketTopic } from '@sotto/contract/tickets';
import type { FirstReply, TicketState } from './ticket-states.ts';

export type TicketChannel = 'form' | 'mail' | 'phone';

export interface Ticket {
  readonly id: string;
  /** Null for a mail, whose sender proves nothing. */
  readonly workspaceId: string | null;
  readonly channel: TicketChannel;
  readonly topic: TicketTopic;
  readonly state: TicketState;
  readonly createdAt: Date;
  readonly firstReply: FirstReply;
  readonly firstReplyDueAt: Date;
  readonly firstRepliedAt: Date | null;
  readonly replyDueAt: Date | null;
  readonly lastMessageAt: Date;
  readonly closedAt: Date | null;
}

/** With what it is about; null once its key is destroyed. */
export interface TitledTicket extends Ticket {
  readonly subject: string | null;
}

export interface TicketMessage {
  readonly id: string;
  readonly author: 'customer' | 'staff';
  readonly channel: TicketChannel;
  /** Null once the key of the ticket is destroyed. */
  readonly text: string | null;
  readonly createdAt: Date;
}

export interface Conversation extends TitledTicket {
  /** Oldest first. */
  readonly messages: readonly TicketMessage[];
}

/** Tickets of one workspace that are open at once. */
export const OPEN_TICKETS_MAX = 20;
/** Open tickets of nobody, opened by mail: a flood of mails fills this and nothing else. */
export const OPEN_MAIL_TICKETS_MAX = 2_000;
