// Statements on support.ticket and support.message. Rare, and each by an index.
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { Sealed } from '#privacy';
import { readerFor } from '#privacy/reading';
import { support } from './steward.ts';
import type { Standing } from './ticket-states.ts';

const read = readerFor(support);

export interface StateRow {
  readonly id: string;
  readonly workspace_id: string | null;
  readonly channel: string;
  readonly topic: string;
  readonly state: string;
  readonly created_at: Date;
  readonly first_reply: string;
  readonly first_reply_due_at: Date;
  readonly first_replied_at: Date | null;
  readonly last_message_at: Date;
  readonly closed_at: Date | null;
}

export interface TitledRow extends StateRow {
  readonly subject: Sealed;
}

/** A ticket locked to be changed. */
export interface LockedRow extends TitledRow {
  readonly sender: Sealed | null;
  readonly messages_count: number;
  readonly reply_due_at: Date | null;
  readonly place_in_line: string | null;
  readonly now: Date;
}

export const NOW = statement<{ now: Date }>(
  'support.read_clock',
  'operations',
  'select platform.clock() as now',
);

/** Opening counts what is open: one opener of a workspace at a time. */
const LOCK_OPENERS = statement<never>(
  'support.lock_openers',
  'operations',
  `select pg_advisory_xact_lock(hashtextextended('support.open ' || $1::text, 0))`,
);
const COUNT_OPEN = statement<{ open: number }>(
  'support.count_open_tickets',
  'support',
  `select count(*)::integer as open
     from support.ticket
    where workspace_id is not distinct from $1::uuid
      and state <> 'closed'`,
);

/** How many tickets are open, and the time, under a lock that lasts as long as the transaction. */
export async function lockAndCountOpen(
  tx: Tx,
  workspaceId: string | null,
): Promise<{ open: number; now: Date }> {
  const [, counted, clock] = await Promise.all([
    tx.exec(LOCK_OPENERS, [workspaceId ?? 'nobody']),
    tx.exec(COUNT_OPEN, [workspaceId]),
    tx.exec(NOW, []),
  ]);
  return { open: counted[0]!.open, now: clock[0]!.now };
}

export interface NewTicketRow {
  readonly id: string;
  readonly workspaceId: string | null;
  readonly channel: string;
  readonly topic: string;
  readonly subject: Sealed;
  readonly sender: Sealed | null;
  readonly now: Date;
  readonly dueAt: Date;
  readonly placeInLine: string;
}

const INSERT_TICKET = statement<never>(
  'support.insert_ticket',
  'support',
  `insert into support.ticket (id, workspace_id, channel, topic, state, subject, sender, messages_count, created_at,
                               first_reply, first_reply_due_at, reply_due_at, place_in_line, last_message_at)
   values ($1::uuid, $2::uuid, $3::text, $4::text, 'waiting_for_staff', $5::bytea, $6::bytea, 1, $7::timestamptz,
           'waiting', $8::timestamptz, $8::timestamptz, $9::uuid, $7::timestamptz)`,
);

export const insertTicket = (tx: Tx, row: NewTicketRow) =>
  tx.exec(INSERT_TICKET, [
    row.id,
    row.workspaceId,
    row.channel,
    row.topic,
    row.subject,
    row.sender,
    row.now,
    row.dueAt,
    row.placeInLine,
  ]);

export interface NewMessageRow {
  readonly id: string;
  readonly ticketId: string;
  readonly author: string;
  readonly channel: string;
  readonly body: Sealed;
  readonly now: Date;
}

const INSERT_MESSAGE = statement<never>(
  'support.insert_message',
  'support',
  `insert into support.message (id, ticket_id, author, channel, body, created_at)
   values ($1::uuid, $2::uuid, $3::text, $4::text, $5::bytea, $6::timestamptz)`,
);

export const insertMessage = (tx: Tx, row: NewMessageRow) =>
  tx.exec(INSERT_MESSAGE, [row.id, row.ticketId, row.author, row.channel, row.body, row.now]);

