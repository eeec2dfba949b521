// A backup of the embedded cluster while it runs: the data files as they lie between two calls of the server, and the
// log of that time, from which recovery makes one moment of them: the end.
//
//   idle -> started (pg_backup_start; a slot keeps the log) -> stopped (pg_backup_stop) -> closed
//
// Backup and slot belong to the session, so a backup that is killed has ended for the server as well.
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { Refusal } from '../errors.ts';
import type { ArchiveEntry, DatabaseFacts } from './archive.ts';
import {
  type ClusterFacts,
  readApplied,
  readClusterFacts,
  type StoppedBackup,
  startBackup,
  stopBackup,
} from './cluster-backup.sql.ts';
import { CONTROL_FILE, clusterFiles, contentOf, openIfThere, readSettled } from './cluster-files.ts';
import { walSegments } from './wal-segments.ts';

/** In the archive, the cluster's data folder, and beside it the password its owner role was made with. */
export const DATA = 'data';
export const OWNER_PASSWORD = 'owner-password';
const LABEL = 'backup_label';

export interface ClusterBackup {
  readonly entries: AsyncIterable<ArchiveEntry>;
  /** Known once every entry was taken. */
  facts(): Omit<DatabaseFacts, 'erasures'>;
  /** Ends the session, and with it a backup that is not stopped yet. May be repeated. */
  close(): Promise<void>;
}

/**
 * Begins a backup of the cluster that `url` connects to as its superuser, on this machine. Throws a `Refusal` for a
 * database that is new, that has tablespaces, or that is a standby.
 */
export async function beginClusterBackup(url: string): Promise<ClusterBackup> {
  const session = new pg.Client({ connectionString: url, application_name: 'sotto-backup' });
  // A database that goes away fails the next call, which says so.
  session.on('error', () => undefined);
  await session.connect();
  try {
    const cluster = await readClusterFacts(session);
    refuseUnfit(cluster);
    const applied = await readApplied(session);
    if (applied === null) {
      throw new Refusal('The database is new: there is nothing in it to back up.', [
        'start Sotto: npm start',
      ]);
    }
    const start = await startBackup(session, `sotto_backup_${randomBytes(6).toString('hex')}`);
    let stopped: StoppedBackup | undefined;

    async function* entries(): AsyncGenerator<ArchiveEntry> {
      const at = (path: string) => join(cluster.dataFolder, path);
      yield* named(OWNER_PASSWORD, join(dirname(cluster.dataFolder), 'owner-password'));
      yield { path: DATA };
      for await (const { path, folder } of clusterFiles(cluster.dataFolder)) {
        if (folder) yield { path: `${DATA}/${path}` };
        else yield* named(`${DATA}/${path}`, at(path));
      }
      yield { path: `${DATA}/${CONTROL_FILE}`, content: [await readSettled(at(CONTROL_FILE))] };
      stopped = await stopBackup(session);
      yield { path: `${DATA}/${LABEL}`, content: [Buffer.from(stopped.label)] };
      for (const folder of ['archive_status', 'summaries']) yield { path: `${DATA}/pg_wal/${folder}` };
      const stretch = { start, stop: stopped.lsn };
      for (const segment of walSegments(cluster.timeline, cluster.walSegmentOctets, stretch)) {
        const file = await openIfThere(at(`pg_wal/${segment}`));
        if (file === undefined) throw new Error(`The log segment ${segment} is gone before it was copied`);
        yield { path: `${DATA}/pg_wal/${segment}`, content: contentOf(file) };
      }
    }

    return {
      entries: entries(),
      facts() {
        if (stopped === undefined) throw new Error('A backup has facts once it is stopped');
        return {
          kind: 'database',
          created_at: applied.at.toISOString(),
          postgres_version: cluster.version,
          system_identifier: cluster.systemIdentifier,
          migration: applied.migration,
          start_lsn: start,
          stop_lsn: stopped.lsn,
        };
      },
      close: () => session.end(),
    };
  } catch (error) {
    await session.end().catch(() => undefined);
    throw error;
  }
}

/** The file under its name in the archive; nothing when it vanished. */
async function* named(path: string, file: string): AsyncGenerator<ArchiveEntry> {
  const opened = await openIfThere(file);
  if (opened !== undefined) yield { path, content: contentOf(opened) };
}

function refuseUnfit({ tablespaces, isRecovering }: ClusterFacts): void {
  if (tablespaces > 0) {
    throw new Refusal('The database has tablespaces, whose files lie outside the data directory.', [
      'move their tables back: alter table ... set tablespace pg_default',
    ]);
  }
  if (isRecovering) {
    throw new Refusal('The database is recovering, and cannot be backed up meanwhile.', ['try again later']);
  }
}
