// The epoch keys of the embedded store: numbered key files, wrapped under the master key. A destroyed epoch
// keeps its number as a tombstone, so a number never means two keys.
import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  clearSlot,
  createKeyFile,
  destroyKeyFile,
  fillOtherSlot,
  type KeyFile,
  readKeyFile,
  syncDirectory,
} from './key-file.ts';
import { KeyStoreFault } from './key-store.ts';
import type { MasterKeys } from './master-key.ts';
import { KEY_BYTES, masterWrapper, unwrapKey, WRAPPER_BYTES, wrapKey } from './wrapping.ts';

export interface EpochFiles {
  /** Numbers of the epochs whose key exists, ascending. */
  living(): Promise<number[]>;
  /** The epoch that wraps new keys. */
  newest(): Promise<number>;
  /** An epoch's key, kept in memory once read. */
  key(epoch: number): Promise<Buffer>;
  /** Makes the next epoch and returns its number. The caller holds the store's creation lock alone. */
  add(): Promise<number>;
  destroy(epoch: number): Promise<void>;
  /** Afterwards every living epoch opens with `master` too. May be repeated. */
  wrapAlsoUnder(master: Buffer): Promise<void>;
  /** Afterwards every living epoch opens with `master` alone. May be repeated. */
  wrapOnlyUnder(master: Buffer): Promise<void>;
  /** Wipes what is kept in memory. */
  forget(): void;
}

type LivingFile = Extract<KeyFile, { state: 'living' }>;

export function epochFiles(
  directory: string,
  drafts: string,
  readMasters: () => Promise<MasterKeys>,
): EpochFiles {
  const inMemory = new Map<number, Buffer>();
  const nameOf = (epoch: number) => String(epoch).padStart(4, '0');
  const pathOf = (epoch: number) => join(directory, nameOf(epoch));

  const slotUnder = (file: LivingFile, master: Buffer): number =>
    file.slots.findIndex((slot) => slot?.subarray(0, WRAPPER_BYTES).equals(masterWrapper(master)));

  async function unwrap(epoch: number, file: LivingFile): Promise<{ key: Buffer; slot: number }> {
    const masters = await readMasters();
    for (const master of [masters.current, masters.next]) {
      const slot = master ? slotUnder(file, master) : -1;
      if (slot === -1) continue;
      try {
        return { key: unwrapKey(master!, `epoch ${epoch}`, file.slots[slot]!), slot };
      } catch (error) {
        if (!(error instanceof KeyStoreFault)) throw error;
      }
    }
    throw new KeyStoreFault(`The master key file does not open epoch ${epoch} of this key store`);
  }

  async function livingFiles(): Promise<{ epoch: number; file: LivingFile }[]> {
    const all = await Promise.all(
      (await numbers()).map(async (epoch) => ({ epoch, file: await readKeyFile(pathOf(epoch)) })),
    );
    return all.filter((each): each is { epoch: number; file: LivingFile } => each.file.state === 'living');
  }

  /** Numbers in use, destroyed ones included, ascending. */
  const numbers = async () => (await readdir(directory)).map(Number).sort((a, b) => a - b);

  function wipe(epoch: number): void {
    inMemory.get(epoch)?.fill(0);
    inMemory.delete(epoch);
  }

  return {
    async living() {
      const epochs = (await livingFiles()).map(({ epoch }) => epoch);
      // Another process may have destroyed an epoch whose key this one still remembers.
      for (const epoch of inMemory.keys()) if (!epochs.includes(epoch)) wipe(epoch);
      return epochs;
    },

    async newest() {
      const newest = (await numbers()).at(-1);
      if (newest === undefined) throw new KeyStoreFault('This key store has no epoch key');
      return newest;
    },

    async key(epoch) {
      const known = inMemory.get(epoch);
      if (known) return known;
      const file = await readKeyFile(pathOf(epoch));
      if (file.state !== 'living') throw new KeyStoreFault(`Epoch ${epoch} of this key store is destroyed`);
      const { key } = await unwrap(epoch, file);
      inMemory.set(epoch, key);
      return key;
    },

    async add() {
      const epoch = ((await numbers()).at(-1) ?? 0) + 1;
      const { current, next } = await readMasters();
      // Under the coming master key where there is one: an interrupted rotation then has nothing to redo here.
      const master = next ?? current;
      const key = randomBytes(KEY_BYTES);
      await createKeyFile(
        drafts,
        pathOf(epoch),
        wrapKey(master, masterWrapper(master), `epoch ${epoch}`, key),
      );
      await syncDirectory(directory);
      inMemory.set(epoch, key);
      return epoch;
    },

    async destroy(epoch) {
      await destroyKeyFile(pathOf(epoch));
      wipe(epoch);
    },

    async wrapAlsoUnder(master) {
      for (const { epoch, file } of await livingFiles()) {
        const { key, slot } = await unwrap(epoch, file);
        if (slotUnder(file, master) === slot) continue;
        await fillOtherSlot(
          pathOf(epoch),
          slot,
          wrapKey(master, masterWrapper(master), `epoch ${epoch}`, key),
        );
      }
    },

    async wrapOnlyUnder(master) {
      for (const { epoch, file } of await livingFiles()) {
        const slot = slotUnder(file, master);
        if (slot === -1) throw new KeyStoreFault(`Epoch ${epoch} is not wrapped under the new master key`);
        unwrapKey(master, `epoch ${epoch}`, file.slots[slot]!);
        if (file.slots[1 - slot]) await clearSlot(pathOf(epoch), 1 - slot);
      }
    },

    forget() {
      for (const epoch of inMemory.keys()) wipe(epoch);
    },
  };
}