const LOCK = statement<LockedRow>(
  'support.lock_ticket',
  'support',
  `select id, workspace_id, channel, topic, state, subject, sender, messages_count, created_at, first_reply,
          first_reply_due_at, first_replied_at, reply_due_at, place_in_line, last_message_at, closed_at,
          platform.clock() as now
     from support.ticket
    where id = $1::uuid
      and workspace_ended_at is null
      for update`,
);

/** The ticket under a lock; undefined when there is none, or its workspace is erased. */
export const lockTicket = async (tx: Tx, id: string): Promise<LockedRow | undefined> =>
  (await tx.exec(LOCK, [id]))[0];

const CHANGE = statement<never>(
  'support.change_ticket',
  'support',
  `update support.ticket
      set state = $2::text,
          first_reply = $3::text,
          first_replied_at = $4::timestamptz,
          reply_due_at = $5::timestamptz,
          place_in_line = $6::uuid,
          closed_at = $7::timestamptz,
          messages_count = messages_count + $8::smallint,
          last_message_at = case when $8::smallint > 0 then $9::timestamptz else last_message_at end,
          sender = case when $2::text = 'closed' then null else sender end
    where id = $1::uuid`,
);

/** Stores how a locked ticket stands now, with or without another message. */
export const changeTicket = (tx: Tx, id: string, to: Standing, more: 0 | 1, now: Date) =>
  tx.exec(CHANGE, [
    id,
    to.state,
    to.firstReply,
    to.firstRepliedAt,
    to.replyDueAt,
    to.placeInLine,
    to.closedAt,
    more,
    now,
  ]);

/** How long tickets are kept, ISO 8601, and what that counts from: what is past it is shown no more, to the second. */
export interface Kept {
  readonly duration: string;
  readonly from: 'closed' | 'created';
}

/** PostgreSQL and the limit count months alike, in UTC. An open ticket of a rule from its closing is not past. */
const TITLED = `select id, workspace_id, channel, topic, state, subject, created_at, first_reply, first_reply_due_at,
          first_replied_at, last_message_at, closed_at
     from support.ticket
    where workspace_id = $1::uuid
      and ($2::text is null
           or ((case when $3::boolean then closed_at else created_at end) at time zone 'UTC' + $2::interval)
                at time zone 'UTC' > (select platform.clock())
           or ($3::boolean and closed_at is null))`;

const PAGE = statement<TitledRow>(
  'support.list_tickets',
  'support',
  `${TITLED}
      and id < $4::uuid
    order by id desc
    limit $5::integer`,
);
const ONE = statement<TitledRow>(
  'support.get_ticket',
  'support',
  `${TITLED}
      and id = $4::uuid`,
);

const HIGHEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const keptValues = (kept: Kept | null) => [kept?.duration ?? null, kept?.from === 'closed'] as const;

/** A workspace's own, newest first, along ticket_of_workspace. */
export const selectTickets = (
  tx: Tx,
  workspaceId: string,
  kept: Kept | null,
  below: string | null,
  limit: number,
): Promise<TitledRow[]> => tx.exec(PAGE, [workspaceId, ...keptValues(kept), below ?? HIGHEST_ID, limit]);

/** One of a workspace's own. */
export const selectTicket = async (
  tx: Tx,
  workspaceId: string,
  kept: Kept | null,
  id: string,
): Promise<TitledRow | undefined> => (await tx.exec(ONE, [workspaceId, ...keptValues(kept), id]))[0];

export interface MessageRow {
  readonly id: string;
  readonly author: string;
  readonly channel: string;
  readonly body: Sealed;
  readonly created_at: Date;
}

/** The messages of a ticket, oldest first, along message_of_ticket. The ticket bounds how many there are. */
export const selectMessages = (tx: Tx, ticketId: string): Promise<MessageRow[]> =>
  tx.run(
    read(tx, 'support')
      .selectFrom('support.message')
      .select(['id', 'author', 'channel', 'body', 'created_at'])
      .where('ticket_id', '=', ticketId)
      .orderBy('id'),
  );
