// A freshly migrated database as production has it (its own clock, no test schema), for rendering and drift.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../src/platform/db/embedded.ts';
import { migrate } from '../src/platform/db/migrate.ts';
import { databaseUrl, onDatabase } from './cluster.ts';

/** Uses the cluster of the run when there is one, else starts its own. `stop` removes what was made. */
export async function migratedDatabaseUrl(): Promise<{ url: string; stop(): Promise<void> }> {
  const shared = process.env.SOTTO_TEST_CLUSTER_URL;
  if (shared) {
    const name = `fresh_${randomBytes(6).toString('hex')}`;
    await onDatabase(shared, (client) => client.query(`create database ${name} template template0`));
    const url = databaseUrl(shared, name);
    await migrate(url);
    return {
      url,
      stop: () =>
        onDatabase(shared, async (client) => void (await client.query(`drop database ${name} with (force)`))),
    };
  }
  const folder = mkdtempSync(join(tmpdir(), 'sotto-schema-'));
  chmodSync(folder, 0o755);
  const embedded = await startEmbedded({
    dataDir: folder,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  });
  await migrate(embedded.url);
  return {
    url: embedded.url,
    async stop() {
      await embedded.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
