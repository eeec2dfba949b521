// Statements that end the content of messages. A mark moves over the ids, which are in time order: every message is
// looked at once when it may be past for the first time. What is not waits in content_late.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import { idBounds } from './id-bounds.ts';

export interface Mark {
  readonly below: string;
  readonly counted_from: string;
}

const LOCK_MARK = statement<Mark>(
  'messages.lock_content_mark',
  'operations',
  `select below, counted_from
     from messages.content_mark
      for update skip locked`,
);

/** The mark, locked: one sweep at a time. Undefined while another moves it. */
export const lockMark = async (tx: Tx): Promise<Mark | undefined> => (await tx.exec(LOCK_MARK, []))[0];

const MOVE_MARK = statement<never>(
  'messages.move_content_mark',
  'operations',
  `update messages.content_mark set below = $1::uuid, counted_from = $2::text`,
);

export const moveMark = (tx: Tx, below: string, countedFrom: string) =>
  tx.exec(MOVE_MARK, [below, countedFrom]);

export interface LifeRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly created_at: Date;
  readonly valid_until: Date;
  readonly closed_at: Date | null;
  readonly segments: number;
  readonly kept: boolean;
  readonly queued: number;
  readonly parts: number;
  readonly finished: number;
  readonly last_finished_at: Date | null;
}

const LIFE = `m.id, m.workspace_id, m.created_at, m.valid_until, m.closed_at, m.segments,
          (m.recipient is not null or m.recipient_index is not null or m.body is not null
            or m.annotations is not null) as kept,
          q.queued, p.parts, p.finished, p.last_finished_at`;
const FACTS = `
    cross join lateral (
      select count(*)::integer as queued from messages.queue where message_id = m.id
    ) q
    cross join lateral (
      select count(*)::integer as parts, count(finished_at)::integer as finished,
             max(finished_at) as last_finished_at
        from messages.part
       where message_id = m.id
    ) p`;

const PASSED = statement<LifeRow>(
  'messages.read_lives_behind_mark',
  'service',
  `select ${LIFE}
     from (select * from messages.message
            where id >= $1::uuid and id < $2::uuid
            order by id
            limit $3::integer) m
    ${FACTS}
    order by m.id`,
);

/** Messages from the mark on and below a bound, in order; by the primary key. */
export const readBehindMark = (tx: Tx, from: string, below: string, limit: number) =>
  tx.exec(PASSED, [from, below, limit]);

const STRIDE = statement<LifeRow>(
  'messages.read_lives_of_stride',
  'service',
  `select ${LIFE}
     from (select * from messages.message
            where id >= $1::uuid and id < $2::uuid
              and get_byte(uuid_send(id), 15) % $3::integer = $4::integer) m
    ${FACTS}
    order by m.id`,
);

/** Of the messages in a window of ids, every so manyth by chance: the strides 0 to `of` - 1 are all of them. */
export const readStride = (tx: Tx, from: string, below: string, of: number, stride: number) =>
  tx.exec(STRIDE, [from, below, of, stride]);

const ID_AFTER = statement<{ id: string }>(
  'messages.find_id_after',
  'service',
  `select id
     from messages.message
    where id >= $1::uuid and id < $2::uuid
    order by id
   offset $3::integer
    limit 1`,
);

/** The id that stands behind so many messages from an id on; undefined when there are no more below the bound. */
export const idBehind = async (tx: Tx, from: string, below: string, count: number) =>
  (await tx.exec(ID_AFTER, [from, below, count]))[0]?.id;

const LATE = statement<{ message_id: string }>(
  'messages.lock_late_contents',
  'delivery',
  `select message_id
     from messages.content_late
    where not held
      and ended_at <= $1::timestamptz
    order by ended_at
    limit $2::integer
      for update skip locked`,
);

/** Late messages that may be past, oldest first, locked; by content_late_due. */
export const lockLate = async (tx: Tx, before: Date, limit: number): Promise<string[]> =>
  (await tx.exec(LATE, [before, limit])).map((row) => row.message_id);

const LIVES = statement<LifeRow>(
  'messages.read_lives',
  'service',
  `select ${LIFE}
     from messages.message m
    ${FACTS}
    where m.id = any($1::uuid[])
      and m.id between $2 and $3`,
);

export const readLives = (tx: Tx, ids: readonly string[]) =>
  tx.exec(LIVES, [arrays.uuid(ids), ...idBounds(ids)]);

const ERASE = statement<{ id: string }>(
  'messages.expire_content',
  'service',
  `update messages.message m
      set recipient = null, recipient_index = null, body = null, annotations = null,
          erased_at = coalesce(m.erased_at, (select platform.clock()))
    where m.id = any($1::uuid[])
      and m.id between $2 and $3
      and not exists (select from messages.queue q where q.message_id = m.id)
   returning m.id`,
);

/** Erases contents; returns those erased, which are all but what went into the queue again. */
export const expireContents = async (tx: Tx, ids: readonly string[]): Promise<string[]> =>
  (await tx.exec(ERASE, [arrays.uuid(ids), ...idBounds(ids)])).map((row) => row.id);

