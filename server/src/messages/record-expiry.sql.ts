// Statements that end what became of messages: whole days by dropping their partitions, the day in which the limit
// stands row by row.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import { idBounds } from './id-bounds.ts';

const OLDEST_KEPT = statement<{ id: string | null }>(
  'messages.find_oldest_that_stays',
  'delivery',
  `select least(
            (select h.id
               from unnest($1::uuid[]) as w(id)
              cross join lateral (
                select m.id
                  from messages.message m
                 where m.workspace_id = w.id
                   and m.id < $2::uuid
                 order by m.id
                 limit 1) h
              order by h.id
              limit 1),
            (select q.message_id
               from messages.queue q
              where q.message_id < $2::uuid
              order by q.message_id
              limit 1)) as id`,
);

/** The oldest message below a bound that may not go: under a hold, or waiting in the queue. Null when there is none. */
export const findOldestThatStays = async (
  tx: Tx,
  held: readonly string[],
  below: string,
): Promise<string | null> => (await tx.exec(OLDEST_KEPT, [arrays.uuid(held), below]))[0]!.id;

const DROP_DAYS = statement<{ dropped: number }>(
  'messages.drop_days',
  'operations',
  'select platform.drop_partitions($1::text::regclass, $2::timestamptz) as dropped',
);

/**
 * Drops the days of one table that ended at or before a moment; returns how many. Its lock keeps everybody from the
 * table until the transaction ends, which therefore does nothing else.
 */
export const dropDays = async (
  tx: Tx,
  table: 'messages.message' | 'messages.part',
  before: Date,
): Promise<number> => (await tx.exec(DROP_DAYS, [table, before]))[0]!.dropped;

const FORGET_LATE = statement<never>(
  'messages.drop_late_contents_below',
  'delivery',
  'delete from messages.content_late where message_id < $1::uuid',
);

export const dropLateBelow = (tx: Tx, below: string) => tx.exec(FORGET_LATE, [below]);

const EXPIRED = statement<{ id: string; workspace_id: string }>(
  'messages.lock_expired_records',
  'delivery',
  `select m.id, m.workspace_id
     from messages.message m
    where m.id < $1::uuid
      and m.id > $5::uuid
      and m.created_at <= $2::timestamptz
      and m.workspace_id <> all($3::uuid[])
      and not exists (select from messages.queue q where q.message_id = m.id)
    order by m.id
    limit $4::integer
      for update of m skip locked`,
);

/** The oldest messages accepted at or before a moment, locked; by the primary key, between two ids. */
export const lockExpired = (
  tx: Tx,
  after: string,
  below: string,
  before: Date,
  held: readonly string[],
  limit: number,
) => tx.exec(EXPIRED, [below, before, arrays.uuid(held), limit, after]);

const DELETE = statement<{ id: string }>(
  'messages.delete_records',
  'delivery',
  `with parts as (
     delete from messages.part
      where message_id = any($1::uuid[])
        and message_id between $2 and $3
   ), late as (
     delete from messages.content_late where message_id = any($1::uuid[])
   )
   delete from messages.message
    where id = any($1::uuid[])
      and id between $2 and $3
   returning id`,
);

export const deleteRecords = (tx: Tx, ids: readonly string[]) =>
  tx.exec(DELETE, [arrays.uuid(ids), ...idBounds(ids)]);

const STANDING = statement<{ oldest: Date | null; overdue: number; held: number }>(
  'messages.standing_of_records',
  'delivery',
  `with oldest as materialized (
     select m.id, m.created_at, m.workspace_id = any($3::uuid[]) as held
       from messages.message m
      where m.id < $1::uuid
      order by m.id
      limit $4::integer
   )
   select coalesce((select min(created_at) from oldest where not held),
                   (select created_at from messages.message order by id limit 1)) as oldest,
          (select count(*)::integer from oldest where not held and created_at <= $2::timestamptz) as overdue,
          (select count(*)::integer from oldest where held and created_at <= $2::timestamptz) as held`,
);

export const recordStanding = async (
  tx: Tx,
  below: string,
  before: Date,
  held: readonly string[],
  limit: number,
) => (await tx.exec(STANDING, [below, before, arrays.uuid(held), limit]))[0]!;

const QUEUE = statement<{ message_id: string }>(
  'messages.expire_queue',
  'delivery',
  `delete from messages.queue
    where (message_id, sequence) in (
      select message_id, sequence
        from messages.queue
       where message_id < $1::uuid
         and valid_until <= $2::timestamptz
       order by message_id, sequence
       limit $3::integer
         for update skip locked)
   returning message_id`,
);

/** Takes parts out of the queue whose validity ended a whole limit ago; by the primary key. */
export const expireQueue = async (tx: Tx, below: string, before: Date, limit: number): Promise<number> =>
  (await tx.exec(QUEUE, [below, before, limit])).length;

const QUEUE_STANDING = statement<{ oldest: Date | null; overdue: number }>(
  'messages.standing_of_queue',
  'delivery',
  `select min(valid_until) as oldest,
          count(*) filter (where valid_until <= $2::timestamptz)::integer as overdue
     from (select valid_until from messages.queue
            where message_id < $1::uuid
            order by message_id
            limit $3::integer) oldest`,
);

export const queueStanding = async (tx: Tx, below: string, before: Date, limit: number) =>
  (await tx.exec(QUEUE_STANDING, [below, before, limit]))[0]!;

const PARKED = statement<{ id: string }>(
  'messages.expire_parked_receipts',
  'delivery',
  `delete from messages.parked_receipt
    where id in (
      select id
        from messages.parked_receipt
       where received_at <= $1::timestamptz
       order by received_at
       limit $2::integer
         for update skip locked)
   returning id`,
);

export const expireParked = async (tx: Tx, before: Date, limit: number): Promise<number> =>
  (await tx.exec(PARKED, [before, limit])).length;

const PARKED_STANDING = statement<{ oldest: Date | null; overdue: number }>(
  'messages.standing_of_parked_receipts',
  'delivery',
  `select min(received_at) as oldest,
          count(*) filter (where received_at <= $1::timestamptz)::integer as overdue
     from (select received_at from messages.parked_receipt order by received_at limit $2::integer) oldest`,
);

export const parkedReceiptStanding = async (tx: Tx, before: Date, limit: number) =>
  (await tx.exec(PARKED_STANDING, [before, limit]))[0]!;
