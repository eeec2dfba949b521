// A file that appears under its name whole or not at all, and never in the place of another: written under a name of
// its own, synced, linked to the wanted name (which fails where there is one), and its folder synced.
import { randomUUID } from 'node:crypto';
import { type FileHandle, link, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Refusal } from '../errors.ts';

/** Makes what a folder lists durable. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * Lets `write` fill a new file at `path`. Whatever goes wrong, nothing stands under `path`; a killed process leaves a
 * file whose name ends in `.partial`. Throws a `Refusal` where `path` exists already.
 */
export async function makeNewFile<T>(path: string, write: (file: FileHandle) => Promise<T>): Promise<T> {
  const partial = `${path}.${randomUUID().slice(0, 8)}.partial`;
  const file = await open(partial, 'wx', 0o600);
  try {
    let result: T;
    try {
      result = await write(file);
      await file.sync();
    } finally {
      await file.close().catch(() => undefined);
    }
    await link(partial, path);
    return result;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw exists(path, error);
    throw error;
  } finally {
    await rm(partial, { force: true });
    await syncFolder(dirname(path)).catch(() => undefined);
  }
}

export const exists = (path: string, cause?: unknown) =>
  new Refusal(`${path} exists already, and a backup replaces nothing.`, ['name another file'], cause);
