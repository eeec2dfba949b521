// What carriers answered: a part leaves the queue and becomes a row of its own, in one statement for a batch. The
// claim's token and epoch are in every WHERE, so a sender that lost its lease changes nothing.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import { idBounds } from './id-bounds.ts';
import type { PartState } from './status.ts';

/**
 * Where the queue row of a claim is, for a row `c` with message_id, sequence and epoch; `token` is the parameter of the
 * sender's token. One probe of the primary key each: `offset 0` keeps it from becoming a join over the whole queue. The
 * token is compared by `is not distinct from`, which no index serves, because queue_claimed has an entry for every
 * part that went through since the last vacuum. Whoever changes the row repeats token and epoch: what another process
 * changed meanwhile is looked at once more.
 */
const placeOf = (token: string) => `lateral (
       select q.ctid as place
         from messages.queue q
        where q.message_id = c.message_id and q.sequence = c.sequence
          and q.sender_token is not distinct from ${token} and q.epoch = c.epoch
       offset 0
     ) row`;

export interface Answer {
  readonly messageId: string;
  readonly sequence: number;
  readonly epoch: number;
  readonly status: PartState;
  readonly carrierMessageId: string | null;
  readonly errorCode: string | null;
}

export interface StoredAnswer {
  readonly message_id: string;
  readonly sequence: number;
  readonly status: PartState;
}

const STORE = statement<StoredAnswer>(
  'messages.store_answers',
  'delivery',
  `with answer as materialized (
     select row.place, c.epoch, c.status, c.carrier_message_id, c.error_code
       from unnest($1::uuid[], $2::smallint[], $3::integer[], $4::text[], $5::text[], $6::text[])
         as c(message_id, sequence, epoch, status, carrier_message_id, error_code)
      cross join ${placeOf('$7')}
   ), gone as (
     delete from messages.queue q
      using answer a
      where q.ctid = a.place and q.sender_token is not distinct from $7 and q.epoch = a.epoch
     returning q.message_id, q.sequence, q.workspace_id, q.connector_id,
               a.status::messages.part_status as status, a.carrier_message_id, a.error_code
   )
   insert into messages.part (message_id, sequence, workspace_id, connector_id, carrier_message_id, status, error_code,
                              submitted_at, finished_at)
   select g.message_id, g.sequence, g.workspace_id, g.connector_id, g.carrier_message_id, g.status, g.error_code,
          c.now, case when g.status not in ('submitted', 'unknown') then c.now end
     from gone g cross join (select platform.clock() as now) c
   returning message_id, sequence, status`,
);

/** Stores answers and returns those that counted; the others belonged to a claim that is no longer ours. */
export const storeAnswers = (tx: Tx, token: string, answers: readonly Answer[]): Promise<StoredAnswer[]> =>
  tx.exec(STORE, [
    arrays.uuid(answers.map((a) => a.messageId)),
    arrays.smallint(answers.map((a) => a.sequence)),
    arrays.integer(answers.map((a) => a.epoch)),
    arrays.text(answers.map((a) => a.status)),
    arrays.text(answers.map((a) => a.carrierMessageId)),
    arrays.text(answers.map((a) => a.errorCode)),
    token,
  ]);

export interface GiveBack {
  readonly messageId: string;
  readonly sequence: number;
  readonly epoch: number;
  readonly delayMs: number;
  readonly connectorId: string;
  /** Set when this connector refused it for good: the next route goes elsewhere. */
  readonly refusedBy: string | null;
  /** The part may already be at the carrier: this is its one second try. */
  readonly resent: boolean;
}

const GIVE_BACK = statement<{ message_id: string; resent: boolean }>(
  'messages.give_back',
  'delivery',
  `update messages.queue q
      set sender_token = null,
          due_at = (select platform.clock()) + b.delay_ms * interval '1 millisecond',
          attempts = q.attempts + 1,
          connector_id = b.connector_id,
          tried = case when b.refused_by is null then q.tried else array_append(q.tried, b.refused_by) end,
          resent = q.resent or b.resent
     from (select row.place, c.epoch, c.delay_ms, c.connector_id, c.refused_by, c.resent
             from unnest($1::uuid[], $2::smallint[], $3::integer[], $4::integer[], $5::uuid[], $6::uuid[], $7::boolean[])
               as c(message_id, sequence, epoch, delay_ms, connector_id, refused_by, resent)
            cross join ${placeOf('$8')}) b
    where q.ctid = b.place and q.sender_token is not distinct from $8 and q.epoch = b.epoch
   returning q.message_id, b.resent`,
);

/** Puts parts back into the queue: refused for now, refused here for good, never written, or to be sent once more. */
export const giveBack = (tx: Tx, token: string, rows: readonly GiveBack[]) =>
  tx.exec(GIVE_BACK, [
    arrays.uuid(rows.map((b) => b.messageId)),
    arrays.smallint(rows.map((b) => b.sequence)),
    arrays.integer(rows.map((b) => b.epoch)),
    arrays.integer(rows.map((b) => b.delayMs)),
    arrays.uuid(rows.map((b) => b.connectorId)),
    arrays.uuid(rows.map((b) => b.refusedBy)),
    arrays.boolean(rows.map((b) => b.resent)),
    token,
  ]);

