// Statements about mails that became messages of tickets.
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { Sealed } from '#privacy';

const FIND = statement<{ found: boolean }>(
  'support.find_mail',
  'support',
  'select exists (select from support.message where id = $1::uuid) as found',
);

/** Whether a mail was taken before: its id is that of its message. */
export const findMail = async (tx: Tx, mailId: string): Promise<boolean> =>
  (await tx.exec(FIND, [mailId]))[0]!.found;

const SENDER = statement<{ sender: Sealed | null }>(
  'support.read_sender',
  'support',
  'select sender from support.ticket where id = $1::uuid',
);

export const selectSender = async (tx: Tx, ticketId: string): Promise<Sealed | null> =>
  (await tx.exec(SENDER, [ticketId]))[0]?.sender ?? null;
