import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { openKeyring } from './cached-keyring.ts';
import type { KeyRef, UtcDay } from './key-ref.ts';
import { utcDay } from './key-ref.ts';
import { type KeyStore, KeyStoreFault } from './key-store.ts';
import { ENSURE_MAX, KeyNotReady } from './keyring.ts';
import { openMemoryKeyStore } from './memory-key-store.ts';
import { type ColumnName, type Place, SealBroken } from './sealing.ts';

const body: ColumnName = 'messages.part.body';
const day: UtcDay = '2026-03-14';

function content(workspaceId: string, on: UtcDay = day): KeyRef {
  return { class: 'content_outbound', workspaceId, day: on };
}

async function fixture(options: Parameters<typeof openKeyring>[1] = {}) {
  const store = openMemoryKeyStore();
  const keyring = await openKeyring(store, options);
  const workspaceId = randomUUID();
  const [key] = await keyring.ensure([content(workspaceId)]);
  const place: Place = { column: body, rowId: randomUUID(), ownerId: workspaceId, keyId: key!.keyId };
  return { store, keyring, workspaceId, place };
}

test('a value opens after a restart of the process, from the store alone', async () => {
  const { store, keyring, place } = await fixture();
  const sealed = keyring.seal(place, 'hello');
  const later = await openKeyring(store);
  await later.load([place.keyId]);
  assert.deepEqual(later.open(place, sealed), { state: 'open', plaintext: Buffer.from('hello') });
});

test('a key is on disk before ensure resolves, so before any row can use it', async () => {
  const order: string[] = [];
  const inner = openMemoryKeyStore();
  const store: KeyStore = {
    ...inner,
    async create(ids) {
      await Promise.resolve();
      const states = await inner.create(ids);
      order.push('durable');
      return states;
    },
  };
  const keyring = await openKeyring(store);
  const workspaceId = randomUUID();
  const keyId = keyring.keyId(content(workspaceId));
  assert.throws(
    () => keyring.seal({ column: body, rowId: '1', ownerId: workspaceId, keyId }, 'x'),
    KeyNotReady,
  );
  order.length = 0;
  await keyring.ensure([content(workspaceId)]).then(() => order.push('ensured'));
  assert.deepEqual(order, ['durable', 'ensured']);
});

test('a shredded value reads as a tombstone, in this process and in a new one, and never throws', async () => {
  const { store, keyring, place } = await fixture();
  const sealed = keyring.seal(place, 'gone');
  await keyring.destroy([place.keyId]);
  assert.deepEqual(keyring.open(place, sealed), { state: 'shredded' });
  const later = await openKeyring(store);
  await later.load([place.keyId]);
  assert.deepEqual(later.open(place, sealed), { state: 'shredded' });
});

test('writing under a shredded key is a harmless no-op that keeps nothing of the text', async () => {
  const { keyring, place, workspaceId } = await fixture();
  await keyring.destroy([place.keyId]);
  const [again] = await keyring.ensure([content(workspaceId)]);
  assert.deepEqual(again, { keyId: place.keyId, state: 'shredded' });
  const sealed = keyring.seal(place, 'too late');
  assert.deepEqual(sealed, Buffer.of(0));
  assert.deepEqual(keyring.open(place, sealed), { state: 'shredded' });
});

test('a shredded marker under a living key is tampering, not a tombstone', async () => {
  const { keyring, place } = await fixture();
  assert.throws(() => keyring.open(place, Buffer.of(0)), SealBroken);
});

test('a key destroyed before it was ever made cannot be made', async () => {
  const { keyring } = await fixture();
  const ref = content(randomUUID());
  await keyring.destroy([keyring.keyId(ref)]);
  assert.equal((await keyring.ensure([ref]))[0]!.state, 'shredded');
});

test('a key destroyed while it was being read does not come back through the answer', async () => {
  const inner = openMemoryKeyStore();
  let release: (() => void) | undefined;
  let gate = Promise.resolve();
  const store: KeyStore = {
    ...inner,
    async open(id) {
      const state = await inner.open(id);
      await gate;
      return state;
    },
  };
  const keyring = await openKeyring(store);
  const ref = content(randomUUID());
  const [key] = await keyring.ensure([ref]);
  keyring.evict([key!.keyId]);
  gate = new Promise((resolve) => {
    release = resolve;
  });
  const reading = keyring.load([key!.keyId]);
  await keyring.destroy([key!.keyId]);
  release!();
  await reading;
  const place: Place = { column: body, rowId: '1', ownerId: 'o', keyId: key!.keyId };
  assert.deepEqual(keyring.seal(place, 'x'), Buffer.of(0));
});

test('a key the store never had is a fault and not a tombstone', async () => {
  const { keyring, place } = await fixture();
  const keyId = keyring.keyId(content(randomUUID()));
  await keyring.load([keyId]);
  const sealed = keyring.seal(place, 'x');
  assert.throws(() => keyring.open({ ...place, keyId }, sealed), KeyStoreFault);
  assert.throws(() => keyring.seal({ ...place, keyId }, 'x'), KeyNotReady);
});

