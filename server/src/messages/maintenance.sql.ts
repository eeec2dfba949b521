// What has to be set right now and then: senders that died, receipts that found no part, parts whose outcome never
// came, messages that expired while waiting. Every statement is bounded and may be repeated.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import { idBounds } from './id-bounds.ts';
import type { ParkedRow } from './receipt.sql.ts';

const DEAD_SENDERS = statement<{ token: string }>(
  'messages.lock_dead_senders',
  'operations',
  `select s.token
     from messages.sender s
    where s.expires_at < (select platform.clock()) - $1 * interval '1 millisecond'
    order by s.token
    limit 10
      for update skip locked`,
);

/** Locks senders that have been silent past their lease and a grace; their own heartbeat waits behind the lock. */
export const lockDeadSenders = (tx: Tx, graceMs: number) => tx.exec(DEAD_SENDERS, [graceMs]);

const GHOSTS = statement<{ token: string }>(
  'messages.find_nameless_claims',
  'operations',
  `select q.sender_token as token
     from messages.queue q
    where q.sender_token is not null
      and not exists (select from messages.sender s where s.token = q.sender_token)
    limit 1`,
);

/**
 * A token that claims are made under and that no sender has, through the index queue_claimed. A process that slept
 * past its lease may accept, and claim, once more before it learns that others ended its name.
 */
export const findNamelessClaims = (tx: Tx) => tx.exec(GHOSTS, []);

export interface OrphanRow {
  readonly message_id: string;
  readonly sequence: number;
  readonly workspace_id: string;
  readonly outcome: 'again' | 'unknown';
}

/**
 * Decides the claims of a dead sender, which are all ambiguous: transactional parts that are still valid and were not
 * resent yet go back into the queue, flagged; the others become parts of unknown outcome.
 */
const ADOPT = statement<OrphanRow>(
  'messages.adopt_orphans',
  'delivery',
  `with claimed as (
     select q.message_id, q.sequence, q.workspace_id, q.connector_id,
            q.lane = 1 and not q.resent and q.valid_until > (select platform.clock()) as again
       from messages.queue q
      where q.sender_token = $1
      order by q.message_id, q.sequence
      limit $2
        for update
   ), back as (
     update messages.queue q
        set sender_token = null, resent = true, due_at = (select platform.clock())
       from claimed c
      where c.again and q.message_id = c.message_id and q.sequence = c.sequence
     returning q.message_id, q.sequence, q.workspace_id
   ), gone as (
     delete from messages.queue q
      using claimed c
      where not c.again and q.message_id = c.message_id and q.sequence = c.sequence
     returning q.message_id, q.sequence, q.workspace_id, q.connector_id
   ), unknown as (
     insert into messages.part (message_id, sequence, workspace_id, connector_id, status, error_code, submitted_at)
     select g.message_id, g.sequence, g.workspace_id, g.connector_id, 'unknown', 'sender_lost', (select platform.clock())
       from gone g
     returning message_id, sequence, workspace_id
   )
   select message_id, sequence, workspace_id, 'again' as outcome from back
   union all
   select message_id, sequence, workspace_id, 'unknown' from unknown`,
);

export const adoptOrphans = (tx: Tx, token: string, limit: number) => tx.exec(ADOPT, [token, limit]);

/**
 * Puts what is due under the name of a sender that never was, as if it had been claimed: after a restore nobody knows
 * whether it was submitted since. What has a sender keeps it; its claim lapses by itself.
 */
const DISTRUST = statement<{ message_id: string }>(
  'messages.distrust_queue',
  'delivery',
  `with due as (
     select q.message_id, q.sequence
       from messages.queue q
      where q.sender_token is null and q.due_at <= (select platform.clock())
      limit $2
        for update
   )
   update messages.queue q
      set sender_token = $1, epoch = q.epoch + 1
     from due d
    where q.message_id = d.message_id and q.sequence = d.sequence
   returning q.message_id`,
);

/** Through the index queue_ready. Returns how many of at most `limit`. */
export const distrustDue = async (tx: Tx, token: string, limit: number): Promise<number> =>
  (await tx.exec(DISTRUST, [token, limit])).length;

const REMOVE_SENDER = statement<never>(
  'messages.remove_sender',
  'operations',
  `delete from messages.sender s
    where s.token = $1
      and not exists (select from messages.queue q where q.sender_token = $1)`,
);

export const removeSender = (tx: Tx, token: string) => tx.exec(REMOVE_SENDER, [token]);

const OLD_PARKED = statement<ParkedRow>(
  'messages.lock_parked',
  'delivery',
  `select r.id, r.connector_id, r.carrier_message_ids, r.destination, r.status, r.final, r.error_code, r.received_at
     from messages.parked_receipt r
    where r.id > $1
    order by r.id
    limit $2
      for update skip locked`,
);

