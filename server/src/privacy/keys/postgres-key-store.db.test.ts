import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { Refusal } from '#platform/errors';
import { databaseUrl, onDatabase } from '../../../test/cluster.ts';
import { useDatabase } from '../../../test/harness.ts';
import { refuseUnfitKeyCluster } from './key-cluster.ts';
import { type KeyId, keyIdOf } from './key-ref.ts';
import { type KeyStore, KeyStoreFault } from './key-store.ts';
import { createMasterKeyFile, prepareNextMaster } from './master-key.ts';
import { openPostgresKeyStore } from './postgres-key-store.ts';
import { rotateEpoch } from './rotation.ts';
import { keyStoreContract, type StoreUnderTest } from './test/key-store-contract.ts';

// The clusters of the tests stand for the key cluster; a database each stands for the store.
const cluster = useDatabase({ connections: 1 });
let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sotto-keys-'));
});
after(() => rm(folder, { recursive: true, force: true }));

interface Place extends StoreUnderTest {
  readonly pool: pg.Pool;
  readonly masterKeyFile: string;
  readonly another: () => Promise<KeyStore>;
  readonly store: Awaited<ReturnType<typeof openPostgresKeyStore>>;
}

async function freshStore(): Promise<Place> {
  const name = `keys_${randomBytes(6).toString('hex')}`;
  await onDatabase(cluster.url, (client) =>
    client.query(`create database ${name} template template0 strategy file_copy`),
  );
  const pool = new pg.Pool({ connectionString: databaseUrl(cluster.url, name), max: 6 });
  pool.on('error', () => undefined);
  const masterKeyFile = join(folder, `${name}.key`);
  const another = () => openPostgresKeyStore({ pool, masterKeyFile, initialise: true });
  return {
    pool,
    masterKeyFile,
    another,
    store: await another(),
    async dispose() {
      await pool.end();
      await onDatabase(cluster.url, (client) => client.query(`drop database ${name} with (force)`));
    },
  };
}

keyStoreContract('another cluster', freshStore);

async function withStore(body: (place: Place) => Promise<void>): Promise<void> {
  const place = await freshStore();
  try {
    await body(place);
  } finally {
    await place.dispose();
  }
}

const newIds = (store: KeyStore, count: number): KeyId[] =>
  Array.from({ length: count }, () => keyIdOf(store.identity, { class: 'billing', subjectId: randomUUID() }));

test('the row of a destroyed key holds nothing, and no row holds a key in clear', () =>
  withStore(async ({ store, pool }) => {
    const ids = newIds(store, 5);
    const made = await store.create(ids);
    await store.destroy(ids.slice(0, 2));
    const { rows } = await pool.query('select id, epoch, wrapped from sotto_keys.data_key');
    for (const row of rows) {
      assert.equal(row.wrapped === null, ids.slice(0, 2).includes(row.id));
      for (const state of made) {
        assert.ok(state.state === 'living' && !row.wrapped?.includes(state.key.subarray(0, 8)));
      }
    }
  }));

test('after a rotation no byte of the old epoch key is in its table, and old wrappings open nothing', () =>
  withStore(async ({ store, pool }) => {
    const [id] = newIds(store, 1);
    await store.create([id!]);
    const column = async (table: string) =>
      (await pool.query<{ wrapped: Buffer }>(`select wrapped from sotto_keys.${table} limit 1`)).rows[0]!
        .wrapped;
    const [oldEpoch, oldKey] = [await column('epoch'), await column('data_key')];
    const inFile = async () => {
      await pool.query('checkpoint');
      const { rows } = await pool.query<{ content: Buffer }>(
        `select pg_read_binary_file(pg_relation_filepath('sotto_keys.epoch')) as content`,
      );
      return rows[0]!.content.includes(oldEpoch.subarray(20, 52));
    };
    assert.equal(await inFile(), true, 'the search finds what is there');
    // Somebody whose snapshot is older could still see the old version: a dump, a vacuum, a forgotten session.
    const onlooker = await pool.connect();
    await onlooker.query('begin isolation level repeatable read');
    await onlooker.query('select 1');
    await rotateEpoch(store).finally(() => onlooker.release(true));
    assert.equal(await inFile(), false);
    await pool.query('update sotto_keys.data_key set wrapped = $1', [oldKey]);
    await assert.rejects(store.open(id!), KeyStoreFault);
  }));

