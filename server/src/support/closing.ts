// The end of a conversation: nobody of the staff may read it any more, and the address of a mail is destroyed.
import type { Tx } from '#platform/database';
import type { Keyring } from '#privacy';
import { deleteWindow } from './access.sql.ts';
import { asTicket, standingOf } from './rows.ts';
import { changeTicket, type LockedRow } from './ticket.sql.ts';
import type { Ticket } from './ticket.ts';
import { afterClosing } from './ticket-states.ts';
import { senderKey } from './words.ts';

/**
 * Closes an open ticket that the caller has locked. The key of a mail's address is destroyed before the commit: if the
 * closing then fails, the case is open and can be answered by mail no more, which is the lesser fault.
 */
export async function closeLocked(tx: Tx, keyring: Keyring, row: LockedRow): Promise<Ticket> {
  const to = afterClosing(standingOf(row), row.now);
  if (row.sender !== null) await keyring.destroy([senderKey(keyring, row.id)]);
  await changeTicket(tx, row.id, to, 0, row.now);
  await deleteWindow(tx, row.id);
  return { ...asTicket(row), ...to };
}
