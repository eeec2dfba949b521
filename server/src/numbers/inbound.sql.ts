// Statements that write texts that arrived, and find what was written lately.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

/** How far back a text is compared with one that may be a repeat. */
const REPEAT_WINDOW = `interval '15 minutes'`;

export interface NewInbound {
  readonly id: string;
  readonly workspaceId: string;
  readonly numberId: string;
  readonly sender: Buffer;
  readonly senderIndex: Buffer;
  readonly form: string;
  readonly content: Buffer;
  readonly segments: number;
  readonly complete: boolean;
  /** The set its parts came in, and when the first of them came; null for a text of one part. */
  readonly set: { readonly id: string; readonly openedAt: Date } | null;
}

const INSERT_INBOUND = statement<unknown>(
  'numbers.insert_inbound',
  'delivery',
  `insert into numbers.inbound
     (id, workspace_id, number_id, sender, sender_index, form, content, segments, complete, received_at,
      set_id, erase_by)
   select u.id, u.workspace_id, u.number_id, u.sender, u.sender_index, u.form, u.content, u.segments, u.complete,
          c.now, u.set_id, coalesce(u.opened_at, c.now) + $12::bigint * interval '1 millisecond'
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bytea[], $5::bytea[], $6::text[], $7::bytea[],
                 $8::smallint[], $9::boolean[], $10::uuid[], $11::timestamptz[])
       as u(id, workspace_id, number_id, sender, sender_index, form, content, segments, complete, set_id, opened_at)
    cross join (select platform.clock() as now) c`,
);

/** Stores texts; `ceilingMs` is the longest each is kept from its first part on, null where its day decides. */
export const insertInbound = (tx: Tx, rows: readonly NewInbound[], ceilingMs: number | null) =>
  tx.exec(INSERT_INBOUND, [
    arrays.uuid(rows.map((row) => row.id)),
    arrays.uuid(rows.map((row) => row.workspaceId)),
    arrays.uuid(rows.map((row) => row.numberId)),
    arrays.bytea(rows.map((row) => row.sender)),
    arrays.bytea(rows.map((row) => row.senderIndex)),
    arrays.text(rows.map((row) => row.form)),
    arrays.bytea(rows.map((row) => row.content)),
    arrays.smallint(rows.map((row) => row.segments)),
    arrays.boolean(rows.map((row) => row.complete)),
    arrays.uuid(rows.map((row) => row.set?.id ?? null)),
    arrays.timestamptz(rows.map((row) => row.set?.openedAt ?? null)),
    ceilingMs,
  ]);

export interface RecentRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly number_id: string;
  readonly sender_index: Buffer;
  readonly form: string;
  readonly content: Buffer | null;
}

/** What certain senders wrote lately, by inbound_sender; older days are pruned by the id. */
const RECENT = statement<RecentRow>(
  'numbers.find_recent_inbound',
  'delivery',
  `select i.id, i.workspace_id, i.number_id, i.sender_index, i.form, i.content
     from numbers.inbound i
    where i.workspace_id = any($1::uuid[])
      and i.sender_index = any($2::bytea[])
      and i.received_at > (select platform.clock()) - ${REPEAT_WINDOW}
      and i.id >= (select platform.id_floor(platform.clock() - interval '1 day'))
    order by i.id desc
    limit 1000`,
);

export const selectRecent = (tx: Tx, workspaceIds: readonly string[], senders: readonly Buffer[]) =>
  tx.exec(RECENT, [arrays.uuid(workspaceIds), arrays.bytea(senders)]);