test('a key read as absent is made when somebody ensures it', async () => {
  const { keyring } = await fixture();
  const ref = content(randomUUID());
  await keyring.load([keyring.keyId(ref)]);
  assert.equal((await keyring.ensure([ref]))[0]!.state, 'living');
});

test('key ids follow from class, owner and day, and differ in every one of them', async () => {
  const { keyring, store } = await fixture();
  const workspaceId = randomUUID();
  const refs: KeyRef[] = [
    content(workspaceId),
    content(workspaceId, '2026-03-15'),
    content(randomUUID()),
    { class: 'content_inbound', workspaceId, day },
    { class: 'identity', subjectId: workspaceId },
    { class: 'billing', subjectId: workspaceId },
    { class: 'index', workspaceId, epoch: 1 },
    { class: 'index', workspaceId, epoch: 2 },
    { class: 'operator' },
    { class: 'global', use: 'index', epoch: 1 },
    { class: 'global', use: 'mac', epoch: 1 },
  ];
  const ids = refs.map(keyring.keyId);
  assert.equal(new Set(ids).size, refs.length);
  assert.deepEqual(refs.map((await openKeyring(store)).keyId), ids, 'the same in every process');
  assert.notDeepEqual(refs.map((await openKeyring(openMemoryKeyStore())).keyId), ids, 'never across stores');
  for (const id of ids)
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(utcDay(Date.UTC(2026, 2, 14, 23, 59, 59, 999)), day);
});

test('owners and days that are not what they claim are refused before a key is named', async () => {
  const { keyring } = await fixture();
  assert.throws(() => keyring.keyId(content('a|b')), TypeError);
  assert.throws(() => keyring.keyId(content(randomUUID().toUpperCase())), TypeError);
  assert.throws(() => keyring.keyId(content(randomUUID(), '2026-3-14' as UtcDay)), TypeError);
  assert.throws(() => keyring.keyId({ class: 'global', use: 'mac', epoch: 0 }), TypeError);
});

test('a key that another process destroyed is forgotten within the term of the cache', async () => {
  let now = 0;
  const { store, keyring, place } = await fixture({ ttlMs: 1000, nowMs: () => now });
  const sealed = keyring.seal(place, 'x');
  await store.destroy([place.keyId]);
  now = 700;
  await keyring.load([place.keyId]);
  assert.equal(keyring.open(place, sealed).state, 'open', 'still within the term');
  now = 751;
  await keyring.load([place.keyId]);
  assert.equal(keyring.open(place, sealed).state, 'shredded', 'renewed a quarter ahead of the end');
});

test('a key past its term is not used, even when nobody renewed it', async () => {
  let now = 0;
  const { keyring, place } = await fixture({ ttlMs: 1000, nowMs: () => now });
  now = 1000;
  assert.throws(() => keyring.seal(place, 'x'), KeyNotReady);
});

test('the cache stays within its bound and wipes what it drops', async () => {
  const inner = openMemoryKeyStore();
  const handed: Buffer[] = [];
  const store: KeyStore = {
    ...inner,
    async create(ids) {
      const states = await inner.create(ids);
      for (const state of states) if (state.state === 'living') handed.push(state.key);
      return states;
    },
  };
  const keyring = await openKeyring(store, { cachedKeysMax: 1 });
  const bound = 4 * ENSURE_MAX;
  for (let turn = 0; turn < 5; turn += 1) {
    await keyring.ensure(Array.from({ length: ENSURE_MAX }, () => content(randomUUID())));
  }
  assert.equal(keyring.stats().cached, bound);
  assert.equal(keyring.stats().evictions, ENSURE_MAX);
  const wiped = handed.filter((key) => key.every((byte) => byte === 0)).length;
  assert.equal(wiped, ENSURE_MAX);
  await keyring.close();
  assert.ok(handed.every((key) => key.every((byte) => byte === 0)));
});

test('callers who want the same keys at once share one question to the store', async () => {
  const inner = openMemoryKeyStore();
  let asked = 0;
  const store: KeyStore = {
    ...inner,
    async create(ids) {
      asked += ids.length;
      return inner.create(ids);
    },
  };
  const keyring = await openKeyring(store);
  asked = 0;
  const ref = content(randomUUID());
  await Promise.all(Array.from({ length: 50 }, () => keyring.ensure([ref, ref])));
  await keyring.ensure(new Array(ENSURE_MAX + 1).fill(ref));
  assert.equal(asked, 1);
  await assert.rejects(
    keyring.ensure(Array.from({ length: ENSURE_MAX + 1 }, () => content(randomUUID()))),
    RangeError,
  );
});

test('leases of one day seal under different sub-keys', async () => {
  const { keyring, place } = await fixture();
  const sealed = keyring.seal({ ...place, leaseId: 'a' }, 'x');
  assert.equal(keyring.open({ ...place, leaseId: 'a' }, sealed).state, 'open');
  assert.throws(() => keyring.open({ ...place, leaseId: 'b' }, sealed), SealBroken);
  assert.throws(() => keyring.open(place, sealed), SealBroken);
  for (let lease = 0; lease < 600; lease += 1) keyring.seal({ ...place, leaseId: String(lease) }, 'x');
  assert.equal(
    keyring.open({ ...place, leaseId: 'a' }, sealed).state,
    'open',
    'also after its sub-key made room',
  );
});
