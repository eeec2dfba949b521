// The embedded key store: a directory of small files on a local disk (no network file system), safe for several
// processes of one machine.
//
//   identity        32 random bytes: what key ids are computed with
//   epochs/0001     epoch keys under the master key
//   keys/ab/<id>    data keys under an epoch key
//   drafts/         files that do not have their name yet; swept at start
//   erasures        how far the erasure log was applied to these keys
//   creating.lock   shared while keys are made, alone while an epoch is added
//   rotating.lock   held by the one process that rotates
//
// On file systems that copy on write (APFS, Btrfs, ZFS) overwriting in place leaves the old blocks behind; there,
// and on flash, a destroyed key is gone when the epoch that wrapped it is.
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from '#platform/errors';
import { type EpochFiles, epochFiles } from './epoch-files.ts';
import { inParallel } from './in-parallel.ts';
import {
  clearSlot,
  createFile,
  createKeyFile,
  destroyKeyFile,
  fillOtherSlot,
  readKeyFile,
  replaceFile,
  syncDirectory,
  type WipedFile,
  wipeKeyFile,
} from './key-file.ts';
import { type KeyId, parseKeyId } from './key-ref.ts';
import { type Census, type ErasureMark, type KeyState, type KeyStore, KeyStoreFault } from './key-store.ts';
import { createMasterKeyFile, prepareNextMaster, promoteNextMaster, readMasterKeys } from './master-key.ts';
import { openStoreLock } from './store-lock.ts';
import { epochOf, epochWrapper, KEY_BYTES, unwrapKey, wrapKey } from './wrapping.ts';

/** File operations in flight at once: the width of Node's thread pool. */
const WIDTH = 4;
/** Files of one folder that are open at once while they are wiped. */
const WIPED_AT_ONCE_MAX = 64;
/** How long making keys may wait for an epoch to be added, which takes milliseconds. */
const CREATE_WAIT_MS = 10_000;
/** How often a key is read again when it was rewrapped between reading it and reading its epoch. */
const READS_MAX = 4;

export interface DirectoryKeyStoreOptions {
  readonly directory: string;
  readonly masterKeyFile: string;
  /**
   * Make the store and the master key when neither exists. False where a store is expected: an unmounted volume
   * must not become a new, empty store under which everything written before reads as gone.
   */
  readonly initialise: boolean;
}

/** The embedded store can also replace its master key; the port cannot, since other stores hold none. */
export interface DirectoryKeyStore extends KeyStore {
  /** Replaces the master key file. Killed at any moment, the store opens, and calling again finishes it. */
  rotateMaster(): Promise<void>;
}

