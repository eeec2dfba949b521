// What staff do with tickets. Whoever takes one may read it for an hour and answer it; nobody else may, and nothing of a
// customer is shown otherwise. Every look and every deed leaves an entry in the audit trail.
import { balance, type Wallet } from '#ledger';
import type { Database, Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { emit } from '#platform/outbox';
import type { Keyring } from '#privacy';
import { type Actor, type AuditEntry, record } from '#privacy/audit';
import { isRestricted } from '#privacy/processing';
import { findWindow, selectWaiting, takeWindow, type WaitingRow } from './access.sql.ts';
import { closeLocked } from './closing.ts';
import { replied } from './events.ts';
import { firstReplies } from './metrics.ts';
import { addMessage, hasRoom } from './opening.ts';
import { asMessage, asTicket, asTitled, standingOf } from './rows.ts';
import { type LockedRow, lockTicket, selectMessages } from './ticket.sql.ts';
import type { Conversation, Ticket } from './ticket.ts';
import { afterStaff } from './ticket-states.ts';
import { loadWords } from './words.ts';

/** How long a ticket that was taken may be read. */
export const WINDOW_MINUTES = 60;

/** Who of the staff asks: the key, and the same as the audit trail knows them. */
export interface Agent {
  readonly keyId: string;
  readonly actor: Actor;
}

export type WaitingTicket = Ticket & {
  readonly placeInLine: string;
  readonly overdue: boolean;
  readonly takenUntil: Date | null;
};

/** What waits for staff after a place in the line: no word of anybody. */
export const listWaiting = async (tx: Tx, after: string | null, limit: number): Promise<WaitingTicket[]> =>
  (await selectWaiting(tx, after, limit)).map((row: WaitingRow) => ({
    ...asTicket(row),
    placeInLine: row.place_in_line,
    overdue: row.overdue,
    takenUntil: row.taken_until,
  }));

export type Taken =
  | { readonly outcome: 'taken'; readonly endsAt: Date }
  /** unknown: no such ticket; held: somebody else reads it; closed: there is nothing to do. */
  | { readonly outcome: 'unknown' | 'held' | 'closed' };

/** Opens a window on an open ticket, or begins it anew for who holds it. May be repeated. Of two at once one gets it. */
export async function takeTicket(tx: Tx, keyring: Keyring, agent: Agent, id: string): Promise<Taken> {
  const row = await lockTicket(tx, id);
  if (row === undefined) return { outcome: 'unknown' };
  if (row.state === 'closed') return { outcome: 'closed' };
  const endsAt = await takeWindow(tx, id, agent.keyId, row.now, WINDOW_MINUTES);
  if (endsAt === undefined) return { outcome: 'held' };
  await note(tx, keyring, agent, 'ticket.taken', row);
  return { outcome: 'taken', endsAt };
}

export type Looked =
  | {
      readonly outcome: 'shown';
      readonly ticket: Conversation;
      /** Null where nobody has proved who asks. */
      readonly wallet: Wallet | null;
      readonly takenUntil: Date;
    }
  | { readonly outcome: 'unknown' | 'no_window' | 'restricted' };

/**
 * Reads a ticket within a window, and records that. A refused look is recorded as well. Has a transaction of its own:
 * what was not recorded is not shown.
 */
export const lookAtTicket = (db: Database, keyring: Keyring, agent: Agent, id: string): Promise<Looked> =>
  db.batch(async (tx) => {
    const row = await lockTicket(tx, id);
    if (row === undefined) return { outcome: 'unknown' };
    const access = await accessTo(tx, agent, row);
    await note(tx, keyring, agent, 'ticket.read', row, access.outcome === 'open' ? 'done' : 'refused');
    if (access.outcome !== 'open') return access;
    const [messages, wallet] = await Promise.all([
      selectMessages(tx, id),
      row.workspace_id === null ? undefined : balance(tx, row.workspace_id),
      loadWords(keyring, [id]),
    ]);
    return {
      outcome: 'shown',
      ticket: { ...asTitled(keyring, row), messages: messages.map((one) => asMessage(keyring, id, one)) },
      wallet: wallet ?? null,
      takenUntil: access.endsAt,
    };
  });

/**
 * Answers a ticket; it waits for the customer from then on, and `support.replied` says so. Throws `not_found`,
 * `forbidden` without a window, `restricted`, and `conflict` when it has no room. Not to be repeated.
 */
export async function answerTicket(
  tx: Tx,
  keyring: Keyring,
  agent: Agent,
  id: string,
  text: string,
): Promise<Ticket> {
  const row = await lockHeld(tx, agent, id);
  const before = standingOf(row);
  const to = afterStaff(before, row.now);
  const added = { author: 'staff', channel: 'form', text } as const;
  const { ticket, messageId } = await addMessage(tx, keyring, withRoom(row), added, to);
  const payload = { ticket_id: id, message_id: messageId, workspace_id: row.workspace_id };
  await emit(tx, replied, payload);
  await note(tx, keyring, agent, 'ticket.answered', row);
  if (before.firstReply === 'waiting')
    firstReplies.add(1, { outcome: to.firstReply === 'met' ? 'met' : 'missed' });
  return ticket;
}

/** Writes a call down in a ticket; whose turn it is stays. Throws as `answerTicket`. Not to be repeated. */
export async function noteCall(
  tx: Tx,
  keyring: Keyring,
  agent: Agent,
  id: string,
  text: string,
): Promise<Ticket> {
  const row = await lockHeld(tx, agent, id);
  const added = { author: 'staff', channel: 'phone', text } as const;
  const { ticket } = await addMessage(tx, keyring, withRoom(row), added);
  await note(tx, keyring, agent, 'ticket.noted', row);
  return ticket;
}

/** Closes a ticket and with it the window. Throws `not_found`, and `forbidden` without a window. */
export async function closeAsStaff(tx: Tx, keyring: Keyring, agent: Agent, id: string): Promise<Ticket> {
  const row = await lockTicket(tx, id);
  if (row === undefined) throw new AppError('not_found');
  if ((await findWindow(tx, id, agent.keyId, row.now)) === undefined) throw noWindow();
  await note(tx, keyring, agent, 'ticket.closed', row);
  return closeLocked(tx, keyring, row);
}

export const noWindow = () =>
  new AppError('forbidden', { detail: 'Take the ticket first: it is shown only to who holds it.' });
export const underRestriction = () =>
  new AppError('restricted', { detail: 'A restriction of processing is open.' });

type Access =
  | { readonly outcome: 'open'; readonly endsAt: Date }
  | { readonly outcome: 'no_window' | 'restricted' };

/** Whether this agent may see a word of it now; a restricted workspace is left alone (GDPR Art. 18). */
async function accessTo(tx: Tx, agent: Agent, row: LockedRow): Promise<Access> {
  const [endsAt, restricted] = await Promise.all([
    findWindow(tx, row.id, agent.keyId, row.now),
    row.workspace_id !== null && isRestricted(tx, { kind: 'workspace', id: row.workspace_id }),
  ]);
  if (endsAt === undefined) return { outcome: 'no_window' };
  return restricted ? { outcome: 'restricted' } : { outcome: 'open', endsAt };
}

/** The ticket under a lock, for who holds a window on it. */
async function lockHeld(tx: Tx, agent: Agent, id: string): Promise<LockedRow> {
  const row = await lockTicket(tx, id);
  if (row === undefined) throw new AppError('not_found');
  const { outcome } = await accessTo(tx, agent, row);
  if (outcome === 'no_window') throw noWindow();
  if (outcome === 'restricted') throw underRestriction();
  return row;
}

function withRoom(row: LockedRow): LockedRow {
  if (hasRoom(row)) return row;
  throw new AppError('conflict', { detail: 'It has as many messages as a ticket may have: close it.' });
}

/** Ids of ticket and workspace are sealed in the entry, so that the customer's part in it dies with the workspace. */
export const note = (
  tx: Tx,
  keyring: Keyring,
  agent: Agent,
  action: AuditEntry['action'],
  { id, workspace_id: workspaceId }: Pick<LockedRow, 'id' | 'workspace_id'>,
  outcome: 'done' | 'refused' = 'done',
): Promise<void> =>
  record(tx, keyring, {
    action,
    actor: agent.actor,
    outcome,
    object: { kind: 'ticket', id },
    ...(workspaceId === null ? {} : { sealed: { workspaceId, ids: { ticket: id } } }),
  });
