import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fold } from './fold.ts';

test('digits of every script in use become ASCII digits', () => {
  for (const ten of [
    '٠١٢٣٤٥٦٧٨٩',
    '۰۱۲۳۴۵۶۷۸۹',
    '०१२३४५६७८९',
    '০১২৩৪৫৬৭৮৯',
    '๐๑๒๓๔๕๖๗๘๙',
    '０１２３４５６７８９',
  ]) {
    assert.equal(fold(ten), '0123456789');
  }
});

test('letters lose case and accents, also those that Unicode does not decompose', () => {
  assert.equal(fold('Código ŁÓDŹ Đỗ şİıŞ Straße Ёлка'), 'codigo lodz do siis straße елка');
});

test('spelling variants of Arabic and Persian letters fold together', () => {
  assert.equal(fold('أإآ ی ک ة'), fold('ااا ي ك ه'));
});

test('folding keeps every position and folding again changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
      const folded = fold(text);
      assert.equal(folded.length, text.length);
      assert.equal(fold(folded), folded);
    }),
    { numRuns: 300 },
  );
});