const MARK_DUPLICATE = statement<never>(
  'messages.mark_possible_duplicate',
  'delivery',
  `update messages.message m
      set possible_duplicate = true
    where m.id = any($1::uuid[])
      and m.id between $2 and $3`,
);

/** Says of messages that a part of theirs is sent a second time after an unknown outcome. */
export const markPossibleDuplicate = (tx: Tx, ids: readonly string[]): Promise<never[]> =>
  tx.exec(MARK_DUPLICATE, [arrays.uuid(ids), ...idBounds(ids)]);

export interface Settlement {
  readonly message_id: string;
  readonly accepted: number;
  readonly open: number;
  readonly price_per_part: bigint;
}

const SETTLEMENT = statement<Settlement>(
  'messages.read_settlement',
  'billing',
  `select m.id as message_id, m.price_per_part,
          count(p.message_id) filter (where p.carrier_message_id is not null
                                         or p.status in ('submitted', 'delivered', 'undeliverable'))::integer as accepted,
          (count(p.message_id) filter (where p.status = 'unknown' and p.carrier_message_id is null and p.finished_at is null)
            + (select count(*) from messages.queue q where q.message_id = m.id))::integer as open
     from messages.message m
     left join messages.part p on p.message_id = m.id and p.message_id = any($1::uuid[]) and p.message_id between $2 and $3
    where m.id = any($1::uuid[])
      and m.id between $2 and $3
    group by m.id, m.price_per_part`,
);

/**
 * How many parts of each message a carrier took, and how many are still undecided (queued, or unknown without an
 * end). A message is settled, captured for what was taken, when none is open.
 */
export async function readSettlement(tx: Tx, ids: readonly string[]): Promise<Settlement[]> {
  return tx.exec(SETTLEMENT, [arrays.uuid(ids), ...idBounds(ids)]);
}

const CLOSE_QUEUED = statement<{ message_id: string; sequence: number }>(
  'messages.close_claimed',
  'delivery',
  `with gone as (
     delete from messages.queue q
      using (select row.place, c.epoch
               from unnest($1::uuid[], $2::smallint[], $3::integer[]) as c(message_id, sequence, epoch)
              cross join ${placeOf('$4')}) claimed
      where q.ctid = claimed.place and q.sender_token is not distinct from $4 and q.epoch = claimed.epoch
     returning q.message_id, q.sequence
   ), closed as (
     update messages.message m
        set closed_as = $5::messages.closing, closed_at = (select platform.clock()), close_error = $6
       from (select distinct message_id from gone) g
      where m.id = any($1::uuid[]) and m.id between $7 and $8 and m.id = g.message_id and m.closed_as is null
   )
   select message_id, sequence from gone`,
);

/** Takes claimed parts out of the queue without a carrier: expired while waiting, or erased meanwhile. */
export function closeClaimed(
  tx: Tx,
  token: string,
  rows: readonly { messageId: string; sequence: number; epoch: number }[],
  as: 'expired' | 'cancelled' | 'rejected',
  error: string | null,
) {
  return tx.exec(CLOSE_QUEUED, [
    arrays.uuid(rows.map((row) => row.messageId)),
    arrays.smallint(rows.map((row) => row.sequence)),
    arrays.integer(rows.map((row) => row.epoch)),
    token,
    as,
    error,
    ...idBounds(rows.map((row) => row.messageId)),
  ]);
}

const LATE = statement<{ message_id: string; workspace_id: string }>(
  'messages.apply_late_answers',
  'delivery',
  `update messages.part p
      set status = a.status::messages.part_status,
          carrier_message_id = a.carrier_message_id,
          error_code = a.error_code,
          finished_at = case when a.status = 'rejected' then (select platform.clock()) end
     from unnest($1::uuid[], $2::smallint[], $3::text[], $4::text[], $5::text[])
       as a(message_id, sequence, status, carrier_message_id, error_code)
    where p.message_id = any($1::uuid[])
      and p.message_id between $6 and $7
      and p.message_id = a.message_id and p.sequence = a.sequence
      and p.status = 'unknown' and p.carrier_message_id is null and p.finished_at is null
   returning p.message_id, p.workspace_id`,
);

/** Decides parts of unknown outcome by an answer that came late; returns those that were still undecided. */
export function applyLate(tx: Tx, answers: readonly Omit<Answer, 'epoch'>[]) {
  return tx.exec(LATE, [
    arrays.uuid(answers.map((a) => a.messageId)),
    arrays.smallint(answers.map((a) => a.sequence)),
    arrays.text(answers.map((a) => a.status)),
    arrays.text(answers.map((a) => a.carrierMessageId)),
    arrays.text(answers.map((a) => a.errorCode)),
    ...idBounds(answers.map((a) => a.messageId)),
  ]);
}
