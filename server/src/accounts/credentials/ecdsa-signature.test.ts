import assert from 'node:assert/strict';
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { test } from 'node:test';
import { isDerSignature } from './ecdsa-signature.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

test('every signature that is made is one, and none that is longer, shorter or altered in its frame', () => {
  for (let nth = 0; nth < 200; nth++) {
    const data = Buffer.from(`message ${nth}`);
    const made = sign('sha256', data, privateKey);
    assert.ok(isDerSignature(made), made.toString('hex'));
    for (let cut = 0; cut < made.length; cut++) assert.ok(!isDerSignature(made.subarray(0, cut)));
    assert.ok(!isDerSignature(Buffer.concat([made, Buffer.alloc(1)])));
    const frame = [0, 1, 2, 3, 4 + made[3]!, 5 + made[3]!];
    for (const at of frame) {
      for (const bit of [1, 2, 4, 8, 16, 32, 64, 128]) {
        const altered = Buffer.from(made);
        altered[at]! ^= bit;
        // What is still one has other numbers, and signs nothing.
        if (isDerSignature(altered)) assert.equal(verify('sha256', data, publicKey, altered), false);
      }
    }
  }
});

test('other spellings of the same numbers are none', () => {
  const spelled = (hex: string) => isDerSignature(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
  assert.ok(spelled('30 06 02 01 01 02 01 7f'));
  assert.ok(spelled('30 07 02 01 01 02 02 00 80'));
  for (const other of [
    '',
    '30',
    '30 00',
    // Zero, a negative number, and a zero in front that nothing asks for.
    '30 06 02 01 00 02 01 01',
    '30 06 02 01 80 02 01 01',
    '30 07 02 02 00 01 02 01 01',
    // Lengths in long form, of a sequence that goes on, and without an end.
    '30 81 06 02 01 01 02 01 01',
    '30 80 02 01 01 02 01 01 00 00',
    '30 06 02 81 01 01 02 01 01',
    '30 03 02 01 01',
    '30 09 02 01 01 02 01 01 02 01 01',
    '31 06 02 01 01 02 01 01',
    '30 06 03 01 01 02 01 01',
  ])
    assert.ok(!spelled(other), other);
});
