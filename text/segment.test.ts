import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { countBinaryParts } from './capacity.ts';
import type { EncodingOptions } from './choose-encoding.ts';
import { segment } from './segment.ts';
import { UnsendableTextError } from './unsendable-text.ts';

const sweep = Number(process.env.SOTTO_SWEEP ?? '1');
const EXTENSION = '\f^{}\\[~]|€';

/** What the fields of interest are, for short assertions at boundaries. */
function cut(text: string, options?: EncodingOptions) {
  const { encoding, parts, units } = segment(text, options);
  return { encoding, units, parts: parts.map((part) => part.units) };
}

/** Characters of the default alphabet, its extension, national tables, UCS-2 and pairs, in any mixture. */
const gsmText = fc.string({
  unit: fc.constantFrom(...'aZ09 @£ñüàΔ\n\r', ...EXTENSION),
  maxLength: 700,
});
const anyText = fc.string({
  unit: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...'abc XYZ 019') },
    { weight: 2, arbitrary: fc.constantFrom(...EXTENSION) },
    { weight: 1, arbitrary: fc.constantFrom(...'ğşıİçãõêáú', '😀', '👍', 'ش', '中') },
  ),
  maxLength: 500,
});
const options = fc.record(
  {
    referenceBits: fc.constantFrom<8 | 16>(8, 16),
    languages: fc.subarray(['turkish', 'spanish', 'portuguese', 'hindi', 'urdu'] as const),
    defaultAlphabet: fc.constantFrom<'gsm7' | 'latin1' | 'ascii'>('gsm7', 'gsm7', 'latin1', 'ascii'),
  },
  { requiredKeys: [] },
);

test('GSM text: 160 alone, then 153 or 152 a part', () => {
  assert.deepEqual(cut('a'.repeat(160)), { encoding: 'gsm7', units: 160, parts: [160] });
  assert.deepEqual(cut('a'.repeat(161)).parts, [153, 8]);
  assert.deepEqual(cut('a'.repeat(306)).parts, [153, 153]);
  assert.deepEqual(cut('a'.repeat(307)).parts, [153, 153, 1]);
  assert.deepEqual(cut('a'.repeat(304), { referenceBits: 16 }).parts, [152, 152]);
  assert.deepEqual(cut('a'.repeat(305), { referenceBits: 16 }).parts, [152, 152, 1]);
});

test('UCS-2 text: 70 alone, then 67 or 66 a part', () => {
  assert.deepEqual(cut('ш'.repeat(70)), { encoding: 'ucs2', units: 70, parts: [70] });
  assert.deepEqual(cut('ш'.repeat(71)).parts, [67, 4]);
  assert.deepEqual(cut('ш'.repeat(134)).parts, [67, 67]);
  assert.deepEqual(cut('ш'.repeat(135)).parts, [67, 67, 1]);
  assert.deepEqual(cut('ш'.repeat(132), { referenceBits: 16 }).parts, [66, 66]);
});

test('Latin-1 sent as octets and binary: 140 alone, then 134 or 133 a part', () => {
  assert.deepEqual(cut('é'.repeat(140), { encoding: 'latin1' }).parts, [140]);
  assert.deepEqual(cut('é'.repeat(141), { encoding: 'latin1' }).parts, [134, 7]);
  assert.deepEqual(cut('é'.repeat(267), { encoding: 'latin1', referenceBits: 16 }).parts, [133, 133, 1]);
  assert.deepEqual(
    [0, 140, 141, 268, 269].map((octets) => countBinaryParts(octets)),
    [1, 1, 2, 2, 3],
  );
  assert.deepEqual(
    [266, 267].map((octets) => countBinaryParts(octets, 16)),
    [2, 3],
  );
});

test('national tables: 155 with one, 152 with two, 149 and 146 among several parts', () => {
  const single = { languages: ['spanish'] as const };
  assert.deepEqual(cut(`á${'a'.repeat(153)}`, single).parts, [155]);
  assert.deepEqual(cut(`á${'a'.repeat(154)}`, single).parts, [149, 7]);
  const locking = { languages: ['turkish'] as const };
  assert.deepEqual(cut('ş'.repeat(155), locking).parts, [155]);
  assert.deepEqual(cut('ş'.repeat(156), locking).parts, [149, 7]);
  assert.deepEqual(cut('ş'.repeat(156), { ...locking, referenceBits: 16 }).parts, [148, 8]);
  // Capital Latin letters stand only in the Hindi single shift table, the letters only in the locking one.
  const both = { languages: ['hindi'] as const };
  const found = segment(`A${'क'.repeat(150)}`, both);
  assert.deepEqual([found.locking, found.single], ['hindi', 'hindi']);
  assert.deepEqual(cut(`A${'क'.repeat(150)}`, both).parts, [152]);
  assert.deepEqual(cut(`A${'क'.repeat(151)}`, both).parts, [146, 7]);
  assert.deepEqual(cut(`A${'क'.repeat(151)}`, { ...both, referenceBits: 16 }).parts, [145, 8]);
});

test('national tables are used only where permitted and only where the default alphabet does not do', () => {
  assert.equal(cut('ş').encoding, 'ucs2');
  assert.equal(cut('ş', { languages: ['spanish'] }).encoding, 'ucs2');
  assert.equal(segment('plain', { languages: ['turkish'] }).single, null);
  assert.equal(segment('ş', { languages: ['spanish', 'turkish'] }).encoding, 'gsm7');
});

