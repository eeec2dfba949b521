import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { solveChallenge } from '../client.ts';
import { sha256 } from '../sha-256.ts';

const hex = (words: Int32Array) =>
  [...words].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');

test('hashes are those of FIPS 180-4 and of the platform, at every length around a block', () => {
  assert.equal(
    hex(sha256(new TextEncoder().encode('abc'))),
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
  for (let length = 0; length <= 130; length++) {
    const octets = new Uint8Array(length).fill(length);
    assert.equal(hex(sha256(octets)), createHash('sha256').update(octets).digest('hex'));
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
      assert.equal(hex(sha256(octets)), createHash('sha256').update(octets).digest('hex'));
    }),
  );
});

test('what is no challenge, or asks for too much, is refused and not worked on', async () => {
  for (const text of ['', 'pow1', 'pow1.sign_up.29.1.a.b', 'pow1.sign_up.99.1.a.b', 'pow2.sign_up.1.1.a.b'])
    await assert.rejects(solveChallenge(text), TypeError);
});

test('the work ends when it is aborted', async () => {
  const abort = new AbortController();
  const work = solveChallenge('pow1.sign_up.28.1.a.b', { signal: abort.signal });
  abort.abort(new Error('enough'));
  await assert.rejects(work, /enough/);
});
