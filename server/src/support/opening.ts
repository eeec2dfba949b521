// Opening a ticket and adding to one: what all channels share.
import type { TicketTopic } from '@sotto/contract/tickets';
import { ticketMessagesMax } from '@sotto/contract/tickets';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import type { Keyring } from '#privacy';
import { type ReplyTerms, replyDueAt } from './first-reply.ts';
import { asTicket, standingOf } from './rows.ts';
import {
  changeTicket,
  insertMessage,
  insertTicket,
  type Kept,
  type LockedRow,
  lockAndCountOpen,
} from './ticket.sql.ts';
import { OPEN_MAIL_TICKETS_MAX, OPEN_TICKETS_MAX, type Ticket, type TicketChannel } from './ticket.ts';
import { placeInLine, type Standing } from './ticket-states.ts';
import { ensureWords, sealBody, sealSender, sealSubject } from './words.ts';

/** What support works with: sealed words, and when answers are due. */
export interface Desk {
  readonly keyring: Keyring;
  readonly terms: ReplyTerms;
  /** Null where the policy in force bounds nothing, as in tests. */
  readonly kept: Kept | null;
}

export interface NewTicket {
  /** Null for nobody in particular, by mail alone. */
  readonly workspaceId: string | null;
  readonly channel: TicketChannel;
  readonly topic: TicketTopic;
  readonly subject: string;
  readonly text: string;
  /** The address a mail is answered to. */
  readonly sender?: string;
  /** An id for its first message, where whoever brings it may bring it again. */
  readonly messageId?: string;
}

export type Opened =
  | { readonly outcome: 'opened'; readonly ticket: Ticket }
  | { readonly outcome: 'too_many' };

/**
 * Opens a ticket in the caller's transaction; `too_many` when as many are open as may be. Its keys are durable before
 * this resolves. Not to be repeated: each call opens another.
 */
export async function openTicket(tx: Tx, { keyring, terms }: Desk, wanted: NewTicket): Promise<Opened> {
  const { open, now } = await lockAndCountOpen(tx, wanted.workspaceId);
  const openMax = wanted.workspaceId === null ? OPEN_MAIL_TICKETS_MAX : OPEN_TICKETS_MAX;
  if (open >= openMax) return { outcome: 'too_many' };
  const id = newId();
  const messageId = wanted.messageId ?? newId();
  await ensureWords(keyring, id);
  const dueAt = replyDueAt(terms, now);
  const { workspaceId, channel, topic } = wanted;
  const place = placeInLine(dueAt);
  await insertTicket(tx, {
    id,
    workspaceId,
    channel,
    topic,
    subject: sealSubject(keyring, id, wanted.subject),
    sender: wanted.sender === undefined ? null : await sealSender(keyring, id, wanted.sender),
    now,
    dueAt,
    placeInLine: place,
  });
  const body = sealBody(keyring, id, messageId, wanted.text);
  await insertMessage(tx, {
    id: messageId,
    ticketId: id,
    author: channel === 'phone' ? 'staff' : 'customer',
    channel,
    body,
    now,
  });
  return {
    outcome: 'opened',
    ticket: {
      id,
      workspaceId,
      channel,
      topic,
      state: 'waiting_for_staff',
      createdAt: now,
      firstReply: 'waiting',
      firstReplyDueAt: dueAt,
      firstRepliedAt: null,
      replyDueAt: dueAt,
      lastMessageAt: now,
      closedAt: null,
    },
  };
}

export interface Addition {
  readonly author: 'customer' | 'staff';
  readonly channel: TicketChannel;
  readonly text: string;
  readonly messageId?: string;
}

/** Whether a ticket has room for another message. */
export const hasRoom = (row: LockedRow): boolean => row.messages_count < ticketMessagesMax;

/** Adds a message to a locked ticket that has room, and stores how it stands from then on. */
export async function addMessage(
  tx: Tx,
  keyring: Keyring,
  row: LockedRow,
  added: Addition,
  to: Standing = standingOf(row),
): Promise<{ readonly ticket: Ticket; readonly messageId: string }> {
  const messageId = added.messageId ?? newId();
  const { now } = row;
  await ensureWords(keyring, row.id);
  const body = sealBody(keyring, row.id, messageId, added.text);
  const { author, channel } = added;
  await insertMessage(tx, { id: messageId, ticketId: row.id, author, channel, body, now });
  await changeTicket(tx, row.id, to, 1, now);
  return { ticket: { ...asTicket(row), ...to, lastMessageAt: now }, messageId };
}
