import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CORPUS } from './labelled-set.ts';

const byLanguage = Map.groupBy(CORPUS, (labelledText) => labelledText.language);

test('the set has 600 texts or more, 20 languages or more, 30 texts or more of each', () => {
  assert.ok(CORPUS.length >= 600);
  assert.ok(byLanguage.size >= 20);
  for (const [language, texts] of byLanguage) assert.ok(texts.length >= 30, language);
});

test('more than 35 % of each language hold no code', () => {
  for (const [language, texts] of byLanguage) {
    const without = texts.filter((labelledText) => labelledText.code === null).length;
    assert.ok(without / texts.length > 0.35, `${language}: ${without} of ${texts.length}`);
  }
});

test('no id and no text stands twice', () => {
  assert.equal(new Set(CORPUS.map((labelledText) => labelledText.id)).size, CORPUS.length);
  assert.equal(new Set(CORPUS.map((labelledText) => labelledText.text)).size, CORPUS.length);
});

test('every labelled code can be read off its text, separators and foreign digits aside', () => {
  for (const { id, text, code } of CORPUS) {
    if (code === null) continue;
    const plain = (value: string) =>
      value
        .normalize('NFKC')
        .replace(/\p{Nd}/gu, (digit) => String(digitValue(digit)))
        .replace(/[ -]/g, '');
    assert.ok(plain(text).includes(plain(code)), id);
  }
});

test('the halves are of similar size, over the set and with codes and without', () => {
  for (const pick of [
    CORPUS,
    CORPUS.filter((labelledText) => labelledText.code !== null),
    CORPUS.filter((labelledText) => labelledText.code === null),
  ]) {
    const tuning = pick.filter((labelledText) => labelledText.half === 'tuning').length / pick.length;
    assert.ok(tuning > 0.4 && tuning < 0.6, String(tuning));
  }
});

/** Value of a decimal digit of any script: scripts keep their ten digits in one run. */
function digitValue(digit: string): number {
  let zero = digit.codePointAt(0)!;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1)) && digit.codePointAt(0)! - zero < 9) zero--;
  return digit.codePointAt(0)! - zero;
}
