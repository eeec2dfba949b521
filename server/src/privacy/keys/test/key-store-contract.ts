// What every key store promises, whatever it is made of. Adapters and the in-memory store all pass it.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { type KeyId, keyIdOf } from '../key-ref.ts';
import { type KeyStore, KeyStoreFault } from '../key-store.ts';
import { rotateEpoch } from '../rotation.ts';

export interface StoreUnderTest {
  readonly store: KeyStore;
  /** Another process's view of the same keys; undefined where a store has only one process. */
  readonly another?: () => Promise<KeyStore>;
  readonly dispose: () => Promise<void>;
}

export function keyStoreContract(name: string, open: () => Promise<StoreUnderTest>): void {
  const newIds = (store: KeyStore, count: number): KeyId[] =>
    Array.from({ length: count }, () =>
      keyIdOf(store.identity, { class: 'identity', subjectId: randomUUID() }),
    );

  const check = (guarantee: string, body: (under: StoreUnderTest) => Promise<void>) =>
    test(`${name}: ${guarantee}`, async () => {
      const under = await open();
      try {
        await body(under);
      } finally {
        await under.store.close();
        await under.dispose();
      }
    });

  const keyOf = async (store: KeyStore, id: KeyId): Promise<Buffer> => {
    const state = await store.open(id);
    assert.equal(state.state, 'living');
    return state.state === 'living' ? state.key : Buffer.alloc(0);
  };

  check('keys are 32 bytes, all different, and the same whenever they are read', async ({ store }) => {
    const ids = newIds(store, 20);
    const made = await store.create(ids);
    const keys = made.map((state) => (state.state === 'living' ? state.key.toString('hex') : ''));
    assert.equal(new Set(keys).size, 20);
    for (const [index, id] of ids.entries()) {
      assert.equal((await keyOf(store, id)).toString('hex'), keys[index]);
      assert.equal(keys[index]!.length, 64);
    }
  });

  check('creating again returns the key that exists, also twice in one call', async ({ store }) => {
    const [id] = newIds(store, 1);
    const first = await store.create([id!, id!]);
    assert.deepEqual(first[0], first[1]);
    assert.deepEqual((await store.create([id!]))[0], first[0]);
  });

  check('a key nobody made is absent', async ({ store }) => {
    assert.deepEqual(await store.open(newIds(store, 1)[0]!), { state: 'absent' });
  });

  check('a destroyed key is destroyed for ever, and cannot be made again', async ({ store }) => {
    const ids = newIds(store, 3);
    await store.create(ids);
    await store.destroy([ids[0]!]);
    await store.destroy([ids[0]!]);
    assert.deepEqual(await store.open(ids[0]!), { state: 'destroyed' });
    assert.deepEqual(
      (await store.create(ids)).map(({ state }) => state),
      ['destroyed', 'living', 'living'],
    );
    const { living, destroyed } = await store.census();
    assert.deepEqual({ living, destroyed }, { living: 2, destroyed: 1 });
  });

  check('a key destroyed before it was made cannot be made', async ({ store }) => {
    const [id] = newIds(store, 1);
    await store.destroy([id!]);
    assert.deepEqual(await store.create([id!]), [{ state: 'destroyed' }]);
  });

  check('creators of the same keys at once all get the same keys', async ({ store, another }) => {
    const other = another ? await another() : store;
    const ids = newIds(store, 12);
    const answers = await Promise.all([
      store.create(ids),
      other.create([...ids].reverse()).then((states) => states.reverse()),
      store.create(ids),
    ]);
    assert.deepEqual(answers[1], answers[0]);
    assert.deepEqual(answers[2], answers[0]);
    assert.equal((await store.census()).living, 12);
    if (another) await other.close();
  });

  check('creation against destruction ends destroyed', async ({ store, another }) => {
    const other = another ? await another() : store;
    const ids = newIds(store, 12);
    await Promise.all([store.create(ids), other.destroy(ids), store.create(ids)]);
    for (const id of ids) assert.deepEqual(await store.open(id), { state: 'destroyed' });
    if (another) await other.close();
  });

  check(
    'rotation moves the living to a new epoch, keeps their bytes and ends the old epoch',
    async ({ store }) => {
      const ids = newIds(store, 10);
      await store.create(ids);
      await store.destroy(ids.slice(0, 4));
      const before = await Promise.all(ids.slice(4).map((id) => keyOf(store, id)));
      const rotation = await rotateEpoch(store);
      assert.deepEqual(rotation, { epoch: 2, resumed: false, moved: 6, destroyedEpochs: [1] });
      assert.deepEqual(await Promise.all(ids.slice(4).map((id) => keyOf(store, id))), before);
      const census = await store.census();
      assert.deepEqual([...census.byEpoch], [[2, 6]]);
      assert.deepEqual(census.epochs, [2]);
      for (const id of ids.slice(0, 4)) assert.deepEqual(await store.open(id), { state: 'destroyed' });
    },
  );

  check('a rotation that was left half-way is finished by the next one', async ({ store }) => {
    const ids = newIds(store, 5);
    await store.create(ids);
    await store.addEpoch();
    const [late] = newIds(store, 1);
    await store.create([late!]);
    assert.deepEqual([...(await store.census()).byEpoch].sort(), [
      [1, 5],
      [2, 1],
    ]);
    const rotation = await rotateEpoch(store);
    assert.deepEqual(rotation, { epoch: 2, resumed: true, moved: 5, destroyedEpochs: [1] });
    for (const id of [...ids, late!]) await keyOf(store, id);
  });

  check('an epoch that living keys depend on, and the newest, cannot be destroyed', async ({ store }) => {
    await store.create(newIds(store, 1));
    await assert.rejects(store.destroyEpoch(1), KeyStoreFault);
    await store.addEpoch();
    await assert.rejects(store.destroyEpoch(1), KeyStoreFault);
    await assert.rejects(store.destroyEpoch(2), KeyStoreFault);
    await assert.rejects(store.rewrap(1), KeyStoreFault);
  });

  check('one rotates, a second one is refused', async ({ store, another }) => {
    const other = another ? await another() : store;
    await store.exclusively(async () => {
      await assert.rejects(rotateEpoch(other), KeyStoreFault);
    });
    await rotateEpoch(other);
    if (another) await other.close();
  });

  check(
    'how far the erasure log was applied is remembered, and by every process',
    async ({ store, another }) => {
      assert.equal(await store.erasuresApplied(), null);
      const mark = { log: randomUUID(), sequence: 7, chain: '0f'.repeat(32) };
      await store.noteErasuresApplied(mark);
      const next = { ...mark, sequence: 8, chain: 'f0'.repeat(32) };
      await store.noteErasuresApplied(next);
      const other = another ? await another() : store;
      assert.deepEqual(await other.erasuresApplied(), next);
      if (another) await other.close();
    },
  );

  check(
    'keys made and destroyed while another process rotates are neither lost nor back',
    async ({ store, another }) => {
      const other = another ? await another() : store;
      const ids = newIds(store, 60);
      await store.create(ids.slice(0, 30));
      await Promise.all([
        rotateEpoch(store).then(() => rotateEpoch(store)),
        (async () => {
          for (let at = 30; at < 60; at += 5) {
            await other.create(ids.slice(at, at + 5));
            await other.destroy(ids.slice(at - 30, at - 28));
          }
        })(),
      ]);
      const gone = new Set<KeyId>();
      for (let at = 30; at < 60; at += 5) for (const id of ids.slice(at - 30, at - 28)) gone.add(id);
      for (const id of ids) {
        assert.equal((await store.open(id)).state, gone.has(id) ? 'destroyed' : 'living');
        assert.equal((await other.open(id)).state, gone.has(id) ? 'destroyed' : 'living');
      }
      const last = await rotateEpoch(store);
      assert.deepEqual((await store.census()).epochs, [last.epoch]);
      if (another) await other.close();
    },
  );
}