test('master rotation replaces every epoch at once, and finishes when it was left before the file was replaced', () =>
  withStore(async ({ store, masterKeyFile, another, pool }) => {
    const [id] = newIds(store, 1);
    const [made] = await store.create([id!]);
    await store.addEpoch();
    const old = await readFile(masterKeyFile);
    // As if killed after the coming key was made: both open.
    await prepareNextMaster(masterKeyFile);
    assert.deepEqual(await (await another()).open(id!), made);
    await store.rotateMaster();
    assert.notDeepEqual(await readFile(masterKeyFile), old);
    await assert.rejects(stat(`${masterKeyFile}.next`));
    assert.deepEqual(await (await another()).open(id!), made);
    await rotateEpoch(store);
    const kept = `${masterKeyFile}.old`;
    await writeFile(kept, old, { mode: 0o600 });
    await assert.rejects(
      openPostgresKeyStore({ pool, masterKeyFile: kept, initialise: false }),
      KeyStoreFault,
    );
  }));

test('a missing store is not taken for a new one, and a foreign master key opens nothing', () =>
  withStore(async ({ pool, masterKeyFile }) => {
    const foreign = `${masterKeyFile}.foreign`;
    await createMasterKeyFile(foreign);
    await assert.rejects(
      openPostgresKeyStore({ pool, masterKeyFile: foreign, initialise: true }),
      KeyStoreFault,
    );
    await pool.query('drop schema sotto_keys cascade');
    await assert.rejects(openPostgresKeyStore({ pool, masterKeyFile, initialise: false }), Refusal);
  }));

test('a store survives losing every connection in the middle of its work', () =>
  withStore(async ({ store, masterKeyFile, pool }) => {
    const ids = newIds(store, 40);
    const made = await store.create(ids.slice(0, 20));
    const work = Promise.allSettled([
      rotateEpoch(store),
      store.create(ids.slice(20)),
      store.destroy(ids.slice(0, 5)),
    ]);
    await onDatabase(cluster.url, (client) =>
      client.query(
        `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()`,
        [(pool.options.connectionString ?? '').replace(/^.*@\/([^?]*).*$/, '$1')],
      ),
    );
    await work;
    // The next process has connections of its own; of these, some may not know yet that they are dead.
    const { connectionString } = pool.options;
    const fresh = new pg.Pool({ ...(connectionString ? { connectionString } : {}), max: 4 });
    const next = await openPostgresKeyStore({ pool: fresh, masterKeyFile, initialise: false });
    await next.destroy(ids.slice(0, 5));
    await rotateEpoch(next);
    for (const [index, id] of ids.slice(0, 20).entries()) {
      assert.deepEqual(await next.open(id), index < 5 ? { state: 'destroyed' } : made[index]);
    }
    const census = await next.census();
    assert.deepEqual([...census.byEpoch], [[census.epochs[0], census.living]]);
    await fresh.end();
  }));

test('E-KEY-CUSTODY: the cluster of the data, and a cluster that keeps destroyed bytes, are refused', () =>
  withStore(async ({ pool }) => {
    const { rows } = await pool.query<{ id: string }>(
      'select system_identifier::text as id from pg_control_system()',
    );
    await assert.rejects(refuseUnfitKeyCluster(pool, rows[0]!.id), /E-KEY-CUSTODY/);
    // The test clusters run without durability and recycle their log: both are named, one after the other.
    await assert.rejects(refuseUnfitKeyCluster(pool, '1'), Refusal);
  }));
