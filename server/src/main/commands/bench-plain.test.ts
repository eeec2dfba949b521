// The plain build of the bench replaces modules of the server by others of the same shape. The shapes are compared here,
// where both can be seen, so that a module that changes breaks a test and not a measurement.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import * as noPurposes from '@sotto/bench/plain/no-purposes';
import * as plainKeyring from '@sotto/bench/plain/plain-keyring';
import { REPLACEMENTS } from '@sotto/bench/plain/replacements';
import { openKeyring } from '#privacy';
import { openMemoryKeyStore } from '#privacy/memory-key-store';

const SERVER = resolve(import.meta.dirname, '../..');

/** Names a module exports at run time. */
const namesOf = async (specifier: string): Promise<string[]> =>
  Object.keys((await import(specifier)) as object).sort();

test('every replacement exports what the module of the server does, and nothing else', async () => {
  for (const { module, by } of REPLACEMENTS) {
    const path = join(SERVER, module);
    assert.ok(existsSync(path), `${module} has moved`);
    assert.deepEqual(
      await namesOf(`@sotto/bench/plain/${by.replace(/\.ts$/, '')}`),
      await namesOf(path),
      module,
    );
  }
});

test('the plain keyring does everything the real one does', async () => {
  const [plain, real] = [await plainKeyring.openKeyring(), await openKeyring(openMemoryKeyStore())];
  assert.deepEqual(Object.keys(plain).sort(), Object.keys(real).sort());
  assert.deepEqual(Object.keys(plain.stats()).sort(), Object.keys(real.stats()).sort());
});

test('the plain keyring stores what it is given, finds it again, and tells values apart', async () => {
  const keyring = await plainKeyring.openKeyring();
  const [number, other] = ['+4915120000001', '+4915120000002'];
  assert.deepEqual(keyring.open(null, keyring.seal(null, 'a text')).plaintext, Buffer.from('a text'));
  const index = keyring.index('a.b.c', 'workspace', number);
  assert.equal(index.length, 17);
  assert.ok(index.includes(number));
  assert.notDeepEqual(index, keyring.index('a.b.c', 'workspace', other));
  const key = 'sotto_test_0123456789abcdef0123456789abcdef';
  assert.equal(keyring.mac('a.b.c', key).length, 33);
  assert.ok(keyring.macMatches('a.b.c', key, keyring.mac('a.b.c', key)));
  assert.ok(!keyring.macMatches('a.b.c', key, keyring.mac('a.b.c', `${key.slice(0, -1)}0`)));
});

test('the plain build asks for no purpose', () => {
  assert.equal(noPurposes.demandPurpose(), undefined);
});
