import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fillBitsAfter, packedOctets, packSeptets, unpackSeptets } from './packing.ts';
import { decodeSeptets, encodeSeptets } from './septets.ts';

const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex').toUpperCase();
const septets = fc.uint8Array({ max: 127, maxLength: 170 });

test('hellohello packs to the octets of the well-known vector', () => {
  assert.equal(hex(packSeptets(encodeSeptets('hellohello'))), 'E8329BFD4697D9EC37');
});

test('a part with a header of six octets unpacks after one fill bit', () => {
  const packed = Buffer.from('986F79B90D4AC3E7F53688FC66BFE5A0799A0E0AB7CB741668FC76CFCB', 'hex');
  assert.equal(decodeSeptets(unpackSeptets(packed, 1, 32)), 'Lorem ipsum dolor sit amet, cons');
});

test('fill bits bring the text to a septet boundary after a header of any length', () => {
  for (let header = 0; header <= 140; header++) {
    const fill = fillBitsAfter(header);
    assert.equal((header * 8 + fill) % 7, 0);
    assert.ok(fill >= 0 && fill <= 6);
  }
  assert.deepEqual([4, 6, 7, 9, 10, 12, 13].map(fillBitsAfter), [3, 1, 0, 5, 4, 2, 1]);
});

test('unpacking undoes packing for any septets and any fill bits when the count is stated', () => {
  fc.assert(
    fc.property(septets, fc.integer({ min: 0, max: 6 }), (values, fill) => {
      const packed = packSeptets(values, fill);
      assert.equal(packed.length, packedOctets(values.length, fill));
      assert.deepEqual(unpackSeptets(packed, fill, values.length), values);
    }),
  );
});

test('without a stated count only a final padding septet that fills the last octet is dropped', () => {
  fc.assert(
    fc.property(septets, fc.integer({ min: 0, max: 6 }), (values, fill) => {
      const unpacked = unpackSeptets(packSeptets(values, fill), fill);
      const last = values.at(-1);
      const ends = values.length > 0 && (values.length * 7 + fill) % 8 === 0;
      const dropped = ends && (last === 0 || last === 0x0d) ? 1 : 0;
      assert.deepEqual(unpacked, values.subarray(0, values.length - dropped));
    }),
  );
});

test('160 septets take 140 octets, and a count beyond the octets is cut to what is there', () => {
  assert.equal(packedOctets(160), 140);
  assert.equal(unpackSeptets(new Uint8Array(7), 0, 255).length, 8);
  assert.equal(unpackSeptets(new Uint8Array(0), 6, 3).length, 0);
});

test('values that are no septets and impossible fill bits are refused', () => {
  assert.throws(() => packSeptets(Uint8Array.of(0x80)), RangeError);
  assert.throws(() => packSeptets(Uint8Array.of(1), 7), RangeError);
  assert.throws(() => unpackSeptets(Uint8Array.of(1), -1), RangeError);
});
