// The key store for several machines: another PostgreSQL cluster with its own system identifier and its own
// short backup window. A destroyed key's row is its tombstone. VACUUM and CHECKPOINT after it remove the old row
// version and the log, yet free space of a page may keep its bytes: they stay wrapped, and are worthless once the
// epoch that wrapped them is destroyed, whose own table is rewritten whole for that.
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { Refusal } from '#platform/errors';
import type { KeyId } from './key-ref.ts';
import { type Census, type KeyState, type KeyStore, KeyStoreFault } from './key-store.ts';
import { createMasterKeyFile, prepareNextMaster, promoteNextMaster, readMasterKeys } from './master-key.ts';
import * as sql from './postgres-key-store.sql.ts';
import {
  epochOf,
  epochWrapper,
  KEY_BYTES,
  masterWrapper,
  unwrapKey,
  WRAPPER_BYTES,
  wrapKey,
} from './wrapping.ts';

/** Keys moved in one transaction of a rotation. */
const REWRAP_BATCH = 500;
/** How often a key is read again when it was rewrapped between reading it and reading its epoch. */
const READS_MAX = 4;

export interface PostgresKeyStoreOptions {
  readonly pool: pg.Pool;
  readonly masterKeyFile: string;
  /** Make the store and the master key when neither exists; false where a store is expected. */
  readonly initialise: boolean;
}

export interface PostgresKeyStore extends KeyStore {
  /** Replaces the master key file. Killed at any moment, the store opens, and calling again finishes it. */
  rotateMaster(): Promise<void>;
}

