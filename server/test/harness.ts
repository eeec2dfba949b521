// What a database test stands on: a database of its own, cloned from the migrated template, whose clock the test
// moves. `npm test` starts one cluster for all files; a file run alone starts its own and stops it at the end.
import { randomBytes } from 'node:crypto';
import { after, before } from 'node:test';
import pg from 'pg';
import { alignTo } from '../src/platform/clock.ts';
import { Database } from '../src/platform/db/database.ts';
import { restartIds } from '../src/platform/ids.ts';
import { databaseUrl, onDatabase, startTestCluster, TEMPLATE } from './cluster.ts';

export interface TestDatabase {
  /** Connects as the owner. */
  readonly url: string;
  readonly db: Database;
  /** Runs SQL as the owner, past row-level security: for arranging and checking, never in the product. */
  sql<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Moves the database's clock forward (or back) by milliseconds; it goes on running from there. */
  advance(ms: number): Promise<void>;
  /** Sets the database's clock and lets it stand there, however long the test takes, until it is advanced. */
  standAt(moment: Date): Promise<void>;
}

/** The cluster of this run, given by `npm test`; unset when a test file runs alone. */
const SHARED_CLUSTER = 'SOTTO_TEST_CLUSTER_URL';

let ownCluster: Promise<{ url: string; stop(): Promise<void> }> | undefined;

async function clusterUrl(): Promise<string> {
  const shared = process.env[SHARED_CLUSTER];
  if (shared) return shared;
  ownCluster ??= startTestCluster();
  return (await ownCluster).url;
}

/**
 * Registers a database for the tests of this file (call at module or describe level, use inside tests). It is
 * cloned before the first test and dropped after the last.
 */
export function useDatabase(options: { connections?: number } = {}): TestDatabase {
  let url = '';
  let name = '';
  let db: Database | undefined;
  let owner: pg.Client | undefined;
  before(async () => {
    const cluster = await clusterUrl();
    name = `test_${randomBytes(6).toString('hex')}`;
    await onDatabase(cluster, (client) =>
      client.query(`create database ${name} template ${TEMPLATE} strategy file_copy`),
    );
    url = databaseUrl(cluster, name);
    db = new Database({
      url,
      connections: options.connections ?? 8,
      applicationName: 'sotto-test',
      // Hundreds of callers at once, on a machine that others share, are no fault of what is tested.
      connectTimeoutMs: 60_000,
    });
    owner = new pg.Client({ connectionString: url });
    await owner.connect();
  });
  after(async () => {
    await db?.end();
    await owner?.end();
    // The next database of this process begins at the time it is.
    alignTo(new Date());
    restartIds();
    const cluster = await clusterUrl();
    if (name)
      await onDatabase(cluster, (client) => client.query(`drop database if exists ${name} with (force)`));
    if (ownCluster) {
      const mine = await ownCluster;
      ownCluster = undefined;
      await mine.stop();
    }
  });
  return {
    get url() {
      return url;
    },
    get db() {
      return db!;
    },
    async sql<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) {
      const result = await owner!.query<Row>(text, values as unknown[]);
      return result.rows;
    },
    async advance(ms: number) {
      await owner!.query(
        `update sotto_test.clock
            set ahead = platform.clock() - statement_timestamp() + $1 * interval '1 millisecond', stands_at = null`,
        [ms],
      );
      await follow();
    },
    async standAt(moment: Date) {
      await owner!.query('update sotto_test.clock set stands_at = $1', [moment]);
      await follow();
    },
  };

  /** Partitions and ids of this process go with the clock. */
  async function follow(): Promise<void> {
    await owner!.query('select platform.create_partitions()');
    const { rows } = await owner!.query<{ now: Date }>('select platform.clock() as now');
    alignTo(rows[0]!.now);
  }
}
