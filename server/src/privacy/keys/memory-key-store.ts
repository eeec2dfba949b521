// A key store for tests of other contexts: passes the contract of the port, and forgets everything at exit.
import { randomBytes } from 'node:crypto';
import { type ErasureMark, type KeyState, type KeyStore, KeyStoreFault } from './key-store.ts';
import { KEY_BYTES } from './wrapping.ts';

/** Opens an empty store in memory. Never for production: what it sealed cannot be read after a restart. */
export function openMemoryKeyStore(): KeyStore {
  const keys = new Map<string, { key: Buffer; epoch: number } | 'destroyed'>();
  const epochs = [1];
  let rotating = false;
  let applied: ErasureMark | null = null;

  const read = (id: string): KeyState => {
    const found = keys.get(id);
    if (!found) return { state: 'absent' };
    return found === 'destroyed' ? { state: 'destroyed' } : { state: 'living', key: Buffer.from(found.key) };
  };

  const census = () => {
    const living = [...keys.values()].filter((each) => each !== 'destroyed');
    const byEpoch = new Map<number, number>();
    for (const { epoch } of living) byEpoch.set(epoch, (byEpoch.get(epoch) ?? 0) + 1);
    return { living: living.length, destroyed: keys.size - living.length, byEpoch, epochs: [...epochs] };
  };

  return {
    identity: randomBytes(KEY_BYTES),
    async create(ids) {
      return ids.map((id) => {
        if (!keys.has(id)) keys.set(id, { key: randomBytes(KEY_BYTES), epoch: epochs.at(-1)! });
        return read(id) as Exclude<KeyState, { state: 'absent' }>;
      });
    },
    open: async (id) => read(id),
    async destroy(ids) {
      for (const id of ids) {
        const found = keys.get(id);
        if (found && found !== 'destroyed') found.key.fill(0);
        keys.set(id, 'destroyed');
      }
    },
    census: async () => census(),
    async addEpoch() {
      epochs.push(epochs.at(-1)! + 1);
      return epochs.at(-1)!;
    },
    async rewrap(epoch) {
      if (epoch !== epochs.at(-1)) throw new KeyStoreFault('Keys are moved to the newest epoch only');
      let moved = 0;
      for (const each of keys.values()) {
        if (each === 'destroyed' || each.epoch === epoch) continue;
        each.epoch = epoch;
        moved += 1;
      }
      return moved;
    },
    async destroyEpoch(epoch) {
      if (epoch === epochs.at(-1)) throw new KeyStoreFault('The newest epoch wraps new keys and stays');
      if (census().byEpoch.get(epoch))
        throw new KeyStoreFault(`Living keys are still wrapped under epoch ${epoch}`);
      epochs.splice(epochs.indexOf(epoch), 1);
    },
    async exclusively(work) {
      if (rotating) throw new KeyStoreFault('Another process is rotating the keys of this store');
      rotating = true;
      try {
        return await work();
      } finally {
        rotating = false;
      }
    },
    erasuresApplied: async () => applied,
    async noteErasuresApplied(mark) {
      applied = mark;
    },
    close: async () => keys.clear(),
  };
}
