import assert from 'node:assert/strict';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { KeyId } from './key-ref.ts';
import {
  type ColumnName,
  deriveSubKey,
  openValue,
  type Place,
  SEAL_OVERHEAD_BYTES,
  SealBroken,
  sealValue,
} from './sealing.ts';
import { collidingCiphertext } from './test/colliding-ciphertext.ts';

const column: ColumnName = 'messages.part.body';
const place: Place = {
  column,
  rowId: '0190a5b0-0000-7000-8000-000000000001',
  ownerId: '0190a5b0-0000-7000-8000-00000000000a',
  keyId: '0190a5b0-0000-8000-8000-0000000000ff' as KeyId,
};
const dataKey = randomBytes(32);
const subKey = deriveSubKey(dataKey, column);

test('every value opens to itself in its place and costs 45 bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
      const sealed = sealValue(subKey, place, Buffer.from(bytes));
      assert.equal(sealed.length, bytes.length + SEAL_OVERHEAD_BYTES);
      assert.deepEqual(openValue(subKey, place, sealed), Buffer.from(bytes));
    }),
  );
  assert.equal(SEAL_OVERHEAD_BYTES, 45);
  assert.equal(openValue(subKey, place, sealValue(subKey, place, 'Grüße 👋')).toString(), 'Grüße 👋');
});

test('a value moved to another row, owner, key, column or lease does not open (checklist 43)', () => {
  const sealed = sealValue(subKey, place, '+4915123456789');
  const otherColumn: ColumnName = 'messages.part.recipient';
  const elsewhere: [string, Place, Buffer][] = [
    ['row', { ...place, rowId: place.ownerId }, dataKey],
    ['owner', { ...place, ownerId: place.rowId }, dataKey],
    ['row and owner swapped', { ...place, rowId: place.ownerId, ownerId: place.rowId }, dataKey],
    ['key id', { ...place, keyId: place.rowId as KeyId }, dataKey],
    ['key', place, randomBytes(32)],
    ['column', { ...place, column: otherColumn }, dataKey],
    ['column in the additional data alone', { ...place, column: otherColumn }, dataKey],
    ['row and owner cut elsewhere', { ...place, rowId: `${place.rowId}|36|x`, ownerId: 'x' }, dataKey],
  ];
  for (const [what, there, key] of elsewhere) {
    const under = what.includes('alone') ? subKey : deriveSubKey(key, there.column);
    assert.throws(() => openValue(under, there, sealed), SealBroken, what);
  }
  assert.throws(
    () => openValue(deriveSubKey(dataKey, column, 'lease-1'), place, sealed),
    SealBroken,
    'lease',
  );
});

test('a change of any byte, and a cut at any byte, is found (checklist 43)', () => {
  const sealed = sealValue(subKey, place, 'code 493021');
  for (let at = 0; at < sealed.length; at += 1) {
    for (const flip of [1, 0x80, 0xff]) {
      const altered = Buffer.from(sealed);
      altered[at]! ^= flip;
      assert.throws(() => openValue(subKey, place, altered), SealBroken, `byte ${at}`);
    }
    assert.throws(() => openValue(subKey, place, sealed.subarray(0, at)), SealBroken, `cut at ${at}`);
  }
  assert.throws(() => openValue(subKey, place, Buffer.concat([sealed, Buffer.of(0)])), SealBroken);
});

test('random bytes never open and never throw anything but SealBroken', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      assert.throws(() => openValue(subKey, place, Buffer.from(bytes)), SealBroken);
    }),
  );
});

test('one ciphertext that AES-GCM opens under two keys opens under one of them at most here', () => {
  const other = deriveSubKey(randomBytes(32), column);
  const nonce = randomBytes(12);
  const { ciphertext, tag } = collidingCiphertext(subKey.key, other.key, nonce);
  for (const key of [subKey.key, other.key]) {
    const plain = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 });
    plain.setAuthTag(tag);
    plain.update(ciphertext);
    assert.doesNotThrow(() => plain.final(), 'the attack works on bare GCM');
  }
  for (const [mine, foreign] of [
    [subKey, other],
    [other, subKey],
  ] as const) {
    const forged = Buffer.concat([Buffer.of(1), mine.commitment, nonce, ciphertext, tag]);
    assert.throws(() => openValue(foreign, place, forged), /does not open/, 'refused by the commitment');
    assert.notDeepEqual(mine.commitment, foreign.commitment);
  }
});

test('the commitment alone refuses a foreign key, before anything is decrypted', () => {
  const sealed = sealValue(subKey, place, 'text');
  const sameKeyOtherCommitment = { key: subKey.key, commitment: randomBytes(16) };
  assert.throws(() => openValue(sameKeyOtherCommitment, place, sealed), SealBroken);
});

test('nonces do not repeat, and equal values never seal equal (checklist 43)', () => {
  const nonces = new Set<string>();
  for (let turn = 0; turn < 20_000; turn += 1) {
    nonces.add(sealValue(subKey, place, 'same').subarray(17, 29).toString('hex'));
  }
  assert.equal(nonces.size, 20_000);
  assert.ok(!nonces.has('00'.repeat(12)));
});

test('neither the data key nor the sub-key is in the sealed value', () => {
  const sealed = sealValue(subKey, place, 'x'.repeat(300));
  for (const key of [dataKey, subKey.key]) {
    for (let at = 0; at + 8 <= key.length; at += 8) {
      assert.equal(sealed.includes(key.subarray(at, at + 8)), false);
    }
  }
  assert.equal(sealed.includes('xxxxxxxx'), false);
});

test('the sub-key seals by AES-256-GCM as any other implementation would', () => {
  const sealed = sealValue(subKey, place, 'interoperable');
  const cipher = createCipheriv('aes-256-gcm', subKey.key, sealed.subarray(17, 29));
  cipher.setAAD(Buffer.from(`sotto/seal/v1|${column}|36|${place.rowId}|36|${place.ownerId}|${place.keyId}`));
  const again = Buffer.concat([cipher.update('interoperable'), cipher.final(), cipher.getAuthTag()]);
  assert.deepEqual(sealed.subarray(29), again);
});

test('a name that is no column of a table is refused', () => {
  for (const wrong of ['body', 'messages.body', 'Messages.part.body', 'a.b.c|x', 'a.b.c.d']) {
    assert.throws(() => deriveSubKey(dataKey, wrong as ColumnName), TypeError, wrong);
  }
});
