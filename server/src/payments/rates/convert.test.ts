import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatRate, parseRate } from '@sotto/contract/rate';
import fc from 'fast-check';
import { minorDigits } from '../invoices/tax.ts';
import { convert, type DatedRate } from './convert.ts';

const at = (base: string, quote: string, rate: string): DatedRate => ({
  base,
  quote,
  rate: parseRate(rate),
  validFrom: new Date('2026-11-26T00:00:00Z'),
});
const amount = (micros: bigint, currency: string) => ({ micros, currency });

test('an amount is converted in both directions and rounded half up to the smallest unit', () => {
  const pegged = at('USD', 'SAR', '3.75');
  assert.deepEqual(convert(amount(20_000_000n, 'USD'), 'SAR', pegged), amount(75_000_000n, 'SAR'));
  assert.deepEqual(convert(amount(75_000_000n, 'SAR'), 'USD', pegged), amount(20_000_000n, 'USD'));
  assert.deepEqual(convert(amount(10_000n, 'USD'), 'SAR', pegged), amount(40_000n, 'SAR'), '0.0375 is 0.04');
  assert.deepEqual(
    convert(amount(1_000_000n, 'SAR'), 'USD', pegged),
    amount(270_000n, 'USD'),
    '0.2666 is 0.27',
  );
  const yen = at('EUR', 'JPY', '162.5');
  assert.deepEqual(
    convert(amount(1_000_000n, 'EUR'), 'JPY', yen),
    amount(163_000_000n, 'JPY'),
    'no fraction',
  );
});

test('a rate of other currencies is refused, not guessed', () => {
  assert.throws(() => convert(amount(1n, 'EUR'), 'SAR', at('USD', 'SAR', '3.75')), RangeError);
  assert.throws(() => convert(amount(1n, 'USD'), 'USD', at('USD', 'SAR', '3.75')), RangeError);
});

test('what is converted is never further than half a smallest unit from the exact amount', () => {
  const currencies = fc.constantFrom('USD', 'JPY', 'KWD');
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 15n }),
      fc.bigInt({ min: 1n, max: 10n ** 14n }),
      currencies,
      (micros, rate, quote) => {
        const dated: DatedRate = { ...at('EUR', quote, '1'), rate };
        const unit = 10n ** BigInt(6 - minorDigits(quote));
        const { micros: got } = convert(amount(micros, 'EUR'), quote, dated);
        assert.equal(got % unit, 0n);
        const error = 2n * (got * 1_000_000_000n - micros * rate);
        assert.ok(error <= unit * 1_000_000_000n && error > -unit * 1_000_000_000n);
      },
    ),
  );
});

test('a rate is the same after it travelled', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 999_999_999_999_999n }), (rate) => {
      assert.equal(parseRate(formatRate(rate)), rate);
    }),
  );
  for (const text of ['0', '-1', '1e3', '01', '1.0000000001', '1000000', '', ' 1'])
    assert.throws(() => parseRate(text));
});