/** Opens the store. The pool stays the caller's to end. Run `refuseUnfitKeyCluster` on it before. */
export async function openPostgresKeyStore(options: PostgresKeyStoreOptions): Promise<PostgresKeyStore> {
  const { pool, masterKeyFile } = options;
  const epochKeys = new Map<number, Buffer>();

  /** Runs `work` on one connection. After a failure the connection is ended: it may be what failed. */
  async function onConnection<T>(work: (connection: pg.PoolClient) => Promise<T>): Promise<T> {
    const connection = await pool.connect();
    // A connection that breaks while it is out of the pool says so by an event; the running query rejects as well.
    const ignore = () => undefined;
    connection.on('error', ignore);
    let failed = true;
    try {
      const result = await work(connection);
      failed = false;
      return result;
    } finally {
      connection.off('error', ignore);
      connection.release(failed);
    }
  }

  const transaction = <T>(work: (tx: pg.PoolClient) => Promise<T>): Promise<T> =>
    onConnection(async (tx) => {
      await tx.query('begin');
      const result = await work(tx);
      await tx.query('commit');
      return result;
    });

  async function underMaster(epoch: number, wrapped: Buffer): Promise<Buffer> {
    const { current, next } = await readMasterKeys(masterKeyFile);
    for (const master of [current, next]) {
      if (master && wrapped.subarray(0, WRAPPER_BYTES).equals(masterWrapper(master))) {
        return unwrapKey(master, `epoch ${epoch}`, wrapped);
      }
    }
    throw new KeyStoreFault(`The master key file does not open epoch ${epoch} of this key store`);
  }

  async function epochKey(runner: sql.Runner, epoch: number): Promise<Buffer> {
    const known = epochKeys.get(epoch);
    if (known) return known;
    const row = await sql.readEpoch(runner, epoch);
    if (!row?.wrapped) throw new KeyStoreFault(`Epoch ${epoch} of this key store is destroyed`);
    const key = await underMaster(epoch, row.wrapped);
    epochKeys.set(epoch, key);
    return key;
  }

  async function livingEpochs(runner: sql.Runner): Promise<number[]> {
    const epochs = await sql.readEpochs(runner);
    const living = epochs.filter(({ wrapped }) => wrapped !== null).map(({ epoch }) => epoch);
    for (const [epoch, key] of epochKeys) {
      if (living.includes(epoch)) continue;
      key.fill(0);
      epochKeys.delete(epoch);
    }
    return living;
  }

  async function appendEpoch(tx: sql.Runner): Promise<number> {
    const epoch = ((await sql.readEpochs(tx)).at(-1)?.epoch ?? 0) + 1;
    const { current, next } = await readMasterKeys(masterKeyFile);
    const master = next ?? current;
    const key = randomBytes(KEY_BYTES);
    await sql.insertEpoch(tx, epoch, wrapKey(master, masterWrapper(master), `epoch ${epoch}`, key));
    return epoch;
  }

  async function prepareStore(): Promise<Buffer> {
    if (!(await sql.storeExists(pool))) {
      if (!options.initialise) {
        throw new Refusal('There is no key store in the database that SOTTO_KEYS_URL names.', [
          'Restore the key cluster from its own backup, or point SOTTO_KEYS_URL at the right one.',
        ]);
      }
      await createMasterKeyFile(masterKeyFile);
      await transaction(async (tx) => {
        await sql.lockForAddingEpoch(tx);
        await tx.query(sql.KEY_SCHEMA);
        if ((await sql.readEpochs(tx)).length === 0) await appendEpoch(tx);
        await sql.insertIdentity(tx, randomBytes(KEY_BYTES));
      });
    }
    const identity = await sql.readIdentity(pool);
    if (!identity) throw new KeyStoreFault('The key cluster has lost the identity of its store');
    return identity;
  }

  const identity = await prepareStore();
  const newest = (await livingEpochs(pool)).at(-1);
  if (newest === undefined) throw new KeyStoreFault('The key cluster has lost its epoch keys');
  await epochKey(pool, newest);

  async function stateOf(runner: sql.Runner, row: sql.KeyRow | undefined): Promise<KeyState> {
    if (!row) return { state: 'absent' };
    if (!row.wrapped) return { state: 'destroyed' };
    return {
      state: 'living',
      key: unwrapKey(await epochKey(runner, epochOf(row.wrapped)), row.id, row.wrapped),
    };
  }

  async function open(id: KeyId): Promise<KeyState> {
    for (let reads = 1; ; reads += 1) {
      const [row] = await sql.readKeys(pool, [id]);
      try {
        return await stateOf(pool, row);
      } catch (error) {
        if (!(error instanceof KeyStoreFault) || reads === READS_MAX) throw error;
      }
    }
  }

  async function create(ids: readonly KeyId[]): Promise<Exclude<KeyState, { state: 'absent' }>[]> {
    await transaction(async (tx) => {
      await sql.lockForCreating(tx);
      const present = new Set((await sql.readKeys(tx, ids)).map(({ id }) => id));
      const absent = [...new Set(ids)].filter((id) => !present.has(id));
      if (absent.length === 0) return;
      const epoch = (await livingEpochs(tx)).at(-1)!;
      const key = await epochKey(tx, epoch);
      const wrapped = absent.map((id) => wrapKey(key, epochWrapper(epoch), id, randomBytes(KEY_BYTES)));
      await sql.insertKeys(tx, epoch, absent, wrapped);
    });
    // Read after the commit: another process may have been first, and then its key is the key.
    const rows = new Map((await sql.readKeys(pool, ids)).map((row) => [row.id, row]));
    return Promise.all(
      ids.map(async (id) => {
        const state = await stateOf(pool, rows.get(id)).catch(() => open(id));
        if (state.state === 'absent') throw new KeyStoreFault('A key vanished while it was made');
        return state;
      }),
    );
  }

  async function census(): Promise<Census> {
    const counts = await sql.countKeys(pool);
    const living = counts.filter((each): each is { epoch: number; keys: number } => each.epoch !== null);
    return {
      living: living.reduce((sum, { keys }) => sum + keys, 0),
      destroyed: counts.find(({ epoch }) => epoch === null)?.keys ?? 0,
      byEpoch: new Map(living.map(({ epoch, keys }) => [epoch, keys])),
      epochs: await livingEpochs(pool),
    };
  }

  async function rewrapBatch(epoch: number): Promise<number> {
    return transaction(async (tx) => {
      const rows = await sql.lockKeysOutside(tx, epoch, REWRAP_BATCH);
      const key = await epochKey(tx, epoch);
      const wrapped: Buffer[] = [];
      for (const row of rows) {
        const state = await stateOf(tx, row);
        if (state.state === 'living') wrapped.push(wrapKey(key, epochWrapper(epoch), row.id, state.key));
      }
      const ids = rows.map(({ id }) => id);
      if (ids.length > 0) await sql.moveKeys(tx, epoch, ids, wrapped);
      return ids.length;
    });
  }

  async function rewriteEpochs(): Promise<void> {
    await transaction(sql.rewriteEpochFile);
    await sql.checkpoint(pool);
  }

  /** The lock belongs to the session: should the process die, the server lets it go. */
  const exclusively = <T>(work: () => Promise<T>): Promise<T> =>
    onConnection(async (session) => {
      if (!(await sql.tryLockRotation(session))) {
        throw new KeyStoreFault('Another process is rotating the keys of this store');
      }
      const result = await work();
      await sql.unlockRotation(session);
      return result;
    });

  return {
    identity,
    create,
    open,
    census,

    async destroy(ids) {
      await sql.destroyKeys(pool, ids);
      await sql.reclaimKeys(pool);
    },

    addEpoch: () =>
      transaction(async (tx) => {
        await sql.lockForAddingEpoch(tx);
        return appendEpoch(tx);
      }),

    async rewrap(epoch) {
      if (epoch !== (await livingEpochs(pool)).at(-1)) {
        throw new KeyStoreFault('Keys are moved to the newest epoch only');
      }
      let moved = 0;
      for (let batch = await rewrapBatch(epoch); batch > 0; batch = await rewrapBatch(epoch)) moved += batch;
      return moved;
    },

    async destroyEpoch(epoch) {
      await transaction(async (tx) => {
        await sql.lockForAddingEpoch(tx);
        if (epoch === (await livingEpochs(tx)).at(-1)) {
          throw new KeyStoreFault('The newest epoch wraps new keys and stays');
        }
        if ((await sql.countKeys(tx)).some((each) => each.epoch === epoch)) {
          throw new KeyStoreFault(`Living keys are still wrapped under epoch ${epoch}`);
        }
        await sql.updateEpoch(tx, epoch, null);
      });
      await livingEpochs(pool);
      await rewriteEpochs();
    },

    exclusively,

    async rotateMaster() {
      await exclusively(async () => {
        const next = await prepareNextMaster(masterKeyFile);
        // One transaction: at every moment all epochs open with the current master key, or all with the next.
        await transaction(async (tx) => {
          for (const { epoch, wrapped } of await sql.readEpochs(tx, true)) {
            if (!wrapped) continue;
            const key = await underMaster(epoch, wrapped);
            await sql.updateEpoch(tx, epoch, wrapKey(next, masterWrapper(next), `epoch ${epoch}`, key));
          }
        });
        await rewriteEpochs();
        await promoteNextMaster(masterKeyFile);
      });
    },

    erasuresApplied: () => sql.readErasuresApplied(pool),

    noteErasuresApplied: (mark) => transaction((tx) => sql.writeErasuresApplied(tx, mark)),

    async close() {
      for (const key of epochKeys.values()) key.fill(0);
      epochKeys.clear();
    },
  };
}
