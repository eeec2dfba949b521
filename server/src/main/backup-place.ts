// Where a backup is written: into a folder, under a name with its time, or under the name that was given.
import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Config } from '#platform/config';
import { Refusal } from '#platform/errors';
import { refuseBackupIn } from '#privacy';

const SUFFIX = '.backup';

/**
 * The file a backup goes to. `name` begins the file's name in a folder, `at` follows it. Throws a Refusal when a file
 * is there already, when its folder is not, and when it lies in the data directory or the key directory.
 */
export function backupPlace(target: string, name: string, at: Date, config: Config): string {
  const wanted = resolve(target);
  const isFolder = existsSync(wanted) && statSync(wanted).isDirectory();
  const stamp = at
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '');
  const file = isFolder ? join(wanted, `${name}-${stamp}${SUFFIX}`) : wanted;
  refuseBackupIn(file, [config.dataDir, config.keysDir]);
  if (existsSync(file)) {
    throw new Refusal(`${file} exists already, and a backup replaces nothing.`, ['name another file']);
  }
  if (!existsSync(dirname(file))) {
    throw new Refusal(`There is no folder ${dirname(file)}.`, [`make it: mkdir -p ${dirname(file)}`]);
  }
  return file;
}
