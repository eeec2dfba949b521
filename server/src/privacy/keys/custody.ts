// Keys that lie inside what is backed up with the data protect nothing: whoever restores the backup restores
// the keys (E-KEY-CUSTODY). Paths are compared after symbolic links are resolved.
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { Refusal } from '#platform/errors';

/** The real path of something that may not exist yet: of its nearest ancestor that does. */
function realPath(path: string): string {
  const absolute = resolve(path);
  if (existsSync(absolute)) return realpathSync(absolute);
  const parent = dirname(absolute);
  return parent === absolute ? absolute : join(realPath(parent), basename(absolute));
}

function isInside(path: string, directory: string): boolean {
  const way = relative(realPath(directory), realPath(path));
  return way === '' || (!way.startsWith('..') && !isAbsolute(way));
}

export interface Custody {
  readonly keysDirectory: string;
  readonly masterKeyFile: string;
  readonly dataDirectory: string;
}

/** Throws a `Refusal` when the key store, the master key and the data directory are not apart from each other. */
export function refuseSharedCustody({ keysDirectory, masterKeyFile, dataDirectory }: Custody): void {
  const apart =
    'Choose directories that do not contain each other, on volumes that are backed up separately.';
  if (isInside(keysDirectory, dataDirectory)) {
    throw new Refusal(
      `E-KEY-CUSTODY: the key directory ${keysDirectory} lies inside the data directory ${dataDirectory}, so every backup of the data would carry its keys.`,
      [`Set SOTTO_KEYS_DIR to a directory outside it.`, apart],
    );
  }
  if (isInside(dataDirectory, keysDirectory)) {
    throw new Refusal(
      `E-KEY-CUSTODY: the data directory ${dataDirectory} lies inside the key directory ${keysDirectory}, so every backup of the keys would carry the data.`,
      [`Set SOTTO_DATA_DIR to a directory outside it.`, apart],
    );
  }
  if (isInside(masterKeyFile, dataDirectory) || isInside(masterKeyFile, keysDirectory)) {
    throw new Refusal(
      `E-KEY-CUSTODY: the master key file ${masterKeyFile} lies beside what it protects, so a copy of one is a copy of both.`,
      ['Set SOTTO_MASTER_KEY_FILE to a file outside the key directory and the data directory.'],
    );
  }
}

/** Throws a `Refusal` when the file lies in one of the directories, whose restored backup would take it back in time. */
export function refuseErasureLogIn(erasureLog: string, directories: readonly string[]): void {
  for (const directory of directories) {
    if (!isInside(erasureLog, directory)) continue;
    throw new Refusal(
      `The erasure log ${erasureLog} lies in ${directory}, so a restored backup of it would forget what was erased since.`,
      ['Set SOTTO_ERASURE_LOG to a file outside the data directory and the key directory.'],
    );
  }
}

/** Throws a `Refusal` when a file that is being written would lie in what it is a backup of, or beside its keys. */
export function refuseBackupIn(file: string, directories: readonly string[]): void {
  for (const directory of directories) {
    if (!isInside(file, directory)) continue;
    throw new Refusal(`E-KEY-CUSTODY: the backup ${file} would lie in ${directory}, which it must outlive.`, [
      'name a folder outside the data directory and the key directory, on another disk if there is one',
    ]);
  }
}
