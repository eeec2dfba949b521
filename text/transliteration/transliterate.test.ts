import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { alphabetOf } from '../gsm/alphabet.ts';
import { segment } from '../segment.ts';
import { transliterate } from './transliterate.ts';

test('typography becomes what the author typed, and the text fits GSM again', () => {
  const { text, replacements, fits } = transliterate('“It’s here” – now…\u00a0go');
  assert.equal(text, '"It\'s here" - now... go');
  assert.equal(fits, true);
  assert.equal(segment(text).encoding, 'gsm7');
  assert.deepEqual(
    replacements.map(({ position, from, to }) => [position, from, to]),
    [
      [0, '“', '"'],
      [3, '’', "'"],
      [10, '”', '"'],
      [12, '–', '-'],
      [17, '…', '...'],
      [18, '\u00a0', ' '],
    ],
  );
});

test('Latin letters lose only the marks that GSM lacks, and letters that GSM has stay', () => {
  assert.equal(transliterate('čšž łódź Đorđe œuvre ção ñ é ü').text, 'csz lodz Dorde oeuvre cao ñ é ü');
  assert.equal(transliterate('ǜ').text, 'ü');
  assert.equal(transliterate('Ấ ở').text, 'A o');
});

test('a letter with a separate accent is composed where the alphabet has it, else bared', () => {
  assert.equal(transliterate('e\u0301 n\u0303 c\u030c').text, 'é ñ c');
});

test('what the permitted national table holds is left alone', () => {
  const { text } = transliterate('ş “ę”', { alphabet: alphabetOf('turkish', null) });
  assert.equal(text, 'ş "e"');
});

test('lookalikes are replaced only where asked', () => {
  assert.equal(transliterate('ΑΘΗΝΑ').text, 'ΑΘΗΝΑ');
  const greek = transliterate('ΑΘΗΝΑ', { kinds: ['lookalike'] });
  assert.equal(greek.text, 'AΘHNA');
  assert.equal(greek.fits, true);
  assert.deepEqual(greek.replacements[0], { position: 0, from: 'Α', to: 'A', kind: 'lookalike' });
});

test('what has no replacement stays, and the result says that it does not fit', () => {
  const { text, fits, replacements } = transliterate('“мир” 😀');
  assert.deepEqual([text, fits, replacements.length], ['"мир" 😀', false, 2]);
});

test('a text that fits is returned as it is', () => {
  assert.deepEqual(transliterate('plain €'), { text: 'plain €', replacements: [], fits: true });
});

test('the replacements rebuild the result from the original, and doing it again changes nothing', () => {
  const mixed = fc.string({
    unit: fc.constantFrom(...'ab é“”–…\u00a0łœčÀ\u0301\u0302αΑжш中€\u200b', '😀', '\ud83d'),
    maxLength: 60,
  });
  const kinds = fc.subarray(['typography', 'letter', 'lookalike'] as const);
  fc.assert(
    fc.property(mixed, kinds, (original, chosen) => {
      const { text, replacements } = transliterate(original, { kinds: chosen });
      let rebuilt = '';
      let at = 0;
      for (const { position, from, to } of replacements) {
        assert.equal(original.slice(position, position + from.length), from);
        rebuilt += original.slice(at, position) + to;
        at = position + from.length;
      }
      assert.equal(rebuilt + original.slice(at), text);
      assert.equal(transliterate(text, { kinds: chosen }).text, text);
    }),
    { numRuns: 300 },
  );
});
