// How far the erasure log was applied to the database, in the database: a restored one remembers what its backup knew.
import pg from 'pg';
import type { ErasureMark } from '#privacy';
import type { ErasureMemory } from '#privacy/erasures';
import { MIGRATIONS } from './migration-state.ts';

/** The memory of the database that `url` connects to as owner. Its table is made when it is first written. */
export const erasureMemory = (url: string): ErasureMemory => ({
  read: () =>
    withClient(url, async (client) => {
      const { rows: found } = await client.query<{ there: boolean }>(
        'select to_regclass($1) is not null as there',
        [`${MIGRATIONS}.erasures_applied`],
      );
      if (!found[0]!.there) return null;
      const { rows } = await client.query<ErasureMark>(
        `select log::text, sequence::integer, chain from ${MIGRATIONS}.erasures_applied`,
      );
      return rows[0] ?? null;
    }),
  write: (mark) =>
    withClient(url, async (client) => {
      // Processes that start together: `if not exists` alone does not keep them apart. Ends with the connection.
      await client.query('select pg_advisory_lock($1)', [MEMORY_LOCK]);
      await client.query(
        `create table if not exists ${MIGRATIONS}.erasures_applied (
           is_only boolean primary key default true check (is_only),
           log uuid not null,
           sequence bigint not null,
           chain text not null
         )`,
      );
      await client.query(
        `insert into ${MIGRATIONS}.erasures_applied (log, sequence, chain) values ($1, $2, $3)
         on conflict (is_only)
         do update set log = excluded.log, sequence = excluded.sequence, chain = excluded.chain`,
        [mark.log, mark.sequence, mark.chain],
      );
    }),
});

/** Any constant serves, as long as every release uses the same one. */
const MEMORY_LOCK = 5_077_003;

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'sotto-erasures' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
