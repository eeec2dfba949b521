import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { chmod, link, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { Refusal } from '#platform/errors';
import { refuseSharedCustody } from './custody.ts';
import { openDirectoryKeyStore } from './directory-key-store.ts';
import { KEY_FILE_BYTES } from './key-file.ts';
import { type KeyId, keyIdOf } from './key-ref.ts';
import { type KeyStore, KeyStoreFault } from './key-store.ts';
import { createMasterKeyFile } from './master-key.ts';
import { rotateEpoch } from './rotation.ts';
import { keyStoreContract } from './test/key-store-contract.ts';
import { type TemporaryStore, temporaryStore } from './test/temporary-store.ts';

keyStoreContract('directory', async () => {
  const place = await temporaryStore();
  return { store: await place.open(), another: place.open, dispose: place.dispose };
});

async function withStore(body: (place: TemporaryStore, store: KeyStore) => Promise<void>): Promise<void> {
  const place = await temporaryStore();
  try {
    await body(place, await place.open());
  } finally {
    await place.dispose();
  }
}

const newIds = (store: KeyStore, count: number): KeyId[] =>
  Array.from({ length: count }, () =>
    keyIdOf(store.identity, { class: 'identity', subjectId: randomUUID() }),
  );

const fileOf = (place: TemporaryStore, id: KeyId) => join(place.directory, 'keys', id.slice(0, 2), id);

async function everyFile(directory: string): Promise<Buffer[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name))),
  );
}

test('no data key and no epoch key stands in any file of the store', () =>
  withStore(async (place, store) => {
    const made = await store.create(newIds(store, 10));
    for (const file of await everyFile(place.root)) {
      for (const state of made) {
        assert.ok(state.state === 'living' && !file.includes(state.key.subarray(0, 8)));
      }
    }
  }));

test('destroying leaves no byte of the wrapped key in the file, which stays as the tombstone', () =>
  withStore(async (place, store) => {
    const [id] = newIds(store, 1);
    await store.create([id!]);
    const before = await stat(fileOf(place, id!));
    await store.destroy([id!]);
    const after = await stat(fileOf(place, id!));
    assert.deepEqual(await readFile(fileOf(place, id!)), Buffer.alloc(KEY_FILE_BYTES));
    assert.equal(after.ino, before.ino, 'overwritten in place, not replaced');
  }));

test('everything is readable by its owner alone', () =>
  withStore(async (place, store) => {
    await store.create(newIds(store, 3));
    assert.equal((await stat(place.directory)).mode & 0o777, 0o700);
    assert.equal((await stat(place.masterKeyFile)).mode & 0o777, 0o600);
    for (const entry of await readdir(place.directory, { recursive: true, withFileTypes: true })) {
      const { mode } = await stat(join(entry.parentPath, entry.name));
      assert.equal(mode & 0o777, entry.isDirectory() ? 0o700 : 0o600, entry.name);
    }
  }));

test('a store or master key that others can read is refused, with the way out', () =>
  withStore(async (place) => {
    await chmod(place.masterKeyFile, 0o640);
    await assert.rejects(
      place.open(),
      (error: Refusal) => error.waysOut[0] === `chmod 600 ${place.masterKeyFile}`,
    );
    await chmod(place.masterKeyFile, 0o600);
    await chmod(place.directory, 0o750);
    await assert.rejects(
      place.open(),
      (error: Refusal) => error.waysOut[0] === `chmod 700 ${place.directory}`,
    );
  }));

test('a missing store is not taken for a new one unless somebody says so', async () => {
  const place = await temporaryStore();
  const { directory, masterKeyFile } = place;
  await assert.rejects(openDirectoryKeyStore({ directory, masterKeyFile, initialise: false }), Refusal);
  await (await place.open()).close();
  await (await openDirectoryKeyStore({ directory, masterKeyFile, initialise: false })).close();
  await place.dispose();
});

test('two processes that make the store at once make one store', async () => {
  const place = await temporaryStore();
  const [one, other] = await Promise.all([place.open(), place.open()]);
  const [id] = newIds(one, 1);
  assert.deepEqual(one.identity, other.identity);
  assert.deepEqual(await one.create([id!]), await other.create([id!]));
  assert.deepEqual((await one.census()).epochs, [1]);
  await place.dispose();
});

test('a foreign master key opens nothing and changes nothing', () =>
  withStore(async (place, store) => {
    const [id] = newIds(store, 1);
    await store.create([id!]);
    const foreign = join(place.root, 'foreign.key');
    await createMasterKeyFile(foreign);
    const { directory } = place;
    await assert.rejects(
      openDirectoryKeyStore({ directory, masterKeyFile: foreign, initialise: true }),
      KeyStoreFault,
    );
    assert.equal((await (await place.open()).open(id!)).state, 'living');
  }));

