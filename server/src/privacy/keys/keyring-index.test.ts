import assert from 'node:assert/strict';
import { createHash, createHmac, hkdfSync, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { openKeyring } from './cached-keyring.ts';
import { KeyNotReady } from './keyring.ts';
import { openMemoryKeyStore } from './memory-key-store.ts';
import type { ColumnName } from './sealing.ts';

const recipient: ColumnName = 'messages.message.recipient';

async function fixture() {
  const store = openMemoryKeyStore();
  return { store, keyring: await openKeyring(store), workspaceId: randomUUID() };
}

test('an index matches within its workspace and column and nowhere else', async () => {
  const { keyring, workspaceId } = await fixture();
  const other = randomUUID();
  await keyring.ensure([keyring.indexRef(workspaceId), keyring.indexRef(other)]);
  const number = '+4915123450001';
  const index = keyring.index(recipient, workspaceId, number);
  assert.equal(index.length, 17);
  assert.equal(index[0], 1, 'the epoch comes first');
  assert.deepEqual(keyring.index(recipient, workspaceId, number), index);
  assert.notDeepEqual(keyring.index(recipient, other, number), index, 'no social graph across workspaces');
  assert.notDeepEqual(keyring.index('numbers.inbound.sender', workspaceId, number), index);
  assert.notDeepEqual(keyring.index(recipient, workspaceId, '+4915123450002'), index);
  assert.notDeepEqual(keyring.globalIndex(recipient, number), index);
});

test('an index is HMAC-SHA-256 under a sub-key of the workspace, and no hash anybody could compute', async () => {
  const { store, keyring, workspaceId } = await fixture();
  const [ensured] = await keyring.ensure([keyring.indexRef(workspaceId)]);
  const state = await store.open(ensured!.keyId);
  assert.ok(state.state === 'living');
  const number = '+4915123450001';
  const index = keyring.index(recipient, workspaceId, number);
  const subKey = Buffer.from(hkdfSync('sha256', state.key, '', `sotto/index/v1|${recipient}`, 32));
  const expected = createHmac('sha256', subKey).update(number).digest().subarray(0, 16);
  assert.deepEqual(index.subarray(1), expected);
  for (const guess of [number, `${workspaceId}${number}`, `${recipient}${number}`]) {
    const hash = createHash('sha256').update(guess).digest();
    assert.notDeepEqual(index.subarray(1), hash.subarray(0, 16));
  }
});

test('an index without its key cannot be computed: there is no unkeyed way', async () => {
  const { keyring } = await fixture();
  assert.throws(() => keyring.index(recipient, randomUUID(), '+4915123450001'), KeyNotReady);
});

test('a shredded workspace writes noise and finds nothing', async () => {
  const { keyring, workspaceId } = await fixture();
  await keyring.ensure([keyring.indexRef(workspaceId)]);
  const before = keyring.index(recipient, workspaceId, '+4915123450001');
  await keyring.destroy(keyring.indexKeyIds(workspaceId));
  await keyring.ensure([keyring.indexRef(workspaceId)]);
  assert.deepEqual(keyring.indexCandidates(recipient, workspaceId, '+4915123450001'), []);
  const noise = keyring.index(recipient, workspaceId, '+4915123450001');
  assert.equal(noise.length, before.length);
  assert.notDeepEqual(noise, before);
  assert.notDeepEqual(keyring.index(recipient, workspaceId, '+4915123450001'), noise);
});

test('after an index epoch is added, both epochs are found and the new one is written', async () => {
  const { store, keyring, workspaceId } = await fixture();
  await keyring.ensure([keyring.indexRef(workspaceId)]);
  const old = keyring.index(recipient, workspaceId, '+4915123450001');
  const oldHash = keyring.mac('accounts.api_key.hash', 'sk_live_example');
  const oldGlobal = keyring.globalIndex('accounts.identity.email', 'a@example.com');

  const next = await openKeyring(store, { indexEpochs: [2, 1] });
  await next.ensure([next.indexRef(workspaceId)]);
  await next.load(next.indexKeyIds(workspaceId));
  const candidates = next.indexCandidates(recipient, workspaceId, '+4915123450001');
  assert.deepEqual(
    candidates.map((candidate) => candidate[0]),
    [2, 1],
  );
  assert.deepEqual(candidates[1], old);
  assert.equal(next.index(recipient, workspaceId, '+4915123450001')[0], 2);
  assert.ok(next.macMatches('accounts.api_key.hash', 'sk_live_example', oldHash));
  assert.deepEqual(next.macCandidates('accounts.api_key.hash', 'sk_live_example')[1], oldHash);
  assert.deepEqual(next.globalIndexCandidates('accounts.identity.email', 'a@example.com')[1], oldGlobal);
});

test('a keyed hash is 32 bytes of its column under a secret key, and only the same secret matches', async () => {
  const { keyring } = await fixture();
  const stored = keyring.mac('accounts.api_key.hash', 'sk_live_example');
  assert.equal(stored.length, 33);
  assert.ok(keyring.macMatches('accounts.api_key.hash', 'sk_live_example', stored));
  assert.ok(!keyring.macMatches('accounts.api_key.hash', 'sk_live_examplf', stored));
  assert.ok(!keyring.macMatches('accounts.session.hash', 'sk_live_example', stored));
  assert.ok(!keyring.macMatches('accounts.api_key.hash', 'sk_live_example', stored.subarray(0, 32)));
  const foreign = await openKeyring(openMemoryKeyStore());
  assert.ok(
    !foreign.macMatches('accounts.api_key.hash', 'sk_live_example', stored),
    'another key, another hash',
  );
});
