// `sotto backup`: the embedded database into one sealed file, beside a running server or alone. The keys are never in
// it, which is what makes it harmless once they are destroyed.
import { type DatabaseFacts, readBackupSecret, type WrittenArchive, writeArchive } from '#platform/archive';
import { alignedNowMs } from '#platform/clock';
import { beginClusterBackup } from '#platform/cluster-backup';
import type { Config } from '#platform/config';
import { Refusal } from '#platform/errors';
import { refuseSharedCustody } from '#privacy';
import { backupPlace } from './backup-place.ts';
import { erasurePlace } from './erasure-gate.ts';
import { openDatabase } from './ground.ts';

export interface DatabaseBackup extends WrittenArchive {
  readonly file: string;
  readonly facts: DatabaseFacts;
}

/** Writes a backup to a file, or into a folder. Throws a Refusal with ways out; then nothing was written. */
export async function backUpDatabase(config: Config, target: string): Promise<DatabaseBackup> {
  if (config.databaseUrl !== undefined) throw external();
  refuseKeysInside(config);
  const secret = await readBackupSecret(config.backupKeyFile);
  const file = backupPlace(target, 'sotto-database', new Date(alignedNowMs()), config);
  const closers: (() => Promise<unknown>)[] = [];
  try {
    const { url } = await openDatabase(config, closers);
    // A database that ran under releases before the log has none yet.
    const place = erasurePlace(config, closers);
    const erasures = (await place.exists()) ? await (await place.open()).head() : null;
    const backup = await beginClusterBackup(url);
    let facts: DatabaseFacts | undefined;
    try {
      const written = await writeArchive(file, secret, {
        entries: backup.entries,
        facts: () => {
          facts = { ...backup.facts(), erasures };
          return facts;
        },
      });
      return { ...written, file, facts: facts! };
    } finally {
      await backup.close();
    }
  } finally {
    secret.fill(0);
    for (const close of closers.reverse()) await close();
  }
}

/** What is copied is the database's own folder; that nothing else lies there is made sure of all the same. */
function refuseKeysInside(config: Config): void {
  if (config.keysUrl === undefined) {
    refuseSharedCustody({
      keysDirectory: config.keysDir,
      masterKeyFile: config.masterKeyFile,
      dataDirectory: config.dataDir,
    });
  }
}

const external = () =>
  new Refusal('The database is not embedded (SOTTO_DATABASE_URL), so Sotto cannot copy its files.', [
    'back it up with its own tools: pg_basebackup and an archive of its log',
    'see whether it is ready for that: sotto backup --check-external',
  ]);
