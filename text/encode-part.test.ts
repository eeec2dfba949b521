import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodePart } from './decode-part.ts';
import { encodePart } from './encode-part.ts';
import { segment } from './segment.ts';
import { readHeader } from './user-data-header.ts';

const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex');

const text = fc.string({
  unit: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...'abc 012') },
    { weight: 1, arbitrary: fc.constantFrom(...'€[]~ğşçãक', '😀') },
  ),
  maxLength: 400,
});

test('a short text has no header', () => {
  const { octets, headerOctets } = encodePart(segment('A€'), 0);
  assert.equal(hex(octets), '411b65');
  assert.equal(headerOctets, 0);
});

test('an 8-bit reference is written 05 00 03, a 16-bit one 06 08 04', () => {
  const long = 'a'.repeat(161);
  const narrow = encodePart(segment(long), 1, { reference: 0xab });
  assert.equal(hex(narrow.octets.subarray(0, narrow.headerOctets)), '050003ab0202');
  const wide = encodePart(segment(long, { referenceBits: 16 }), 0, { reference: 0x1234 });
  assert.equal(hex(wide.octets.subarray(0, wide.headerOctets)), '06080412340201');
});

test('national tables are announced: 0x24 single shift, 0x25 locking shift', () => {
  const single = encodePart(segment('á', { languages: ['spanish'] }), 0);
  assert.equal(hex(single.octets), '032401021b61');
  const both = encodePart(segment('Aक', { languages: ['hindi'] }), 0);
  assert.equal(hex(both.octets), '062401062501061b4115');
});

test('with concatenation elsewhere only national tables stay in the header', () => {
  assert.equal(encodePart(segment('a'.repeat(161)), 0, { concatenation: 'elsewhere' }).headerOctets, 0);
  const long = segment('ş'.repeat(300), { languages: ['turkish'] });
  assert.equal(encodePart(long, 0, { concatenation: 'elsewhere' }).headerOctets, 4);
});

test('a full packed part of any shape is 140 octets at most, with its text whole', () => {
  for (const [content, languages] of [
    ['a'.repeat(400), []],
    ['ş'.repeat(400), ['turkish']],
    [`A${'क'.repeat(400)}`, ['hindi']],
  ] as const) {
    for (const referenceBits of [8, 16] as const) {
      const cut = segment(content, { languages, referenceBits });
      const first = encodePart(cut, 0, { reference: 1, packed: true });
      assert.ok(first.octets.length <= 140 && first.octets.length >= 139);
      const read = decodePart(first.octets, {
        charset: 'gsm7',
        hasHeader: true,
        packed: true,
        septets: first.septets,
      });
      assert.equal(read.text, cut.parts[0]!.text);
    }
  }
});

test('a part packed by somebody else is read, and packed again the same, fill bit and all', () => {
  const octets = Buffer.from(
    '050003000301986F79B90D4AC3E7F53688FC66BFE5A0799A0E0AB7CB741668FC76CFCB637A995E9783C2E4343C3D4F8FD3EE33A8' +
      'CC4ED359A079990C22BF41E5747DDE7E9341F4721BFE9683D2EE719A9C26D7DD74509D0E6287C56F791954A683C86FF65B5E06' +
      'B5C36777181466A7E3F5B0AB4A0795DDE936284C06B5D3EE741B642FBBD3E1360B14AFA7E7',
    'hex',
  );
  const read = decodePart(octets, { charset: 'gsm7', hasHeader: true, packed: true });
  assert.equal(
    read.text,
    'Lorem ipsum dolor sit amet, consectetur adipisicing elit, sed do eiusmod tempor incididunt ut labore et ' +
      'dolore magna aliqua.Ut enim ad minim veniam, quis',
  );
  assert.deepEqual(read.concatenation, { referenceBits: 8, reference: 0, total: 3, sequence: 1 });
  const ours = encodePart(segment(`${read.text}${'x'.repeat(200)}`), 0, { reference: 0, packed: true });
  assert.equal(hex(ours.octets), hex(octets));
});

test('encoding and decoding every part gives the text back, packed or not, in every charset', () => {
  fc.assert(
    fc.property(
      text,
      fc.boolean(),
      fc.constantFrom<8 | 16>(8, 16),
      fc.constantFrom<'gsm7' | 'latin1' | 'ascii'>('gsm7', 'latin1', 'ascii'),
      (content, packed, referenceBits, defaultAlphabet) => {
        const cut = segment(content, {
          referenceBits,
          defaultAlphabet,
          languages: ['turkish', 'portuguese', 'hindi'],
        });
        let joined = '';
        for (const [index] of cut.parts.entries()) {
          const encoded = encodePart(cut, index, { reference: 77, packed });
          const isPacked = packed && cut.charset === 'gsm7';
          const read = decodePart(encoded.octets, {
            charset: cut.charset,
            hasHeader: encoded.headerOctets > 0,
            packed: isPacked,
            ...(isPacked ? { septets: encoded.septets } : {}),
          });
          if (cut.parts.length > 1) {
            assert.deepEqual(read.concatenation, {
              referenceBits,
              reference: 77,
              total: cut.parts.length,
              sequence: index + 1,
            });
          }
          joined += read.text;
        }
        assert.equal(joined, content);
      },
    ),
    { numRuns: 200 },
  );
});

test('a reference that is missing or out of range is refused, and so is a part that does not exist', () => {
  const cut = segment('a'.repeat(161));
  assert.throws(() => encodePart(cut, 0), RangeError);
  assert.throws(() => encodePart(cut, 0, { reference: 256 }), RangeError);
  assert.throws(() => encodePart(cut, 0, { reference: 1.5 }), RangeError);
  assert.throws(() => encodePart(cut, 2, { reference: 1 }), RangeError);
});

test('all elements of a header are read in any order, unknown ones skipped, the last of a kind counted', () => {
  const header = Uint8Array.from([15, 0x05, 2, 9, 9, 0x25, 1, 1, 0x00, 3, 1, 2, 1, 0x24, 1, 3]);
  assert.deepEqual(readHeader(header), {
    octets: 16,
    concatenation: { referenceBits: 8, reference: 1, total: 2, sequence: 1 },
    locking: 'turkish',
    single: 'portuguese',
  });
  assert.equal(readHeader(Uint8Array.of(10, 0, 3, 1, 2, 1, 0, 3, 1, 2, 2))?.concatenation?.sequence, 2);
});

test('senseless concatenation counts as none, and a header that does not fit is not trusted', () => {
  for (const [total, sequence] of [
    [0, 1],
    [2, 0],
    [2, 3],
  ] as const) {
    assert.equal(readHeader(Uint8Array.of(5, 0, 3, 1, total, sequence))?.concatenation, null);
  }
  assert.equal(readHeader(Uint8Array.of()), null);
  assert.equal(readHeader(Uint8Array.of(5, 0, 3, 1)), null);
  assert.equal(readHeader(Uint8Array.of(3, 0, 3, 1)), null);
  const broken = decodePart(Uint8Array.of(0x41, 0x42), { charset: 'gsm7', hasHeader: true });
  assert.deepEqual([broken.text, broken.headerIntact], ['AB', false]);
});

test('reading random octets never throws', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 160 }),
      fc.boolean(),
      fc.boolean(),
      fc.constantFrom<'gsm7' | 'latin1' | 'ascii' | 'ucs2'>('gsm7', 'latin1', 'ascii', 'ucs2'),
      (octets, hasHeader, packed, charset) => {
        assert.ok(decodePart(octets, { charset, hasHeader, packed }).text.isWellFormed());
      },
    ),
    { numRuns: 300 },
  );
});
