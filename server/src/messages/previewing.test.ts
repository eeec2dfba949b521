import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AppError } from '#platform/errors';
import { previewMessage } from './previewing.ts';
import { aRequest, runs, tariffOver } from './test/arrange.ts';

const tariff = tariffOver(['line'], { sender: 'Sotto' });
const SUBMITTER = { workspaceId: 'w', currency: 'EUR', test: false };
const preview = (text: string) => previewMessage(aRequest({ text }), SUBMITTER, tariff);

test('a preview says what a send would: encoding, segments, units, price and sender', () => {
  const { to: _to, ...shown } = preview('Hello');
  assert.deepEqual(shown, {
    from: 'Sotto',
    encoding: 'gsm7',
    segments: 1,
    units: 5,
    units_per_segment: 160,
    price: { amount: '0.0075', currency: 'EUR' },
    costly_characters: [],
    transliteration: null,
  });
  assert.deepEqual(preview('x'.repeat(161)).price, { amount: '0.015', currency: 'EUR' });
});

test('one costly character is named, and a plainer spelling offered with its own price', () => {
  const text = `${'The shop’s new opening hours are on the door. '.repeat(3)}See you`;
  const shown = preview(text);
  assert.deepEqual([shown.encoding, shown.segments], ['ucs2', 3]);
  assert.deepEqual(shown.costly_characters, ['’']);
  assert.deepEqual(
    [shown.transliteration?.text, shown.transliteration?.encoding, shown.transliteration?.segments],
    [text.replaceAll('’', "'"), 'gsm7', 1],
  );
  assert.deepEqual(shown.transliteration?.price, { amount: '0.0075', currency: 'EUR' });
});

test('a plainer spelling that saves no segment is not offered', () => {
  assert.equal(preview('Café ’').transliteration, null);
});

test('a text no plainer spelling helps gets none', () => {
  const shown = preview('こんにちは'.repeat(20));
  assert.deepEqual([shown.encoding, shown.transliteration], ['ucs2', null]);
});

test('a preview refuses what a send would', () => {
  assert.throws(
    () => preview('x'.repeat(1590)),
    (error) => error instanceof AppError && error.code === 'text_too_long' && error.field === 'text',
  );
});

test('whatever the text, the offer never takes more segments than the text itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }), (text) => {
      fc.pre(text.isWellFormed() && !text.includes('\0') && text.length <= 600);
      const shown = preview(text);
      assert.ok(shown.transliteration === null || shown.transliteration.segments < shown.segments);
    }),
    { numRuns: runs(200) },
  );
});