/** Opens the store, finishes what a killed process left, and refuses one that other users can enter. */
export async function openDirectoryKeyStore(options: DirectoryKeyStoreOptions): Promise<DirectoryKeyStore> {
  const { directory, masterKeyFile } = options;
  const at = {
    drafts: join(directory, 'drafts'),
    epochs: join(directory, 'epochs'),
    keys: join(directory, 'keys'),
    identity: join(directory, 'identity'),
    erasures: join(directory, 'erasures'),
  };
  const found = await readIdentity(at.identity);
  if (!found) {
    if (!options.initialise) {
      throw new Refusal(`There is no key store in ${directory}.`, [
        'Mount or restore the directory that SOTTO_KEYS_DIR names.',
      ]);
    }
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await chmod(directory, 0o700);
    for (const path of [at.drafts, at.epochs, at.keys]) await mkdir(path, { recursive: true, mode: 0o700 });
    await createMasterKeyFile(masterKeyFile);
  }
  if (((await stat(directory)).mode & 0o077) !== 0) {
    throw new Refusal(`The key directory ${directory} can be entered by other users.`, [
      `chmod 700 ${directory}`,
    ]);
  }

  const creating = openStoreLock(
    join(directory, 'creating.lock'),
    CREATE_WAIT_MS,
    'The key store stayed locked by another process',
  );
  const rotating = openStoreLock(
    join(directory, 'rotating.lock'),
    0,
    'Another process is rotating the keys of this store',
  );
  const epochs = epochFiles(at.epochs, at.drafts, () => readMasterKeys(masterKeyFile));

  await creating.alone(async () => {
    await sweepDrafts(at.drafts);
    if ((await epochs.living()).length === 0) {
      if (found) throw new KeyStoreFault(`The key store in ${directory} has lost its epoch keys`);
      await epochs.add();
    }
    // The identity comes last: a store that has one is complete.
    if (!found) await createFile(at.drafts, at.identity, randomBytes(KEY_BYTES));
    await syncDirectory(directory);
  });
  const identity = found ?? (await readIdentity(at.identity))!;
  await epochs.key(await epochs.newest());

  const folderOf = (id: string) => join(at.keys, id.slice(0, 2));
  const pathOf = (id: KeyId) => join(folderOf(id), parseKeyId(id));

  async function makeFolders(ids: readonly KeyId[]): Promise<string[]> {
    const folders = [...new Set(ids.map(folderOf))];
    const made = await inParallel(folders, WIDTH, (path) => mkdir(path, { recursive: true, mode: 0o700 }));
    if (made.some((path) => path !== undefined)) await syncDirectory(at.keys);
    return folders;
  }

  async function open(id: KeyId): Promise<KeyState> {
    for (let reads = 1; ; reads += 1) {
      const file = await readKeyFile(pathOf(id));
      if (file.state !== 'living') return { state: file.state };
      try {
        const opened = await openSlots(epochs, id, file.slots);
        return { state: 'living', key: opened.key };
      } catch (error) {
        if (reads === READS_MAX) throw error;
      }
    }
  }

  async function create(ids: readonly KeyId[]): Promise<Exclude<KeyState, { state: 'absent' }>[]> {
    return creating.shared(async () => {
      const states = await inParallel(ids, WIDTH, open);
      const absent = ids.filter((_, index) => states[index]!.state === 'absent');
      if (absent.length > 0) {
        const folders = await makeFolders(absent);
        const epoch = await epochs.newest();
        const epochKey = await epochs.key(epoch);
        await inParallel(absent, WIDTH, async (id) => {
          const wrapped = wrapKey(epochKey, epochWrapper(epoch), id, randomBytes(KEY_BYTES));
          await createKeyFile(at.drafts, pathOf(id), wrapped);
        });
        await inParallel(folders, WIDTH, syncDirectory);
      }
      // Read again what was absent: another process may have been first, and then its key is the key.
      return inParallel(ids, WIDTH, async (id, index) => {
        const state = states[index]!.state === 'absent' ? await open(id) : states[index]!;
        if (state.state === 'absent') throw new KeyStoreFault('A key vanished while it was made');
        return state;
      });
    });
  }

  async function destroy(ids: readonly KeyId[]): Promise<void> {
    const groups = Map.groupBy(ids, folderOf);
    const absent = await inParallel([...groups], WIDTH, ([folder, ofFolder]) => wipeIn(folder, ofFolder));
    await buryUnmade(absent.flat());
  }

  /**
   * Wipes the keys of one folder that have a file and returns those that have none. Files and their names wait for the
   * disk together: a name that another process has just made may be on disk no sooner than its zeros.
   */
  async function wipeIn(folder: string, ids: readonly KeyId[]): Promise<KeyId[]> {
    const absent: KeyId[] = [];
    for (let from = 0; from < ids.length; from += WIPED_AT_ONCE_MAX) {
      const wiped: WipedFile[] = [];
      try {
        for (const id of ids.slice(from, from + WIPED_AT_ONCE_MAX)) {
          const file = await wipeKeyFile(pathOf(id));
          if (file === undefined) absent.push(id);
          else wiped.push(file);
        }
      } finally {
        const names = wiped.length === 0 ? undefined : syncDirectory(folder);
        await everyOne([...wiped.map((file) => file.sync()), names]);
      }
    }
    return absent;
  }

  /** Makes tombstones of keys that were never made. Under the lock: whoever opens the store sweeps drafts. */
  async function buryUnmade(ids: readonly KeyId[]): Promise<void> {
    if (ids.length === 0) return;
    await creating.shared(async () => {
      const folders = await makeFolders(ids);
      await inParallel(ids, WIDTH, async (id) => {
        if (!(await createKeyFile(at.drafts, pathOf(id), 'destroyed'))) await destroyKeyFile(pathOf(id));
      });
      await inParallel(folders, WIDTH, syncDirectory);
    });
  }

  async function allIds(): Promise<KeyId[]> {
    const ids: KeyId[] = [];
    for (const folder of await readdir(at.keys)) {
      for (const name of await readdir(join(at.keys, folder))) ids.push(parseKeyId(name));
    }
    return ids;
  }

  async function census(): Promise<Census> {
    const byEpoch = new Map<number, number>();
    let living = 0;
    let destroyed = 0;
    await inParallel(await allIds(), WIDTH, async (id) => {
      const file = await readKeyFile(pathOf(id));
      if (file.state === 'destroyed') destroyed += 1;
      if (file.state !== 'living') return;
      living += 1;
      for (const slot of file.slots) {
        if (slot) byEpoch.set(epochOf(slot), (byEpoch.get(epochOf(slot)) ?? 0) + 1);
      }
    });
    return { living, destroyed, byEpoch, epochs: await epochs.living() };
  }

  async function rewrapOne(id: KeyId, epoch: number, epochKey: Buffer): Promise<boolean> {
    const path = pathOf(id);
    const file = await readKeyFile(path);
    if (file.state === 'destroyed' && file.residue) await destroyKeyFile(path);
    if (file.state !== 'living') return false;
    const opened = await openSlots(epochs, id, file.slots);
    if (opened.epoch !== epoch) {
      await fillOtherSlot(path, opened.slot, wrapKey(epochKey, epochWrapper(epoch), id, opened.key));
      await clearSlot(path, opened.slot);
    } else if (file.slots[1 - opened.slot]) {
      await clearSlot(path, 1 - opened.slot);
    } else {
      return false;
    }
    return true;
  }

  async function rewrap(epoch: number): Promise<number> {
    if (epoch !== (await epochs.newest())) throw new KeyStoreFault('Keys are moved to the newest epoch only');
    const epochKey = await epochs.key(epoch);
    const moved = await inParallel(await allIds(), WIDTH, (id) => rewrapOne(id, epoch, epochKey));
    return moved.filter(Boolean).length;
  }

  async function destroyEpoch(epoch: number): Promise<void> {
    const { byEpoch, epochs: living } = await census();
    if (epoch === living.at(-1)) throw new KeyStoreFault('The newest epoch wraps new keys and stays');
    if (byEpoch.get(epoch)) throw new KeyStoreFault(`Living keys are still wrapped under epoch ${epoch}`);
    await epochs.destroy(epoch);
  }

  return {
    identity,
    create,
    open,
    destroy,
    census,
    addEpoch: () => creating.alone(() => epochs.add()),
    rewrap,
    destroyEpoch,
    exclusively: (work) => rotating.alone(work),
    rotateMaster: () =>
      rotating.alone(async () => {
        const next = await prepareNextMaster(masterKeyFile);
        await epochs.wrapAlsoUnder(next);
        await epochs.wrapOnlyUnder(next);
        await promoteNextMaster(masterKeyFile);
      }),
    erasuresApplied: () => readErasures(at.erasures),
    async noteErasuresApplied(mark) {
      await replaceFile(at.drafts, at.erasures, Buffer.from(`${JSON.stringify(mark)}\n`));
      await syncDirectory(directory);
    },
    close: async () => epochs.forget(),
  };
}

