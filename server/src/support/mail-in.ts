// Mails that ask for help. Who a mail says it is from proves nothing: it opens a case of nobody's, and joins one only by
// the reply token that we gave out. The address is kept sealed until the case closes, to be answered to.
import { ticketSubjectLengthMax, ticketTextLengthMax } from '@sotto/contract/tickets';
import type { Tx } from '#platform/database';
import type { Keyring } from '#privacy';
import { withoutCardNumbers } from '#privacy/card-numbers';
import { replyDueAt } from './first-reply.ts';
import { findMail, selectSender } from './mail.sql.ts';
import { addMessage, type Desk, hasRoom, openTicket } from './opening.ts';
import { replyTokenOf, ticketOfToken } from './reply-token.ts';
import { standingOf } from './rows.ts';
import { lockTicket } from './ticket.sql.ts';
import { afterRequester } from './ticket-states.ts';
import { openSender } from './words.ts';

export interface IncomingMail {
  /** A UUID by which the same mail is known when it is brought again. */
  readonly mailId: string;
  readonly subject: string;
  readonly text: string;
}

export type OpenedByMail =
  | { readonly outcome: 'opened'; readonly ticketId: string; readonly replyToken: string }
  /** already: this mail was taken before; too_many: as many cases are open as may be, nothing was kept. */
  | { readonly outcome: 'already' | 'too_many' };

/**
 * Opens a case from a mail, answered to `sender`. What is longer than a ticket takes is cut, and what no line may hold
 * becomes spaces. May be repeated: one mail opens one case.
 */
export async function openFromMail(
  tx: Tx,
  desk: Desk,
  mail: IncomingMail & { readonly sender: string },
): Promise<OpenedByMail> {
  if (await findMail(tx, mail.mailId)) return { outcome: 'already' };
  const opened = await openTicket(tx, desk, {
    workspaceId: null,
    channel: 'mail',
    topic: 'other',
    subject: subjectOf(mail.subject),
    text: textOf(mail.text),
    sender: mail.sender,
    messageId: mail.mailId,
  });
  if (opened.outcome === 'too_many') return opened;
  const { id } = opened.ticket;
  return { outcome: 'opened', ticketId: id, replyToken: replyTokenOf(desk.keyring, id) };
}

export type AppendedByMail =
  | { readonly outcome: 'added'; readonly ticketId: string }
  /**
   * already: this mail was taken before; unknown: no token of ours; ended: the case is closed, and its address
   * destroyed, so that the mail opens a new one; full: no room for another message.
   */
  | { readonly outcome: 'already' | 'unknown' | 'ended' | 'full' };

/** Adds a mail to the case its reply token names, whoever sent it. May be repeated: one mail is added once. */
export async function appendFromMail(
  tx: Tx,
  { keyring, terms }: Desk,
  mail: Omit<IncomingMail, 'subject'> & { readonly replyToken: string },
): Promise<AppendedByMail> {
  const id = ticketOfToken(keyring, mail.replyToken);
  const row = id === null ? undefined : await lockTicket(tx, id);
  if (row === undefined) return { outcome: 'unknown' };
  // Under the lock of the ticket, so that one mail brought twice at once is added once.
  if (await findMail(tx, mail.mailId)) return { outcome: 'already' };
  if (row.workspace_id === null && row.state === 'closed') return { outcome: 'ended' };
  const to = afterRequester(standingOf(row), row.now, replyDueAt(terms, row.now));
  if (to === 'ended') return { outcome: 'ended' };
  if (!hasRoom(row)) return { outcome: 'full' };
  const added = {
    author: 'customer',
    channel: 'mail',
    text: textOf(mail.text),
    messageId: mail.mailId,
  } as const;
  await addMessage(tx, keyring, row, added, to);
  return { outcome: 'added', ticketId: row.id };
}

/**
 * Where a case that came by mail is answered to, for the sending of one answer; null when it came otherwise, has closed,
 * or is unknown. Not to be kept.
 */
export async function senderOf(tx: Tx, keyring: Keyring, ticketId: string): Promise<string | null> {
  const sender = await selectSender(tx, ticketId);
  return sender === null ? null : openSender(keyring, ticketId, sender);
}

const CUT = ' […]';
const NO_SUBJECT = '(no subject)';

/** One line: a subject that carries line breaks cannot become a header of an answer. Card numbers are masked. */
function subjectOf(text: string): string {
  const line = withoutCardNumbers(text.toWellFormed().replace(/\p{Cc}+/gu, ' ')).trim();
  return line === '' ? NO_SUBJECT : cut(line, ticketSubjectLengthMax);
}

/** A mail cannot be refused field by field, as a form is: card numbers in it are masked. */
function textOf(text: string): string {
  const clean = withoutCardNumbers(text.toWellFormed().replaceAll('\0', ''));
  return clean === '' ? '(no text)' : cut(clean, ticketTextLengthMax);
}

/** Never in the middle of a pair of surrogates. */
const cut = (text: string, lengthMax: number): string =>
  text.length <= lengthMax
    ? text
    : text.slice(0, lengthMax - CUT.length).replace(/[\uD800-\uDBFF]$/, '') + CUT;
