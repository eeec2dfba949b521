// Which files of a running cluster belong into a backup, and how one is read while the server writes to it. Pages that
// are torn by that are repaired when the log is replayed: during a backup every first change of a page is logged whole
// (PostgreSQL 18, "Making a Base Backup Using the Low Level API").
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from '../errors.ts';

const PIECE_OCTETS = 256 * 1024;

/** Folders whose content belongs to the running server; they are made again empty. */
const EMPTIED = new Set([
  'pg_dynshmem',
  'pg_notify',
  'pg_replslot',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
  'pg_wal',
]);

/** Files of the running server, of a backup before this one, or of half-written settings. */
const LEFT_OUT = new Set([
  'backup_label',
  'backup_label.old',
  'backup_manifest',
  'current_logfiles',
  'pg_internal.init',
  'postgresql.auto.conf.tmp',
  'postmaster.opts',
  'postmaster.pid',
  'tablespace_map',
  'tablespace_map.old',
]);

/** Written last: recovery reads the rest by what it says. */
export const CONTROL_FILE = 'global/pg_control';

const isLeftOut = (name: string) => LEFT_OUT.has(name) || name.startsWith('pgsql_tmp');

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** A folder or file of a cluster, by its path inside the cluster's data folder. */
export interface ClusterFile {
  readonly path: string;
  readonly folder: boolean;
}

/**
 * Everything to be copied but the control file, folders before what is in them. Files may vanish until they are read.
 * Throws a `Refusal` on a symbolic link: what it leads to is not in the data folder, and could be the keys.
 */
export async function* clusterFiles(dataFolder: string, inside = ''): AsyncGenerator<ClusterFile> {
  for (const entry of await listed(join(dataFolder, inside))) {
    const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
    // The log may lie on a disk of its own; the folder is made again, and its content goes another way.
    if (EMPTIED.has(path)) {
      yield { path, folder: true };
      continue;
    }
    if (entry.isSymbolicLink()) {
      throw new Refusal(
        `The database has a link at ${path}, and what it leads to would not be in the backup.`,
        [
          'move what it leads to into its place',
          'back up the database with pg_basebackup of an own PostgreSQL',
        ],
      );
    }
    if (entry.isDirectory()) {
      if (entry.name === 'pgsql_tmp') continue;
      yield { path, folder: true };
      yield* clusterFiles(dataFolder, path);
    } else if (entry.isFile() && !isLeftOut(entry.name) && path !== CONTROL_FILE) {
      yield { path, folder: false };
    }
  }
}

async function listed(folder: string) {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Opens a file, or returns undefined when it vanished. */
export async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The file as long as it was when it was opened; what is appended later is in the log. Closes it. */
export async function* contentOf(file: FileHandle): AsyncGenerator<Buffer> {
  try {
    const { size } = await file.stat();
    for (let at = 0; at < size; ) {
      const piece = Buffer.allocUnsafe(Math.min(PIECE_OCTETS, size - at));
      const { bytesRead } = await file.read(piece, 0, piece.length, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield piece.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** How often a small file is read until two readings agree. */
const READS_MAX = 20;

/** A small file that is overwritten in place: read until two readings in a row are the same. */
export async function readSettled(path: string): Promise<Buffer> {
  let before = await readWhole(path);
  for (let reads = 1; reads < READS_MAX; reads += 1) {
    const now = await readWhole(path);
    if (now.equals(before)) return now;
    before = now;
  }
  throw new Error('The control file of the database kept changing while it was read');
}

async function readWhole(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  const pieces: Buffer[] = [];
  for await (const piece of contentOf(file)) pieces.push(piece);
  return Buffer.concat(pieces);
}
