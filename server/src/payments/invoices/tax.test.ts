import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { minorDigits, percentOf, type TaxRule, taxationOf, taxReturned, taxWithin } from './tax.ts';

const SA = { country: 'SA' };
const rules: readonly TaxRule[] = [
  { country: 'SA', rate: 50_000, from: '2018-01-01', reverseCharge: false },
  { country: 'SA', rate: 150_000, from: '2020-07-01', reverseCharge: false },
  { country: 'DE', rate: 190_000, from: '2021-01-01', reverseCharge: true },
];
const currencies = fc.constantFrom('EUR', 'SAR', 'JPY', 'KWD');
const rates = fc.integer({ min: 0, max: 300_000 });
const totals = fc.bigInt({ min: 1n, max: 10n ** 15n });

test('the rate is that of the day, in the country of the buyer or else of the seller', () => {
  const at = (day: string) => taxationOf(rules, SA, null, day).rate;
  assert.deepEqual(
    ['2017-12-31', '2018-01-01', '2020-06-30', '2020-07-01', '2026-11-26'].map(at),
    [0, 50_000, 50_000, 150_000, 150_000],
  );
  const german = taxationOf(rules, SA, { country: 'DE', taxId: null }, '2026-11-26');
  assert.deepEqual(german, { rate: 190_000, reverseCharge: false });
  const elsewhere = taxationOf(rules, SA, { country: 'US', taxId: null }, '2026-11-26');
  assert.deepEqual(elsewhere, { rate: 0, reverseCharge: false });
});

test('the tax is the buyer’s own where the country says so and the buyer has a tax id, never at home', () => {
  const buyer = { country: 'DE', taxId: 'DE123456789' };
  assert.deepEqual(taxationOf(rules, SA, buyer, '2026-11-26'), { rate: 0, reverseCharge: true });
  assert.deepEqual(taxationOf(rules, { country: 'DE' }, buyer, '2026-11-26'), {
    rate: 190_000,
    reverseCharge: false,
  });
});

test('the tax within a total is what the law’s own examples say', () => {
  assert.equal(taxWithin(115_000_000n, 150_000, 'SAR'), 15_000_000n);
  assert.equal(taxWithin(119_000_000n, 190_000, 'EUR'), 19_000_000n);
  assert.equal(taxWithin(10_000_000n, 190_000, 'EUR'), 1_600_000n, '1.5966 is 1.60');
  assert.equal(taxWithin(25_000_000n, 0, 'EUR'), 0n);
});

test('a tax is whole smallest units, less than half of one from the exact share, and below the total', () => {
  fc.assert(
    fc.property(totals, rates, currencies, (total, rate, currency) => {
      const unit = 10n ** BigInt(6 - minorDigits(currency));
      const tax = taxWithin(total, rate, currency);
      assert.equal(tax % unit, 0n);
      const error = 2n * (tax * (1_000_000n + BigInt(rate)) - total * BigInt(rate));
      const bound = unit * (1_000_000n + BigInt(rate));
      assert.ok(error <= bound && error > -bound);
    }),
  );
});

test('the taxes of parts that return all of an invoice are together its tax', () => {
  fc.assert(
    fc.property(
      totals,
      rates,
      currencies,
      fc.array(fc.nat(), { maxLength: 8 }),
      (units, rate, currency, cuts) => {
        const unit = 10n ** BigInt(6 - minorDigits(currency));
        const total = units * unit;
        const invoice = { total, tax: taxWithin(total, rate, currency), currency };
        const before = { total: 0n, tax: 0n };
        const bounds = [...cuts.map((cut) => (BigInt(cut) % units) * unit), total];
        for (const bound of bounds.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))) {
          const part = bound - before.total;
          const tax = taxReturned(invoice, before, part);
          assert.ok(tax >= 0n && tax <= part);
          before.total += part;
          before.tax += tax;
        }
        assert.deepEqual(before, { total, tax: invoice.tax });
      },
    ),
  );
});

test('a rate reads as people write it', () => {
  assert.deepEqual([150_000, 81_000, 190_000, 0, 55].map(percentOf), ['15', '8.1', '19', '0', '0.0055']);
});
