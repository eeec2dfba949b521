// An archived cluster laid out again in a folder of its own and recovered there, apart from where a server would look.
import { chown, mkdir, open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import pg from 'pg';
import { type Account, clusterFolder, serverAccount } from '../db/binaries.ts';
import { startEmbedded } from '../db/embedded.ts';
import { Refusal } from '../errors.ts';
import { type DatabaseFacts, type Manifest, readArchive } from './archive.ts';
import { readRecovered } from './cluster-backup.sql.ts';
import { OWNER_PASSWORD } from './cluster-backup.ts';

/** Replaying the log of a backup that was taken under load takes long. */
const RECOVERY_LIMIT_MS = 6 * 3_600_000;

/**
 * Writes an archived cluster into `dataDir`, which holds nothing of the sort, owned as the server needs it. What is
 * there after a failure is of no use.
 */
export async function layOutCluster(archive: string, secret: Buffer, dataDir: string): Promise<Manifest> {
  const account = serverAccount();
  const cluster = clusterFolder(join(resolve(dataDir), 'postgres'), account);
  // Nothing is synced here: a server that starts from a backup syncs all its files before it recovers.
  return readArchive(archive, secret, {
    async folder(path) {
      await mkdir(join(cluster, path), { mode: 0o700 });
      await own(join(cluster, path), account);
    },
    async file(path): Promise<Writable> {
      const file = await open(join(cluster, path), 'wx', 0o600);
      const out = file.createWriteStream({ flush: path === OWNER_PASSWORD });
      await own(join(cluster, path), account);
      return out;
    },
  });
}

const own = async (path: string, account: Account | null) => {
  if (account) await chown(path, account.uid, account.gid);
};

/**
 * Recovers a laid-out cluster up to the end of its backup and stops it again. Throws a `Refusal` when it does not come
 * up, is another cluster than the manifest says, or ends before the backup does.
 */
export async function recoverCluster(
  dataDir: string,
  facts: DatabaseFacts,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const embedded = await startEmbedded({ dataDir, settings, startLimitMs: RECOVERY_LIMIT_MS });
  try {
    const client = new pg.Client({ connectionString: embedded.url });
    await client.connect();
    try {
      const { systemIdentifier, isBehind } = await readRecovered(client, facts.stop_lsn);
      if (systemIdentifier !== facts.system_identifier) throw mismatch('is of another cluster');
      if (isBehind) throw mismatch('ends before the backup did');
    } finally {
      await client.end();
    }
  } finally {
    await embedded.stop();
  }
}

const mismatch = (what: string) =>
  new Refusal(`The recovered database ${what} by the manifest of the backup.`, [
    'take another copy of the backup, or an earlier one',
  ]);
