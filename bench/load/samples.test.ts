import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { atShare, Samples } from './samples.ts';

test('a percentile is the smallest value that its share of the sample does not exceed', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 200 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (values, share) => {
        const sorted = [...values].sort((a, b) => a - b);
        const found = atShare(sorted, share);
        const within = values.filter((value) => value <= found).length;
        const below = values.filter((value) => value < found).length;
        assert.ok(within >= share * values.length - 1e-9);
        assert.ok(below < share * values.length + 1e-9);
      },
    ),
  );
});

test('a hundred thousand samples are all kept', () => {
  const samples = new Samples();
  for (let value = 100_000; value >= 1; value--) samples.add(value);
  assert.deepEqual(samples.percentiles(), {
    count: 100_000,
    p50Ms: 50_000,
    p90Ms: 90_000,
    p99Ms: 99_000,
    maxMs: 100_000,
  });
});

test('nothing measured is nothing, not a failure', () => {
  assert.deepEqual(new Samples().percentiles(), { count: 0, p50Ms: 0, p90Ms: 0, p99Ms: 0, maxMs: 0 });
});
