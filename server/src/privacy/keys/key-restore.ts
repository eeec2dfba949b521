// Putting a restored key store into its place: laid out in a folder inside the empty key directory, changed there as
// the caller wants, then moved out, the identity last. A store without identity is none, so a process killed at any
// moment leaves nothing that opens.
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArchiveSink } from '#platform/archive';
import { Refusal } from '#platform/errors';
import { syncDirectory } from './key-file.ts';

const STAGE = 'restoring';

/** Throws a `Refusal` while a key directory holds what a killed restore left. */
export function refuseHalfRestoredKeys(directory: string): void {
  if (!existsSync(join(directory, STAGE))) return;
  throw new Refusal(`A restore into the key directory ${directory} did not finish.`, [
    'run sotto restore again with the backup of the keys',
    `to do without it: empty ${directory}`,
  ]);
}

/**
 * Lays a store out and puts it in place. `fill` gets the sink for its files, `prepare` the folder with the whole store.
 * When either fails, the directory is empty again. Throws a `Refusal` when it holds anything but what a killed restore left.
 */
export async function restoreKeyStore<T>(
  directory: string,
  fill: (sink: ArchiveSink) => Promise<T>,
  prepare: (stage: string, filled: T) => Promise<void>,
): Promise<T> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const stage = join(directory, STAGE);
  if (existsSync(stage)) await empty(directory);
  if ((await readdir(directory)).length > 0) {
    throw new Refusal(`The key directory ${directory} is not empty, and a restore replaces nothing.`, [
      'the living key store is newer than any backup of it: keep it, and restore the database alone',
      'set SOTTO_KEYS_DIR to an empty folder',
    ]);
  }
  try {
    await mkdir(stage, { mode: 0o700 });
    await mkdir(join(stage, 'drafts'), { mode: 0o700 });
    const filled = await fill(intoFolder(stage));
    await prepare(stage, filled);
    await moveOut(stage, directory);
    return filled;
  } catch (error) {
    await empty(directory);
    throw error;
  }
}

const intoFolder = (stage: string): ArchiveSink => ({
  folder: async (path) => void (await mkdir(join(stage, path), { mode: 0o700 })),
  file: async (path) => (await open(join(stage, path), 'wx', 0o600)).createWriteStream({ flush: true }),
});

async function moveOut(stage: string, directory: string): Promise<void> {
  for (const folder of ['epochs', 'keys']) {
    for (const name of await readdir(join(stage, folder), { recursive: true, withFileTypes: true })) {
      if (name.isDirectory()) await syncDirectory(join(name.parentPath, name.name));
    }
    await syncDirectory(join(stage, folder));
  }
  for (const name of ['drafts', 'epochs', 'keys', 'erasures'])
    await rename(join(stage, name), join(directory, name));
  await syncDirectory(directory);
  await rename(join(stage, 'identity'), join(directory, 'identity'));
  await rm(stage, { recursive: true });
  await syncDirectory(directory);
}

async function empty(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (name !== STAGE) await rm(join(directory, name), { recursive: true });
  }
  // The mark of a restore that did not finish goes last.
  await rm(join(directory, STAGE), { recursive: true, force: true });
}
