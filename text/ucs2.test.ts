import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeSingleOctet, encodeSingleOctet } from './single-octet.ts';
import { decodeUcs2, encodeUcs2, findLoneSurrogate } from './ucs2.ts';
import { UnsendableTextError } from './unsendable-text.ts';

test('UCS-2 is written high octet first, without byte order mark, pairs as two units', () => {
  assert.deepEqual([...encodeUcs2('A€😀')], [0, 0x41, 0x20, 0xac, 0xd8, 0x3d, 0xde, 0x00]);
});

test('any well-formed text survives UCS-2', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      assert.equal(decodeUcs2(encodeUcs2(text)), text);
    }),
  );
});

test('a lone surrogate is found at its position and refused', () => {
  assert.equal(findLoneSurrogate('ok 😀'), -1);
  assert.equal(findLoneSurrogate('ab\ud83d'), 2);
  assert.equal(findLoneSurrogate('\ude00ab'), 0);
  assert.equal(findLoneSurrogate('😀\ud83dx'), 2);
  assert.throws(
    () => encodeUcs2('ab\ud83dc'),
    (error) =>
      error instanceof UnsendableTextError && error.reason === 'lone-surrogate' && error.position === 2,
  );
});

test('a text is well-formed exactly when no lone surrogate is found', () => {
  const units = fc.array(fc.constantFrom(0x41, 0xd83d, 0xde00, 0xdfff, 0xd800), { maxLength: 12 });
  fc.assert(
    fc.property(units, (codes) => {
      const text = String.fromCharCode(...codes);
      assert.equal(findLoneSurrogate(text) === -1, text.isWellFormed());
    }),
  );
});

test('decoding any octets gives well-formed text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 160 }), (octets) => assert.ok(decodeUcs2(octets).isWellFormed())),
  );
  assert.equal(decodeUcs2(Uint8Array.of(0, 0x41, 0x42)), 'A\ufffd');
});

test('Latin-1 and ASCII carry their own characters and refuse others with the position', () => {
  for (const [charset, size] of [
    ['latin1', 256],
    ['ascii', 128],
  ] as const) {
    const all = String.fromCharCode(...Array.from({ length: size }, (_, code) => code));
    assert.equal(decodeSingleOctet(encodeSingleOctet(all, charset), charset), all);
    assert.throws(
      () => encodeSingleOctet(`ab${String.fromCharCode(size)}`, charset),
      (error) => error instanceof UnsendableTextError && error.position === 2,
    );
  }
  assert.equal(decodeSingleOctet(Uint8Array.of(0x41, 0xe9), 'ascii'), 'A\ufffd');
});
