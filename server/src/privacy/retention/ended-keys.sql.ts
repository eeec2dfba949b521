// Days of a workspace whose content has begun to end, until their key is destroyed.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

export interface EndedKeyRow {
  readonly key_class: string;
  readonly workspace_id: string;
  /** `YYYY-MM-DD` */
  readonly day: string;
}

const NOTE = statement<never>(
  'privacy.note_ended_keys',
  'operations',
  `insert into privacy.ended_key (key_class, workspace_id, day)
   select u.key_class, u.workspace_id, u.day::date
     from unnest($1::text[], $2::uuid[], $3::text[]) as u(key_class, workspace_id, day)
       on conflict do nothing`,
);

export const noteEnded = (tx: Tx, rows: readonly EndedKeyRow[]) =>
  tx.exec(NOTE, [
    arrays.text(rows.map((row) => row.key_class)),
    arrays.uuid(rows.map((row) => row.workspace_id)),
    arrays.text(rows.map((row) => row.day)),
  ]);

const OLDEST = statement<EndedKeyRow>(
  'privacy.find_ended_keys',
  'operations',
  `select key_class, workspace_id, day::text as day
     from privacy.ended_key
    where day < ((select platform.clock()) - interval '1 hour')::date
      and (day, workspace_id, key_class) > ($1::text::date, $2::uuid, $3::text)
      and workspace_id <> all($4::uuid[])
    order by day, workspace_id, key_class
    limit $5::integer`,
);

/** Days that ended an hour ago or more, oldest first, behind a place. By the primary key. */
export const findEnded = (tx: Tx, after: EndedKeyRow, held: readonly string[], limit: number) =>
  tx.exec(OLDEST, [after.day, after.workspace_id, after.key_class, arrays.uuid(held), limit]);

const FORGET = statement<never>(
  'privacy.forget_ended_keys',
  'operations',
  `delete from privacy.ended_key k
    using unnest($1::text[], $2::uuid[], $3::text[]) as u(key_class, workspace_id, day)
    where k.day = u.day::date
      and k.workspace_id = u.workspace_id
      and k.key_class = u.key_class`,
);

export const forgetEnded = (tx: Tx, rows: readonly EndedKeyRow[]) =>
  tx.exec(FORGET, [
    arrays.text(rows.map((row) => row.key_class)),
    arrays.uuid(rows.map((row) => row.workspace_id)),
    arrays.text(rows.map((row) => row.day)),
  ]);
