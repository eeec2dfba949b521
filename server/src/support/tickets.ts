// What a customer does with tickets: only with those of its own workspace.
import { pageLimitMax } from '@sotto/contract/paging';
import type { Database, Tx } from '#platform/database';
import type { Keyring } from '#privacy';
import { closeLocked } from './closing.ts';
import { replyDueAt } from './first-reply.ts';
import { addMessage, type Desk, hasRoom } from './opening.ts';
import { asMessage, asTicket, asTitled, standingOf } from './rows.ts';
import { lockTicket, selectMessages, selectTicket, selectTickets } from './ticket.sql.ts';
import type { Conversation, Ticket, TicketChannel, TitledTicket } from './ticket.ts';
import { afterRequester } from './ticket-states.ts';
import { loadWords } from './words.ts';

/** Items of one page at most, and one that tells whether another follows. */
const PAGE_MAX = pageLimitMax + 1;

/** A workspace's tickets, newest first, those with an id below `before`; none that is kept no longer. */
export async function listTickets(
  db: Database,
  { keyring, kept }: Pick<Desk, 'keyring' | 'kept'>,
  workspaceId: string,
  page: { readonly before: string | null; readonly limit: number },
): Promise<TitledTicket[]> {
  const rows = await db.tenant(workspaceId, (tx) =>
    selectTickets(tx, workspaceId, kept, page.before, Math.min(page.limit, PAGE_MAX)),
  );
  await loadWords(
    keyring,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => asTitled(keyring, row));
}

/** One ticket of a workspace with its messages; undefined when it has none of that id. */
export async function findConversation(
  db: Database,
  { keyring, kept }: Pick<Desk, 'keyring' | 'kept'>,
  workspaceId: string,
  id: string,
): Promise<Conversation | undefined> {
  const [ticket, messages] = await db.tenant(workspaceId, (tx) =>
    Promise.all([selectTicket(tx, workspaceId, kept, id), selectMessages(tx, id)]),
  );
  if (ticket === undefined) return undefined;
  await loadWords(keyring, [id]);
  return { ...asTitled(keyring, ticket), messages: messages.map((row) => asMessage(keyring, id, row)) };
}

export type Replied =
  | { readonly outcome: 'added'; readonly ticket: Ticket }
  /** unknown: no such ticket of theirs; ended: closed for too long; full: no room for another message. */
  | { readonly outcome: 'unknown' | 'ended' | 'full' };

/** Adds a customer's message; a ticket closed not long ago opens again. Not to be repeated: each call adds another. */
export async function replyAsRequester(
  tx: Tx,
  { keyring, terms }: Desk,
  workspaceId: string,
  id: string,
  text: string,
  channel: TicketChannel = 'form',
): Promise<Replied> {
  const row = await lockTicket(tx, id);
  if (row?.workspace_id !== workspaceId) return { outcome: 'unknown' };
  const to = afterRequester(standingOf(row), row.now, replyDueAt(terms, row.now));
  if (to === 'ended') return { outcome: 'ended' };
  if (!hasRoom(row)) return { outcome: 'full' };
  const { ticket } = await addMessage(tx, keyring, row, { author: 'customer', channel, text }, to);
  return { outcome: 'added', ticket };
}

/** Closes a ticket of a workspace; undefined when it has none of that id. May be repeated: the first end stays. */
export async function closeAsRequester(
  tx: Tx,
  keyring: Keyring,
  workspaceId: string,
  id: string,
): Promise<Ticket | undefined> {
  const row = await lockTicket(tx, id);
  if (row?.workspace_id !== workspaceId) return undefined;
  return row.state === 'closed' ? asTicket(row) : closeLocked(tx, keyring, row);
}
