import type pg from 'pg';

/** What the database says about itself, as the product's sessions see it. */
export interface DatabaseFacts {
  readonly version: number;
  readonly fsync: string;
  readonly synchronousCommit: string;
  readonly fullPageWrites: string;
  readonly encoding: string;
  readonly replica: boolean;
  readonly readOnly: string;
  /** Body of platform.clock() as PostgreSQL stores it; null when there is no such function. */
  readonly clock: string | null;
  /** Milliseconds since the epoch, by the database's own clock. */
  readonly nowMs: number;
}

/** Reads the facts on a connection of its own role; works before the first migration. */
export async function readDatabaseFacts(client: pg.ClientBase): Promise<DatabaseFacts> {
  const { rows } = await client.query<DatabaseFacts>(`
    select current_setting('server_version_num')::integer as version,
           current_setting('fsync') as fsync,
           current_setting('synchronous_commit') as "synchronousCommit",
           current_setting('full_page_writes') as "fullPageWrites",
           current_setting('server_encoding') as encoding,
           pg_is_in_recovery() as replica,
           current_setting('transaction_read_only') as "readOnly",
           pg_get_function_sqlbody(to_regprocedure('platform.clock()')) as clock,
           (extract(epoch from clock_reading.at) * 1000)::float8 as "nowMs"
      from (select pg_catalog.transaction_timestamp() as at) clock_reading`);
  return rows[0]!;
}
