// The master key: 32 random bytes as 64 hexadecimal digits in a file of mode 0600, apart from the keys it
// opens. Beside it, while it is being replaced and only then, lies `<file>.next`. A reader takes both, so
// there is no moment at which a start fails.
import { randomBytes } from 'node:crypto';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Refusal } from '#platform/errors';
import { createFile, syncDirectory } from './key-file.ts';
import { KEY_BYTES } from './wrapping.ts';

const nextOf = (path: string) => `${path}.next`;

/** The master keys that may open the store now: the current one, and the coming one while a rotation is under way. */
export interface MasterKeys {
  readonly current: Buffer;
  readonly next: Buffer | undefined;
}

async function readKey(path: string): Promise<Buffer | undefined> {
  let text: string;
  try {
    if (((await stat(path)).mode & 0o077) !== 0) {
      throw new Refusal(`The master key file ${path} can be read by other users.`, [`chmod 600 ${path}`]);
    }
    text = (await readFile(path, 'latin1')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  if (!/^[0-9a-fA-F]{64}$/.test(text)) {
    throw new Refusal(`The master key file ${path} does not hold 64 hexadecimal digits.`, [
      'Restore the file from its own backup; without it no stored content can be read.',
    ]);
  }
  return Buffer.from(text, 'hex');
}

/** Reads the master key file. Refuses a missing file, one others can read, and one that holds something else. */
export async function readMasterKeys(path: string): Promise<MasterKeys> {
  const current = await readKey(path);
  if (!current) {
    throw new Refusal(`There is no master key file at ${path}.`, [
      'Point SOTTO_MASTER_KEY_FILE at it, or restore it from its own backup.',
    ]);
  }
  return { current, next: await readKey(nextOf(path)) };
}

/** Makes a master key file, durable and 0600. False when there already is one, which stays as it is. */
export async function createMasterKeyFile(path: string): Promise<boolean> {
  const key = randomBytes(KEY_BYTES);
  const made = await createFile(dirname(path), path, Buffer.from(`${key.toString('hex')}\n`));
  if (made) await syncDirectory(dirname(path));
  key.fill(0);
  return made;
}

/** Makes the coming master key, or returns the one an interrupted rotation left. */
export async function prepareNextMaster(path: string): Promise<Buffer> {
  await createMasterKeyFile(nextOf(path));
  return (await readKey(nextOf(path)))!;
}

/** Puts the coming master key in place of the current one, whose bytes are overwritten as far as the file system allows. */
export async function promoteNextMaster(path: string): Promise<void> {
  const old = await open(path, 'r+');
  try {
    await rename(nextOf(path), path);
    await syncDirectory(dirname(path));
    await old.write(Buffer.alloc(2 * KEY_BYTES + 1), 0, 2 * KEY_BYTES + 1, 0);
    await old.datasync();
  } finally {
    await old.close();
  }
}
