// Database and key store belong together: under another key store everything sealed reads as lost. The database
// remembers a fingerprint of the store it was written under, so that a volume that is not mounted, or a folder that
// was deleted, ends a start with a sentence instead of becoming a new, empty store.
import { createHash } from 'node:crypto';
import pg from 'pg';
import type { Config } from '#platform/config';
import { Refusal } from '#platform/errors';
import type { KeyStore } from '#privacy';
import { MIGRATIONS } from './migration-state.ts';

/** Any constant serves, as long as every release uses the same one. */
const CUSTODY_LOCK = 5_077_002;

/** Whether the database was ever written under a key store. `url` connects as owner. */
export const hasCustody = async (url: string): Promise<boolean> =>
  (await fingerprintIn(url, null)) !== undefined;

/**
 * Binds a new database to the store. Throws a Refusal when it was written under another one, and in production when
 * it is new while the store has keys of an earlier one. May be repeated.
 */
export async function holdCustody(url: string, store: KeyStore, config: Config): Promise<void> {
  if (config.production && !(await hasCustody(url)) && (await store.census()).living > 0) {
    throw new Refusal('The database is new, but the key store has keys of an earlier one.', [
      'mount or restore the earlier database',
      'to begin anew: set SOTTO_KEYS_DIR or SOTTO_KEYS_URL to an empty store',
    ]);
  }
  const fingerprint = createHash('sha256')
    .update('key store')
    .update(store.identity)
    .digest('hex')
    .slice(0, 16);
  if ((await fingerprintIn(url, fingerprint)) !== fingerprint) {
    throw foreignKeys(config, 'The key store is not the one this database was written under');
  }
}

/** A database whose keys are elsewhere. `found` begins the sentence. */
export function foreignKeys(config: Config, found: string): Refusal {
  const store = config.keysUrl === undefined ? config.keysDir : 'the one SOTTO_KEYS_URL names';
  return new Refusal(`${found} (${store}), and nothing sealed in it could be read.`, [
    'mount or restore the key store the database was written under, or point SOTTO_KEYS_DIR at it',
    ...(config.production || config.databaseUrl !== undefined
      ? []
      : [
          `in development, to begin anew: delete ${config.dataDir}, ${config.keysDir}, ${config.erasureLog} and the master key file`,
        ]),
  ]);
}

/** The fingerprint the database has; `wanted` is recorded when it has none. */
async function fingerprintIn(url: string, wanted: string | null): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: url, application_name: 'sotto-custody' });
  await client.connect();
  try {
    // Processes that start together: `if not exists` alone does not keep them apart. Ends with the connection.
    await client.query('select pg_advisory_lock($1)', [CUSTODY_LOCK]);
    await client.query(
      `create table if not exists ${MIGRATIONS}.key_store (
         is_only boolean primary key default true check (is_only),
         fingerprint text not null
       )`,
    );
    if (wanted !== null) {
      await client.query(
        `insert into ${MIGRATIONS}.key_store (fingerprint) values ($1) on conflict do nothing`,
        [wanted],
      );
    }
    const { rows } = await client.query<{ fingerprint: string }>(
      `select fingerprint from ${MIGRATIONS}.key_store`,
    );
    return rows[0]?.fingerprint;
  } finally {
    await client.end();
  }
}
