// Messages as they would stand four days after they were delivered, written past the product, which cannot make them
// old; and how their table stands before, while and after their content ends. All as the owner of the database.
import { asOwner } from '../process/as-owner.ts';

/** Older than the three days the default policy keeps content, and all on one day (UTC). */
const AGE = `interval '4 days'`;
/** A megabyte or two of rows at a time, so that no statement runs for minutes. */
const ROWS_AT_ONCE = 50_000;

// Sealed values have the form and length of those of a notice: version, commitment, nonce, text, tag.
const INSERT = `
  with aged as (
    select (platform.id_floor(date_trunc('day', now() at time zone 'UTC') at time zone 'UTC' - ${AGE}
              + (n + $2::integer) * interval '10 milliseconds')::text) as floor,
           n
      from generate_series(1, $3::integer) n
  ), written as (
    insert into messages.message (id, workspace_id, class, recipient, recipient_index, body, encoding, segments,
                                  price_per_part, currency, test, created_at, valid_until)
    select (left(floor, 14) || '7' || right(md5(floor || n), 3) || '-a' || right(md5(n::text), 3) || '-'
             || left(md5(floor), 12))::uuid,
           $1::uuid, 'transactional',
           decode('01' || repeat(md5(n::text), 2) || left(md5(n::text), 50), 'hex'),
           decode('01' || md5('index' || n), 'hex'),
           decode('01' || repeat(md5('body' || n), 6), 'hex'),
           'gsm7', 1, 7500, 'EUR', false,
           now() - ${AGE}, now() - ${AGE} + interval '1 day'
      from aged
    returning id, workspace_id, created_at
  )
  insert into messages.part (message_id, sequence, workspace_id, connector_id, carrier_message_id, status, submitted_at,
                             finished_at)
  select id, 1, workspace_id, $4::uuid, md5(id::text), 'delivered', created_at, created_at + interval '2 seconds'
    from written`;

/** Writes that many messages of a workspace, in one transaction, and lets the sweep of contents begin anew. */
export function writeAged(
  url: string,
  messages: number,
  of: { readonly workspaceId: string; readonly connectorId: string },
): Promise<void> {
  return asOwner(url, async (client) => {
    await client.query(`select platform.create_partitions(now() - ${AGE})`);
    await client.query('begin');
    for (let from = 0; from < messages; from += ROWS_AT_ONCE) {
      const rows = Math.min(ROWS_AT_ONCE, messages - from);
      await client.query(INSERT, [of.workspaceId, from, rows, of.connectorId]);
    }
    await client.query(`update messages.content_mark set below = '00000000-0000-0000-0000-000000000000'`);
    await client.query('commit');
    await client.query('analyze messages.message');
  });
}

export interface AgedTable {
  readonly tableMb: number;
  readonly indexesMb: number;
  readonly deadRows: number;
  /** Messages of the day that still have content. */
  readonly left: number;
}

const PARTITION = `
  select tableoid::regclass::text as name
    from messages.message
   where id < platform.id_floor(now() - interval '3 days 1 hour')
   order by id
   limit 1`;

/** Reads the whole day: between measures, never within one. */
export function readAged(url: string): Promise<AgedTable> {
  return asOwner(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(PARTITION);
    const name = rows[0]!.name;
    const { rows: sizes } = await client.query<Record<'heap' | 'indexes' | 'dead' | 'left', string>>(
      `select pg_table_size($1::regclass) as heap, pg_indexes_size($1::regclass) as indexes,
              (select coalesce(n_dead_tup, 0) from pg_stat_user_tables where relid = $1::regclass) as dead,
              (select count(*) from ${name} where body is not null) as left`,
      [name],
    );
    const [size] = sizes;
    return {
      tableMb: megabytes(size!.heap),
      indexesMb: megabytes(size!.indexes),
      deadRows: Number(size!.dead),
      left: Number(size!.left),
    };
  });
}

const megabytes = (bytes: string) => Math.round(Number(bytes) / 104_857.6) / 10;

/** Whether the sweep has begun; one row is read. */
export const hasBegun = (url: string): Promise<boolean> =>
  asOwner(url, async (client) => {
    const { rows } = await client.query<{ begun: boolean }>(
      `select below > '00000000-0000-0000-0000-000000000000' as begun from messages.content_mark`,
    );
    return rows[0]!.begun;
  });

export interface Erasures {
  readonly total: number;
  readonly within: number;
  /** From the first to the last. */
  readonly seconds: number;
}

/** How many contents ended, how many of them between two moments (milliseconds since 1970), and how long it took. */
export function readErasures(url: string, fromMs: number, toMs: number): Promise<Erasures> {
  return asOwner(url, async (client) => {
    const { rows } = await client.query<Record<keyof Erasures, string>>(
      `select count(*) as total,
              count(*) filter (where erased_at between to_timestamp($1::float8 / 1000) and to_timestamp($2::float8 / 1000))
                as within,
              coalesce(extract(epoch from max(erased_at) - min(erased_at)), 0) as seconds
         from messages.message
        where id < platform.id_floor(now() - interval '3 days 1 hour')
          and erased_at is not null`,
      [fromMs, toMs],
    );
    const [row] = rows;
    return { total: Number(row!.total), within: Number(row!.within), seconds: Number(row!.seconds) };
  });
}
