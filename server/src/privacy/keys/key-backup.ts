// A backup of the embedded key store: its files as they lie there, keys wrapped under their epoch, epochs under the
// master key. The master key is not among them and has its own copy elsewhere. Whoever restores it brings back every
// key that was destroyed since, which is why it lives shortly and why a restored store is led through the erasure log
// before it has its place.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArchiveEntry } from '#platform/archive';
import type { KeyStore } from './key-store.ts';

/** Folders of a store that hold keys; drafts and locks are of the moment. */
const FOLDERS = ['epochs', 'keys'] as const;

/**
 * The store's files, read while nobody rotates it; keys may be made and destroyed meanwhile. A key that is destroyed
 * while they are read stands in the erasure log behind the mark that the store's file `erasures` names, so a replay
 * destroys it again.
 */
export async function* keyStoreEntries(
  directory: string,
  store: Pick<KeyStore, 'exclusively'>,
): AsyncGenerator<ArchiveEntry> {
  // First: a mark read later could be ahead of keys that were read before it.
  yield await fileEntry(directory, 'erasures');
  const rotation = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const whole = store.exclusively(async () => {
    held.resolve();
    await rotation.promise;
  });
  try {
    await Promise.race([held.promise, whole]);
    for (const folder of FOLDERS) yield* folderEntries(directory, folder);
    yield await fileEntry(directory, 'identity');
  } finally {
    rotation.resolve();
    await whole;
  }
}

async function* folderEntries(directory: string, folder: string): AsyncGenerator<ArchiveEntry> {
  yield { path: folder };
  for (const entry of await readdir(join(directory, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* folderEntries(directory, path);
    else yield await fileEntry(directory, path);
  }
}

const fileEntry = async (directory: string, path: string): Promise<ArchiveEntry> => ({
  path,
  content: [await readFile(join(directory, path))],
});
