import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { blankLinks } from './links.ts';

test('links, hosts with paths and mail addresses are blanked, position for position', () => {
  assert.equal(blankLinks('see https://example.com/t/118274 now'), `see ${' '.repeat(28)} now`);
  assert.equal(blankLinks('查询https://example.com/1234。'), `查询${' '.repeat(24)}。`);
  assert.equal(blankLinks('example.com/1234'), ' '.repeat(16));
  assert.equal(blankLinks('to ann1234@example.com'), `to ${' '.repeat(19)}`);
  assert.equal(blankLinks('www.shop24/4821'), ' '.repeat(15));
});

test('sentences without spaces are not taken for hosts', () => {
  for (const text of ['code 482913.do not share', '482913.', 'a.b', 'at 18.45', '1.250,00']) {
    assert.equal(blankLinks(text), text);
  }
});

test('blanking keeps the length', () => {
  const unit = fc.constantFrom(...'ab.:/@12 w(', 'ш');
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 80 }), (text) =>
      assert.equal(blankLinks(text).length, text.length),
    ),
  );
});