test('a key file that was altered, cut or renamed to another id does not open', () =>
  withStore(async (place, store) => {
    const ids = newIds(store, 3);
    await store.create(ids);
    const [altered, cut, renamed] = ids.map((id) => fileOf(place, id!)) as [string, string, string];
    const content = await readFile(altered);
    content[40]! ^= 1;
    await writeFile(altered, content);
    await writeFile(cut, content.subarray(0, 100));
    const [other] = newIds(store, 1);
    await mkdir(join(place.directory, 'keys', other!.slice(0, 2)), { recursive: true });
    await link(renamed, fileOf(place, other!));
    for (const id of [ids[0]!, ids[1]!, other!]) await assert.rejects(store.open(id), KeyStoreFault);
    assert.equal((await store.open(ids[2]!)).state, 'living');
  }));

test('drafts of a killed process are swept at start, and a key that just got its name survives it', () =>
  withStore(async (place, store) => {
    const [id] = newIds(store, 1);
    const [made] = await store.create([id!]);
    await link(fileOf(place, id!), join(place.directory, 'drafts', 'named'));
    await writeFile(join(place.directory, 'drafts', 'nameless'), 'half a key');
    const again = await place.open();
    assert.deepEqual(await readdir(join(place.directory, 'drafts')), []);
    assert.deepEqual(await again.open(id!), made);
  }));

test('a slot torn by a power cut during rewrapping is passed over, and rewrapping repairs it', () =>
  withStore(async (place, store) => {
    const [id] = newIds(store, 1);
    const [made] = await store.create([id!]);
    const epoch = await store.addEpoch();
    const torn = await readFile(fileOf(place, id!));
    torn.writeBigUInt64BE(BigInt(epoch), 76);
    torn.fill(7, 84, 100);
    await writeFile(fileOf(place, id!), torn);
    assert.deepEqual(await store.open(id!), made);
    await rotateEpoch(store);
    assert.deepEqual(await store.open(id!), made);
    assert.deepEqual([...(await store.census()).byEpoch], [[epoch, 1]]);
  }));

test('the bytes an epoch wrapped are worthless once the epoch is destroyed, even from a backup', () =>
  withStore(async (place, store) => {
    const [id] = newIds(store, 1);
    await store.create([id!]);
    const backup = await readFile(fileOf(place, id!));
    await rotateEpoch(store);
    await store.destroy([id!]);
    await writeFile(fileOf(place, id!), backup);
    await assert.rejects((await place.open()).open(id!), KeyStoreFault);
  }));

test('master rotation: keys stay, the old master key opens nothing (checklist 44)', () =>
  withStore(async (place) => {
    const store = await place.open();
    const [id] = newIds(store, 1);
    const [made] = await store.create([id!]);
    const old = await readFile(place.masterKeyFile);
    await store.rotateMaster();
    assert.notDeepEqual(await readFile(place.masterKeyFile), old);
    assert.deepEqual(await (await place.open()).open(id!), made);
    await store.addEpoch();
    const kept = join(place.root, 'old.key');
    await writeFile(kept, old, { mode: 0o600 });
    await assert.rejects(
      openDirectoryKeyStore({ directory: place.directory, masterKeyFile: kept, initialise: false }),
      KeyStoreFault,
    );
  }));

test('E-KEY-CUSTODY: keys, master key and data must lie apart, also behind symbolic links', () =>
  withStore(async (place) => {
    const dataDirectory = join(place.root, 'data');
    await mkdir(dataDirectory);
    const apart = { keysDirectory: place.directory, masterKeyFile: place.masterKeyFile, dataDirectory };
    refuseSharedCustody(apart);
    refuseSharedCustody({ ...apart, dataDirectory: `${place.directory}-data` });
    const linked = join(place.root, 'linked');
    await symlink(dataDirectory, linked);
    const shared = [
      { ...apart, keysDirectory: join(dataDirectory, 'keys') },
      { ...apart, keysDirectory: dataDirectory },
      { ...apart, keysDirectory: join(linked, 'deep', 'keys') },
      { ...apart, dataDirectory: join(place.directory, 'data') },
      { ...apart, masterKeyFile: join(dataDirectory, 'master.key') },
      { ...apart, masterKeyFile: join(place.directory, 'master.key') },
    ];
    for (const custody of shared) assert.throws(() => refuseSharedCustody(custody), /E-KEY-CUSTODY/);
  }));
