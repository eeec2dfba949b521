// What every process stands on, and every command that works without the server: the database, migrated and found
// durable, the keys, and the clock aligned. Opened in this order, closed in the other.
import { existsSync } from 'node:fs';
import pg from 'pg';
import { alignClock } from '#platform/clock-alignment';
import type { Config } from '#platform/config';
import { Database } from '#platform/database';
import { assertDurable } from '#platform/durability';
import { type EmbeddedPostgres, startEmbedded } from '#platform/embedded';
import { migrate } from '#platform/migrate';
import type { PurposesInForce } from '#platform/purposes-in-force';
import {
  type DirectoryKeyStore,
  type Keyring,
  openDirectoryKeyStore,
  openKeyring,
  openPostgresKeyStore,
  type PostgresKeyStore,
  refuseHalfRestoredKeys,
  refuseSharedCustody,
  refuseUnfitKeyCluster,
} from '#privacy';
import { type ErasureLog, withRecordedDestruction } from '#privacy/erasures';
import { enterDataDirectory, makeDataDirectory, refuseHalfRestored } from './data-directory.ts';
import { stopEmbedded } from './embedded-owner.ts';
import { erasurePlace, type GateParts, passErasureGate } from './erasure-gate.ts';
import { foreignKeys, hasCustody, holdCustody } from './key-custody.ts';
import { refuseUnmigrated } from './migration-state.ts';

export interface Ground {
  readonly db: Database;
  readonly keyring: Keyring;
  /** Remembers in the erasure log what is destroyed in it. */
  readonly keyStore: DirectoryKeyStore | PostgresKeyStore;
  readonly erasureLog: ErasureLog;
  /** Connects as the owner, for commands that need it. Never logged. */
  readonly ownerUrl: string;
  readonly embedded: EmbeddedPostgres | null;
  close(): Promise<void>;
}

export interface GroundOptions {
  /** Commands leave the schema as it is, and refuse one that is behind. */
  readonly migrate?: boolean;
  /** Purposes of the policy in force; all of them when left out. */
  readonly purposes?: PurposesInForce;
  /** How the erasure log is opened. Left out: it is replayed, and what it lacks is refused. */
  readonly openErasures?: (parts: GateParts) => Promise<ErasureLog>;
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
  const { openErasures = passErasureGate } = options;
  const closers: (() => Promise<unknown>)[] = [];
  try {
    const { url: ownerUrl, embedded } = await openDatabase(config, closers);
    if (options.migrate ?? true) await migrate(ownerUrl);
    else await refuseUnmigrated(ownerUrl);
    const { purposes } = options;
    const db = new Database({
      url: ownerUrl,
      connections: config.databaseConnections,
      ...(purposes ? { purposes } : {}),
    });
    closers.push(() => db.end());
    await assertDurable(db, { production: config.production, unsafe: config.unsafeDurability });
    await alignClock(db);
    const bareStore = await openKeyStore(config, ownerUrl, closers);
    await holdCustody(ownerUrl, bareStore, config);
    const erasureLog = await openErasures({
      place: erasurePlace(config, closers),
      ownerUrl,
      db,
      keyStore: bareStore,
    });
    const keyStore = withRecordedDestruction(bareStore, erasureLog);
    const keyring = await openKeyring(keyStore);
    closers.push(() => keyring.close());
    return { db, keyring, keyStore, erasureLog, ownerUrl, embedded, close: () => closeAll(closers) };
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

/** The database alone, as `sotto migrate` and `sotto doctor` want it. `closers` get what ends it. */
export async function openDatabase(
  config: Config,
  closers: (() => Promise<unknown>)[],
): Promise<{ readonly url: string; readonly embedded: EmbeddedPostgres | null }> {
  if (config.databaseUrl) return { url: config.databaseUrl.reveal(), embedded: null };
  makeDataDirectory(config.dataDir);
  refuseHalfRestored(config.dataDir);
  const presence = await enterDataDirectory(config.dataDir);
  try {
    refuseHalfRestored(config.dataDir);
    const embedded = await startEmbedded({
      dataDir: config.dataDir,
      settings: { shared_buffers: `${config.embeddedSharedBuffersMb}MB` },
    });
    closers.push(() => presence.leave(() => stopEmbedded(embedded)));
    return { url: embedded.url, embedded };
  } catch (error) {
    await presence.leave(async () => undefined);
    throw error;
  }
}

async function openKeyStore(
  config: Config,
  ownerUrl: string,
  closers: (() => Promise<unknown>)[],
): Promise<DirectoryKeyStore | PostgresKeyStore> {
  const { masterKeyFile } = config;
  const isNew = !(await hasCustody(ownerUrl));
  if (config.keysUrl === undefined) {
    refuseHalfRestoredKeys(config.keysDir);
    if (!isNew && !existsSync(config.keysDir)) {
      throw foreignKeys(config, 'The key store this database was written under is missing');
    }
    const store = await openDirectoryKeyStore({
      directory: config.keysDir,
      masterKeyFile,
      initialise: isNew,
    });
    closers.push(() => store.close());
    return store;
  }
  const pool = new pg.Pool({
    connectionString: config.keysUrl.reveal(),
    max: 4,
    application_name: 'sotto-keys',
  });
  pool.on('error', () => undefined);
  closers.push(() => pool.end());
  await refuseUnfitKeyCluster(pool, await systemIdentifier(ownerUrl));
  // Production names a master key that exists; a new one there would hide that a volume is missing.
  const initialise = isNew && !config.production;
  const store = await openPostgresKeyStore({ pool, masterKeyFile, initialise });
  closers.push(() => store.close());
  return store;
}

/** What tells one cluster from every other, copies of its files apart. */
export async function systemIdentifier(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string }>(
      'select system_identifier::text as id from pg_control_system()',
    );
    return rows[0]!.id;
  } finally {
    await client.end();
  }
}

async function closeAll(closers: (() => Promise<unknown>)[]): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close().catch(() => undefined);
}
