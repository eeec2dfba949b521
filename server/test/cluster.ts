// One PostgreSQL cluster for a test run: real, embedded, migrated once into a template that every test file
// clones. Its durability is switched off; the fault harness uses clusters of its own with durability on.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbedded } from '../src/platform/db/embedded.ts';
import { migrate } from '../src/platform/db/migrate.ts';

export const TEMPLATE = 'sotto_template';

export interface TestCluster {
  /** Connects to the maintenance database as the owner; replace the path for another database. */
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** The same connection with another database name. */
export const databaseUrl = (url: string, database: string): string =>
  url.replace(/@\/[^?]*/, `@/${database}`);

/** Runs statements on a connection of its own. */
export async function onDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * In tests the clock is the database's time plus an offset that a test moves, or it stands where a test set it. The
 * function keeps its name and nature, so everything that decides by it follows.
 */
const MOVABLE_CLOCK = `
  create schema sotto_test;
  grant usage on schema sotto_test to sotto_tenant, sotto_batch;
  create table sotto_test.clock (ahead interval not null, stands_at timestamptz);
  insert into sotto_test.clock values (interval '0');
  grant select on sotto_test.clock to sotto_tenant, sotto_batch;
  create or replace function platform.clock() returns timestamptz language sql stable parallel safe
  return (select coalesce(stands_at, statement_timestamp() + ahead) from sotto_test.clock);`;

/** Starts a cluster in a temporary folder with the migrated template in it. The caller stops it. */
export async function startTestCluster(): Promise<TestCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-test-'));
  // The account PostgreSQL runs under when we are root must be able to enter.
  chmodSync(folder, 0o755);
  let embedded: EmbeddedPostgres;
  try {
    embedded = await startEmbedded({
      dataDir: folder,
      settings: {
        fsync: 'off',
        synchronous_commit: 'off',
        full_page_writes: 'off',
        max_connections: '300',
        shared_buffers: '128MB',
        autovacuum_naptime: '60s',
      },
    });
    const maintenance = databaseUrl(embedded.url, 'postgres');
    await onDatabase(maintenance, (client) => client.query(`create database ${TEMPLATE}`));
    await migrate(databaseUrl(embedded.url, TEMPLATE));
    await onDatabase(databaseUrl(embedded.url, TEMPLATE), (client) => client.query(MOVABLE_CLOCK));
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    url: databaseUrl(embedded.url, 'postgres'),
    pid: embedded.pid,
    async stop() {
      await embedded.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
