// What every process stands on, and every command that works without the server: the database, migrated and found
// durable, the keys, and the clock aligned. Opened in this order, closed in the other.
import pg from 'pg';
import { alignClock } from '#platform/clock-alignment';
import type { Config } from '#platform/config';
import { Database } from '#platform/database';
import { assertDurable } from '#platform/durability';
import { type EmbeddedPostgres, startEmbedded } from '#platform/embedded';
import { migrate } from '#platform/migrate';
import {
  type Keyring,
  openDirectoryKeyStore,
  openKeyring,
  openPostgresKeyStore,
  refuseSharedCustody,
  refuseUnfitKeyCluster,
} from '#privacy';

export interface Ground {
  readonly db: Database;
  readonly keyring: Keyring;
  /** Connects as the owner, for commands that need it. Never logged. */
  readonly ownerUrl: string;
  readonly embedded: EmbeddedPostgres | null;
  close(): Promise<void>;
}

export interface GroundOptions {
  /** Read-only commands leave the schema as it is. */
  readonly migrate?: boolean;
}

/** Opens the ground. Throws a Refusal with ways out when something may not be stood on. */
export async function openGround(config: Config, options: GroundOptions = {}): Promise<Ground> {
  if (config.keysUrl === undefined) {
    refuseSharedCustody({
      keysDirectory: config.keysDir,
      masterKeyFile: config.masterKeyFile,
      dataDirectory: config.dataDir,
    });
  }
  const embedded = config.databaseUrl
    ? null
    : await startEmbedded({
        dataDir: config.dataDir,
        settings: { shared_buffers: `${config.embeddedSharedBuffersMb}MB` },
      });
  const closers: (() => Promise<unknown>)[] = [];
  if (embedded) closers.push(() => embedded.stop());
  try {
    const ownerUrl = embedded ? embedded.url : config.databaseUrl!.reveal();
    if (options.migrate ?? true) await migrate(ownerUrl);
    const db = new Database({ url: ownerUrl, connections: config.databaseConnections });
    closers.push(() => db.end());
    await assertDurable(db, { production: config.production, unsafe: config.unsafeDurability });
    await alignClock(db);
    const keyring = await openKeys(config, ownerUrl, closers);
    closers.push(() => keyring.close());
    return { db, keyring, ownerUrl, embedded, close: () => closeAll(closers) };
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

async function openKeys(config: Config, ownerUrl: string, closers: (() => Promise<unknown>)[]): Promise<Keyring> {
  const { masterKeyFile } = config;
  // Production names a master key that exists; a new one there would hide that a volume is missing.
  const initialise = !config.production;
  if (config.keysUrl === undefined) {
    const store = await openDirectoryKeyStore({ directory: config.keysDir, masterKeyFile, initialise: true });
    closers.push(() => store.close());
    return openKeyring(store);
  }
  const pool = new pg.Pool({ connectionString: config.keysUrl.reveal(), max: 4, application_name: 'sotto-keys' });
  pool.on('error', () => undefined);
  closers.push(() => pool.end());
  await refuseUnfitKeyCluster(pool, await systemIdentifier(ownerUrl));
  const store = await openPostgresKeyStore({ pool, masterKeyFile, initialise });
  closers.push(() => store.close());
  return openKeyring(store);
}

/** What tells one cluster from every other, copies of its files apart. */
async function systemIdentifier(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string }>('select system_identifier::text as id from pg_control_system()');
    return rows[0]!.id;
  } finally {
    await client.end();
  }
}

async function closeAll(closers: (() => Promise<unknown>)[]): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close().catch(() => undefined);
}