/** Parked receipts behind an id, in the order they were parked. */
export const lockParked = (tx: Tx, after: string, limit: number) => tx.exec(OLD_PARKED, [after, limit]);

const UNPARK = statement<never>(
  'messages.unpark',
  'delivery',
  'delete from messages.parked_receipt where id = any($1::uuid[])',
);

export const unpark = (tx: Tx, ids: readonly string[]) => tx.exec(UNPARK, [arrays.uuid(ids)]);

const DROP_ORPHANED = statement<{ id: string }>(
  'messages.drop_orphaned_receipts',
  'delivery',
  `delete from messages.parked_receipt
    where id in (
      select id from messages.parked_receipt
       where received_at < (select platform.clock()) - $1 * interval '1 millisecond'
       order by received_at
       limit $2)
   returning id`,
);

/** Gives up on receipts nobody has claimed for so long; returns how many, to be counted. */
export const dropOrphanedReceipts = async (tx: Tx, afterMs: number, limit: number): Promise<number> =>
  (await tx.exec(DROP_ORPHANED, [afterMs, limit])).length;

export interface UnknownRow {
  readonly message_id: string;
  readonly sequence: number;
  readonly workspace_id: string;
  readonly connector_id: string;
  readonly recipient: Buffer | null;
}

const UNKNOWN = statement<UnknownRow>(
  'messages.read_unknown_parts',
  'delivery',
  `select p.message_id, p.sequence, p.workspace_id, p.connector_id, m.recipient
     from messages.part p
     join messages.message m on m.id = p.message_id
    where p.connector_id = any($1::uuid[])
      and p.undecided and p.carrier_message_id is null
      and p.submitted_at > $2
    order by p.submitted_at
    limit $3`,
);

/** Parts whose answer was lost, on these connectors, submitted after a moment. Through the index part_undecided. */
export const readUnknownParts = (tx: Tx, connectorIds: readonly string[], after: Date, limit: number) =>
  tx.exec(UNKNOWN, [arrays.uuid(connectorIds), after, limit]);

const IDENTIFY = statement<{ message_id: string }>(
  'messages.identify_unknown_parts',
  'delivery',
  `update messages.part p
      set carrier_message_id = i.carrier_message_id
     from unnest($1::uuid[], $2::smallint[], $3::text[]) as i(message_id, sequence, carrier_message_id)
    where p.message_id = any($1::uuid[])
      and p.message_id between $4 and $5
      and p.message_id = i.message_id and p.sequence = i.sequence
      and p.carrier_message_id is null and p.status = 'unknown'
   returning p.message_id`,
);

/** Gives unknown parts the carrier's id that their receipt revealed. */
export function identifyUnknown(
  tx: Tx,
  found: readonly { messageId: string; sequence: number; carrierMessageId: string }[],
) {
  return tx.exec(IDENTIFY, [
    arrays.uuid(found.map((one) => one.messageId)),
    arrays.smallint(found.map((one) => one.sequence)),
    arrays.text(found.map((one) => one.carrierMessageId)),
    ...idBounds(found.map((one) => one.messageId)),
  ]);
}

const GIVE_UP = statement<{ message_id: string; workspace_id: string }>(
  'messages.give_up_unknown',
  'delivery',
  `update messages.part p
      set finished_at = (select platform.clock())
     from (select u.message_id, u.sequence
             from messages.part u
             join messages.message m on m.id = u.message_id
            where u.undecided
              and m.valid_until < (select platform.clock()) - $1 * interval '1 millisecond'
            order by u.message_id
            limit $2) old
    where p.message_id = old.message_id and p.sequence = old.sequence
   returning p.message_id, p.workspace_id`,
);

/** Ends the wait for parts whose message's validity ended so long ago. */
export const giveUpUnknown = (tx: Tx, afterMs: number, limit: number) => tx.exec(GIVE_UP, [afterMs, limit]);

const EXPIRE_WAITING = statement<{ message_id: string; workspace_id: string; sequence: number }>(
  'messages.expire_waiting',
  'delivery',
  `with old as (
     select q.message_id, q.sequence
       from messages.queue q
      where q.sender_token is null
        and q.valid_until <= (select platform.clock())
        and q.message_id > $1
      order by q.message_id, q.sequence
      limit $2
        for update skip locked
   ), gone as (
     delete from messages.queue q
      using old o
      where q.message_id = o.message_id and q.sequence = o.sequence
     returning q.message_id, q.sequence, q.workspace_id
   ), closed as (
     update messages.message m
        set closed_as = 'expired', closed_at = (select platform.clock()), close_error = 'validity_passed'
       from (select distinct message_id from gone) g
      where m.id = g.message_id and m.closed_as is null
   )
   select message_id, workspace_id, sequence from gone`,
);

/** Takes parts out of the queue whose validity ended while they waited, after an id. */
export const expireWaiting = (tx: Tx, after: string, limit: number) =>
  tx.exec(EXPIRE_WAITING, [after, limit]);
