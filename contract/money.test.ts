import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { check } from './check.ts';
import {
  formatMicros,
  microsOf,
  moneyOf,
  moneySchema,
  nonNegativeMoneySchema,
  parseMicros,
  positiveMoneySchema,
} from './money.ts';

const micros = fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n });

test('amounts are the shortest decimal with at least two fraction digits', () => {
  const vectors: [bigint, string][] = [
    [0n, '0.00'],
    [1n, '0.000001'],
    [10n, '0.00001'],
    [7_500n, '0.0075'],
    [10_000n, '0.01'],
    [100_000n, '0.10'],
    [1_000_000n, '1.00'],
    [1_230_000n, '1.23'],
    [-7_500n, '-0.0075'],
    [-1n, '-0.000001'],
    [25_000_000n, '25.00'],
    [999_999_999_999_999_999n, '999999999999.999999'],
  ];
  for (const [value, text] of vectors) {
    assert.equal(formatMicros(value), text);
    assert.equal(parseMicros(text), value);
  }
});

test('every amount survives the way out and back exactly', () => {
  fc.assert(
    fc.property(micros, (value) => {
      const text = formatMicros(value);
      assert.equal(parseMicros(text), value);
      assert.match(text, /^-?\d+\.\d{2,6}$/);
      assert.doesNotMatch(text, /\.\d{2}\d*0$/);
      assert.equal(microsOf(moneyOf(value, 'EUR')), value);
      assert.equal(check(moneySchema, moneyOf(value, 'EUR')).ok, true);
    }),
  );
});

test('other ways to write the same amount are read alike', () => {
  for (const [text, value] of [
    ['5', 5_000_000n],
    ['5.0', 5_000_000n],
    ['5.000000', 5_000_000n],
    ['0.5', 500_000n],
    ['-0', 0n],
    ['-0.5', -500_000n],
  ] as const) {
    assert.equal(parseMicros(text), value);
  }
});

test('what is not plain decimal text is no amount', () => {
  const wrong = [
    '',
    '.',
    '.5',
    '5.',
    '05',
    '00.5',
    '+5',
    '1e3',
    '1,5',
    '1 000',
    ' 5',
    '5 ',
    '5\n',
    '0x5',
    'NaN',
  ];
  wrong.push('Infinity', '--5', '0.0000001', '1000000000000', '٥');
  for (const text of wrong) {
    assert.equal(parseMicros(text), null, JSON.stringify(text));
    assert.equal(check(moneySchema, { amount: text, currency: 'EUR' }).ok, false, JSON.stringify(text));
  }
  assert.throws(() => microsOf({ amount: '1e3', currency: 'EUR' }), RangeError);
});

test('a top-up is above zero, a price is not below it', () => {
  const ok = (schema: typeof moneySchema, amount: string) => check(schema, { amount, currency: 'EUR' }).ok;
  for (const zero of ['0', '0.00', '0.000000']) {
    assert.equal(ok(positiveMoneySchema, zero), false, zero);
    assert.equal(ok(nonNegativeMoneySchema, zero), true, zero);
  }
  for (const negative of ['-0', '-0.01', '-5']) {
    assert.equal(ok(positiveMoneySchema, negative), false);
    assert.equal(ok(nonNegativeMoneySchema, negative), false);
  }
  assert.equal(ok(positiveMoneySchema, '0.000001'), true);
});

test('money is an amount and a currency and nothing else', () => {
  for (const bad of [
    { amount: 5, currency: 'EUR' },
    { amount: '5.00' },
    { amount: '5.00', currency: 'eur' },
    { amount: '5.00', currency: 'EURO' },
    { amount: '5.00', currency: 'EUR', micros: 1 },
    '5.00 EUR',
    null,
  ]) {
    assert.equal(check(moneySchema, bad).ok, false, JSON.stringify(bad));
  }
});