/** Waits for all of them, also when one fails, and then throws the first failure. */
async function everyOne(waits: readonly (Promise<void> | undefined)[]): Promise<void> {
  const failed = (await Promise.allSettled(waits)).find((settled) => settled.status === 'rejected');
  if (failed) throw failed.reason;
}

/**
 * Removes what killed processes left without a name. A draft with a second link is a key that got its name just
 * before the kill: wiping it would wipe the key.
 */
async function sweepDrafts(drafts: string): Promise<void> {
  for (const name of await readdir(drafts)) {
    const draft = join(drafts, name);
    if ((await stat(draft)).nlink === 1) await destroyKeyFile(draft);
    await unlink(draft);
  }
}

async function readIdentity(path: string): Promise<Buffer | undefined> {
  try {
    const identity = await readFile(path);
    if (identity.length !== KEY_BYTES) throw new KeyStoreFault(`Not the identity of a key store: ${path}`);
    return identity;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function readErasures(path: string): Promise<ErasureMark | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const mark = /^\{"log":"([0-9a-f-]{36})","sequence":(\d{1,15}),"chain":"([0-9a-f]{64})"\}\n$/.exec(text);
  if (mark === null) throw new KeyStoreFault(`Not what this release writes: ${path}`);
  return { log: mark[1]!, sequence: Number(mark[2]), chain: mark[3]! };
}

/** Opens a key by the newest epoch that opens it; a slot torn by a power cut or whose epoch is gone is passed over. */
async function openSlots(
  epochs: EpochFiles,
  id: KeyId,
  slots: readonly (Buffer | undefined)[],
): Promise<{ key: Buffer; slot: number; epoch: number }> {
  const candidates = slots
    .map((wrapped, slot) => ({ wrapped, slot, epoch: wrapped ? epochOf(wrapped) : 0 }))
    .filter((candidate) => candidate.wrapped !== undefined)
    .sort((a, b) => b.epoch - a.epoch);
  let cause: unknown;
  for (const { wrapped, slot, epoch } of candidates) {
    try {
      return { key: unwrapKey(await epochs.key(epoch), id, wrapped!), slot, epoch };
    } catch (error) {
      if (!(error instanceof KeyStoreFault)) throw error;
      cause = error;
    }
  }
  throw new KeyStoreFault(`The key ${id} opens with no epoch of this store`, { cause });
}