test('the table that makes the fewest parts wins, then the smallest header', () => {
  // One ş costs a header either way; many cost a septet each with the single shift table.
  assert.equal(segment('ş'.repeat(150), { languages: ['turkish'] }).locking, 'turkish');
  assert.equal(segment('ş'.repeat(150), { languages: ['turkish'] }).single, null);
});

test('an extension character is never cut: its escape moves to the next part with it', () => {
  assert.deepEqual(cut(`${'a'.repeat(152)}€${'b'.repeat(10)}`).parts, [152, 12]);
  assert.deepEqual(cut('€'.repeat(80)).parts, [160]);
  assert.deepEqual(cut('€'.repeat(81)).parts, [152, 10]);
});

test('a surrogate pair is never cut', () => {
  assert.deepEqual(cut(`${'ш'.repeat(66)}😀${'ш'.repeat(10)}`).parts, [66, 12]);
  assert.deepEqual(cut('😀'.repeat(36)).parts, [66, 6]);
  assert.equal(segment('😀a').characters, 2);
});

test('an empty text is one empty part', () => {
  assert.deepEqual(cut(''), { encoding: 'gsm7', units: 0, parts: [0] });
});

test('what forced UCS-2 is listed with position, and nothing is listed for GSM text', () => {
  assert.deepEqual(segment('a“b😀').forcedBy, [
    { position: 1, character: '“' },
    { position: 3, character: '😀' },
  ]);
  assert.deepEqual(segment('plain').forcedBy, []);
  assert.equal(segment('ш'.repeat(300)).forcedBy.length, 64);
  assert.deepEqual(segment('ş and “', { languages: ['turkish'] }).forcedBy, [
    { position: 6, character: '“' },
  ]);
});

test('a text that no single language holds lists what lies outside the default alphabet', () => {
  const { encoding, forcedBy } = segment('ş क', { languages: ['turkish', 'hindi'] });
  assert.equal(encoding, 'ucs2');
  assert.deepEqual(
    forcedBy.map((forcing) => forcing.character),
    ['ş', 'क'],
  );
});

test('with a Latin-1 or ASCII default alphabet only characters of both alphabets stay 7-bit', () => {
  assert.equal(segment('price 5 £', { defaultAlphabet: 'latin1' }).charset, 'latin1');
  assert.equal(segment('price 5 £', { defaultAlphabet: 'ascii' }).charset, 'ucs2');
  assert.equal(segment('Δ', { defaultAlphabet: 'latin1' }).charset, 'ucs2');
  assert.equal(segment('ç', { defaultAlphabet: 'latin1' }).charset, 'ucs2');
  assert.deepEqual(cut('[]', { defaultAlphabet: 'ascii' }), { encoding: 'gsm7', units: 4, parts: [4] });
});

test('an encoding that the caller insists on is kept or refused', () => {
  assert.equal(segment('plain', { encoding: 'ucs2' }).encoding, 'ucs2');
  const refused = (position: number) => (error: unknown) =>
    error instanceof UnsendableTextError && error.reason === 'unencodable' && error.position === position;
  assert.throws(() => segment('ab😀', { encoding: 'gsm7' }), refused(2));
  assert.throws(() => segment('ab€', { encoding: 'latin1' }), refused(2));
});

test('a lone surrogate is refused with its position, never sent', () => {
  assert.throws(
    () => segment('abc\ud83d'),
    (error) =>
      error instanceof UnsendableTextError && error.reason === 'lone-surrogate' && error.position === 3,
  );
});

test('255 parts are cut, a text of 256 is refused where the 256th begins', () => {
  assert.equal(segment('a'.repeat(255 * 153)).parts.length, 255);
  assert.throws(
    () => segment('a'.repeat(255 * 153 + 1)),
    (error) =>
      error instanceof UnsendableTextError && error.reason === 'too-long' && error.position === 255 * 153,
  );
});

test('joining the parts gives the text; no part exceeds its capacity or begins inside a pair', () => {
  fc.assert(
    fc.property(anyText, options, (text, chosen) => {
      const { parts, unitsPerPart, units, encoding } = segment(text, chosen);
      assert.equal(parts.map((part) => part.text).join(''), text);
      assert.equal(
        parts.reduce((sum, part) => sum + part.units, 0),
        units,
      );
      let end = 0;
      for (const part of parts) {
        assert.equal(part.start, end);
        assert.equal(part.text, text.slice(part.start, part.end));
        assert.ok(part.units <= unitsPerPart);
        assert.ok(part.text.isWellFormed());
        end = part.end;
      }
      assert.equal(end, text.length);
      if (encoding === 'ucs2') assert.ok(parts.every((part) => part.units === part.text.length));
    }),
    { numRuns: 300 * sweep },
  );
});

test('counts equal a plain reference that measures character by character', () => {
  const reference = (text: string, bits: 8 | 16) => {
    const sizes = [...text].map((character) => (EXTENSION.includes(character) ? 2 : 1));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    if (total <= 160) return [total];
    const parts = [0];
    for (const size of sizes) {
      if (parts.at(-1)! + size > (bits === 8 ? 153 : 152)) parts.push(0);
      parts[parts.length - 1]! += size;
    }
    return parts;
  };
  fc.assert(
    fc.property(gsmText, fc.constantFrom<8 | 16>(8, 16), (text, referenceBits) => {
      assert.deepEqual(cut(text, { referenceBits }).parts, reference(text, referenceBits));
    }),
    { numRuns: 300 * sweep },
  );
});
