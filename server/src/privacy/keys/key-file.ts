// One key in one file of fixed size that never moves once it has its name:
//
//   "SOTTOKEY" 8 | slot 68 | slot 68          144 bytes; a slot is a wrapped key (wrapping.ts) or zeros
//
// living -> destroyed. Destroying overwrites the file in place with zeros, and the zeroed file is the
// tombstone: creation goes through link(2), which never replaces a name. Moving a key to another wrapper fills
// the empty slot first and clears the other one after, so a process killed in between leaves a key that opens.
// Only creation writes the header: whoever rewraps while another process destroys cannot bring the key back.
import { randomUUID } from 'node:crypto';
import { type FileHandle, link, open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { KeyStoreFault } from './key-store.ts';
import { WRAPPED_BYTES, WRAPPER_BYTES } from './wrapping.ts';

const HEADER = Buffer.from('SOTTOKEY');
const SLOTS_AT = HEADER.length;
export const KEY_FILE_BYTES = SLOTS_AT + 2 * WRAPPED_BYTES;
const ZEROS = Buffer.alloc(KEY_FILE_BYTES);

export type KeyFile =
  | { readonly state: 'absent' }
  | { readonly state: 'destroyed'; readonly residue: boolean }
  | { readonly state: 'living'; readonly slots: readonly (Buffer | undefined)[] };

const missing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';
const taken = (error: unknown) => (error as NodeJS.ErrnoException).code === 'EEXIST';

/** Makes the entries of a directory durable. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/**
 * Writes a file that did not exist, whole or not at all: temporary file, fdatasync, link. The directory of
 * `path` still has to be synced. False when the name is taken, be it by a living file or a tombstone.
 */
export async function createFile(temporary: string, path: string, content: Buffer): Promise<boolean> {
  const draft = join(temporary, `${process.pid}-${randomUUID()}`);
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.datasync();
  } finally {
    await file.close();
  }
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (!taken(error)) throw error;
    return false;
  } finally {
    await unlink(draft);
  }
}

/** Writes a file over the one that has its name, whole or not at all. The directory of `path` still has to be synced. */
export async function replaceFile(temporary: string, path: string, content: Buffer): Promise<void> {
  const draft = join(temporary, `${process.pid}-${randomUUID()}`);
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

/** A new key file wrapped once, or a tombstone for a key that was never made. */
export function createKeyFile(
  temporary: string,
  path: string,
  wrapped: Buffer | 'destroyed',
): Promise<boolean> {
  const content = Buffer.from(ZEROS);
  if (wrapped !== 'destroyed') {
    HEADER.copy(content);
    wrapped.copy(content, SLOTS_AT);
  }
  return createFile(temporary, path, content);
}

function parse(path: string, content: Buffer): KeyFile {
  if (content.length !== KEY_FILE_BYTES) throw new KeyStoreFault(`Not a key file: ${path}`);
  const header = content.subarray(0, SLOTS_AT);
  if (header.equals(ZEROS.subarray(0, SLOTS_AT)))
    return { state: 'destroyed', residue: !content.equals(ZEROS) };
  if (!header.equals(HEADER)) throw new KeyStoreFault(`Not a key file: ${path}`);
  const slots = [0, 1].map((slot) => {
    const at = SLOTS_AT + slot * WRAPPED_BYTES;
    const wrapped = content.subarray(at, at + WRAPPED_BYTES);
    return wrapped.subarray(0, WRAPPER_BYTES).equals(ZEROS.subarray(0, WRAPPER_BYTES)) ? undefined : wrapped;
  });
  return { state: 'living', slots };
}

async function contentOf(path: string, file: FileHandle): Promise<KeyFile> {
  const content = Buffer.alloc(KEY_FILE_BYTES);
  const { bytesRead } = await file.read(content, 0, KEY_FILE_BYTES, 0);
  return parse(path, content.subarray(0, bytesRead));
}

export async function readKeyFile(path: string): Promise<KeyFile> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (missing(error)) return { state: 'absent' };
    throw error;
  }
  try {
    return await contentOf(path, file);
  } finally {
    await file.close();
  }
}

/** Overwrites the file in place and waits until the zeros are on disk. False when there is no such file. */
export async function destroyKeyFile(path: string): Promise<boolean> {
  const wiped = await wipeKeyFile(path);
  await wiped?.sync();
  return wiped !== undefined;
}

/** A file of zeros, which are not on disk yet. */
export interface WipedFile {
  /** Waits until they are. Called once: it lets the file go. */
  sync(): Promise<void>;
}

/** Overwrites the file in place, so that many can wait for their disk together. Undefined when there is no such file. */
export async function wipeKeyFile(path: string): Promise<WipedFile | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, 'r+');
  } catch (error) {
    if (missing(error)) return undefined;
    throw error;
  }
  try {
    await writeZeros(file);
  } catch (error) {
    await file.close();
    throw error;
  }
  return { sync: () => file.datasync().finally(() => file.close()) };
}

const writeZeros = (file: FileHandle) => file.write(ZEROS, 0, KEY_FILE_BYTES, 0);

const slotAt = (slot: number) => SLOTS_AT + slot * WRAPPED_BYTES;

/**
 * Puts a further wrapping beside the one in slot `keep`. Whatever the other slot held is overwritten. Destroyed
 * files stay destroyed.
 */
export async function fillOtherSlot(path: string, keep: number, wrapped: Buffer): Promise<void> {
  await withLiving(path, async (file) => {
    await file.write(wrapped, 0, WRAPPED_BYTES, slotAt(1 - keep));
  });
}

/** Clears one slot for good. */
export async function clearSlot(path: string, slot: number): Promise<void> {
  await withLiving(path, async (file) => {
    await file.write(ZEROS, 0, WRAPPED_BYTES, slotAt(slot));
  });
}

/** Writes to a living file; when it was destroyed meanwhile, removes what was just written. */
async function withLiving(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, 'r+');
  try {
    if ((await contentOf(path, file)).state !== 'living') return;
    await write(file);
    await file.datasync();
    if ((await contentOf(path, file)).state === 'destroyed') {
      await writeZeros(file);
      await file.datasync();
    }
  } finally {
    await file.close();
  }
}
