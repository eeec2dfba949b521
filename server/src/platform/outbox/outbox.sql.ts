// The outbox: rows in, rows out, each in one statement. Taking relies on the primary key, whose ids are in time
// order, so the oldest go first.
import { arrays } from '../db/arrays.ts';
import type { Tx } from '../db/database.ts';
import { statement } from '../db/statement.ts';

const INSERT = statement<unknown>(
  'platform.emit_events',
  'operations',
  `insert into platform.outbox (id, name, payload)
   select u.id, u.name, u.payload::jsonb
     from unnest($1::uuid[], $2::text[], $3::text[]) as u(id, name, payload)`,
);

export const insertEvents = (
  tx: Tx,
  events: readonly { readonly id: string; readonly name: string; readonly json: string }[],
) =>
  tx.exec(INSERT, [
    arrays.uuid(events.map(({ id }) => id)),
    arrays.text(events.map(({ name }) => name)),
    arrays.text(events.map(({ json }) => json)),
  ]);

export interface StoredEvent {
  readonly id: string;
  readonly name: string;
  readonly payload: unknown;
}

/** Only names this release knows: what a newer release emits waits for one. */
const TAKE = statement<StoredEvent>(
  'platform.take_events',
  'operations',
  `delete from platform.outbox
    where id in (
      select id
        from platform.outbox
       where name = any($1::text[])
       order by id
       limit $2::integer
         for update skip locked
    )
   returning id, name, payload`,
);

export const takeEvents = (tx: Tx, names: readonly string[], limit: number) =>
  tx.exec(TAKE, [arrays.text(names), limit]);

const OLDEST = statement<{ ageMs: number }>(
  'platform.oldest_event',
  'operations',
  `select (extract(epoch from (select platform.clock()) - created_at) * 1000)::float8 as "ageMs"
     from platform.outbox
    order by id
    limit 1`,
);

/** Age of the oldest event still here, of any name; 0 when the outbox is empty. */
export const oldestEventMs = async (tx: Tx): Promise<number> => (await tx.exec(OLDEST, []))[0]?.ageMs ?? 0;