export interface LateRow {
  readonly messageId: string;
  readonly workspaceId: string;
  readonly endedAt: Date;
  readonly held: boolean;
}

const KEEP_LATE = statement<never>(
  'messages.keep_late_contents',
  'delivery',
  `insert into messages.content_late (message_id, workspace_id, ended_at, held)
   select u.message_id, u.workspace_id, u.ended_at, u.held
     from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::boolean[])
       as u(message_id, workspace_id, ended_at, held)
       on conflict (message_id) do update set ended_at = excluded.ended_at, held = excluded.held`,
);

export const keepLate = (tx: Tx, rows: readonly LateRow[]) =>
  tx.exec(KEEP_LATE, [
    arrays.uuid(rows.map((row) => row.messageId)),
    arrays.uuid(rows.map((row) => row.workspaceId)),
    arrays.timestamptz(rows.map((row) => row.endedAt)),
    arrays.boolean(rows.map((row) => row.held)),
  ]);

const DROP_LATE = statement<never>(
  'messages.drop_late_contents',
  'delivery',
  'delete from messages.content_late where message_id = any($1::uuid[])',
);

export const dropLate = (tx: Tx, ids: readonly string[]) => tx.exec(DROP_LATE, [arrays.uuid(ids)]);

const FREE = statement<never>(
  'messages.free_held_contents',
  'delivery',
  `update messages.content_late
      set held = false
    where message_id in (
      select message_id
        from messages.content_late
       where held
         and workspace_id <> all($1::uuid[])
       limit $2::integer)`,
);

/** Lets go of what no hold keeps any more; by content_late_held. */
export const freeHeld = (tx: Tx, held: readonly string[], limit: number) =>
  tx.exec(FREE, [arrays.uuid(held), limit]);

const FORGET_LATE = statement<never>(
  'messages.clear_late_contents',
  'delivery',
  'delete from messages.content_late',
);

/** Forgets who is late: the mark begins anew and finds them again. */
export const clearLate = (tx: Tx) => tx.exec(FORGET_LATE, []);

const IN_USE = statement<{ at: number }>(
  'messages.find_content_days_in_use',
  'delivery',
  `select d.at::integer as at
     from unnest($1::uuid[], $2::uuid[], $3::uuid[]) with ordinality as d(workspace_id, first, after, at)
    where (select below from messages.content_mark) < d.after
       or exists (
         select from messages.content_late l
          where l.workspace_id = d.workspace_id
            and l.message_id >= d.first
            and l.message_id < d.after)`,
);

/** Which days of a workspace have content, by their place: those the mark has not passed, and those with late ones. */
export const findDaysInUse = async (
  tx: Tx,
  days: readonly { readonly workspaceId: string; readonly first: string; readonly after: string }[],
): Promise<Set<number>> => {
  const rows = await tx.exec(IN_USE, [
    arrays.uuid(days.map((day) => day.workspaceId)),
    arrays.uuid(days.map((day) => day.first)),
    arrays.uuid(days.map((day) => day.after)),
  ]);
  return new Set(rows.map((row) => row.at - 1));
};

const STANDING = statement<{ oldest_late: Date | null; overdue: number; held: number }>(
  'messages.standing_of_contents',
  'delivery',
  `select (select min(ended_at) from messages.content_late where not held) as oldest_late,
          (select count(*)::integer
             from (select from messages.content_late
                    where not held and ended_at <= $1::timestamptz
                    limit $2::integer) late) as overdue,
          (select count(*)::integer
             from (select from messages.content_late where held limit $2::integer) held) as held`,
);

export const lateStanding = async (tx: Tx, before: Date, limit: number) =>
  (await tx.exec(STANDING, [before, limit]))[0]!;

const PEEK_MARK = statement<Mark>(
  'messages.read_content_mark',
  'operations',
  'select below, counted_from from messages.content_mark',
);

export const readMark = async (tx: Tx): Promise<Mark> => (await tx.exec(PEEK_MARK, []))[0]!;

const PARKED = statement<{ id: string }>(
  'messages.expire_parked_destinations',
  'delivery',
  `update messages.parked_receipt
      set destination = null
    where id in (
      select id
        from messages.parked_receipt
       where received_at <= $1::timestamptz
         and destination is not null
       order by received_at
       limit $2::integer
         for update skip locked)
   returning id`,
);

/** Takes the number out of receipts that wait for their part; by parked_receipt_age. */
export const expireDestinations = async (tx: Tx, before: Date, limit: number): Promise<number> =>
  (await tx.exec(PARKED, [before, limit])).length;

const PARKED_STANDING = statement<{ oldest: Date | null; overdue: number }>(
  'messages.standing_of_parked_destinations',
  'delivery',
  `select min(received_at) as oldest,
          count(*) filter (where received_at <= $1::timestamptz)::integer as overdue
     from (select received_at
             from messages.parked_receipt
            where destination is not null
            order by received_at
            limit $2::integer) oldest`,
);

export const parkedStanding = async (tx: Tx, before: Date, limit: number) =>
  (await tx.exec(PARKED_STANDING, [before, limit]))[0]!;
