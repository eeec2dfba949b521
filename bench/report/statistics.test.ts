import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimateMean, estimateRatio, lineThrough, median, studentQuantile } from './statistics.ts';

const isNear = (actual: number | null, expected: number, by = 1e-3) =>
  assert.ok(actual !== null && Math.abs(actual - expected) < by, `${actual} is not ${expected}`);

test('the median of an even number of runs lies between the two in the middle', () => {
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([9, 1, 5]), 5);
});

test('quantiles of t are those of the tables, and end in the normal one', () => {
  for (const [degrees, quantile] of [
    [1, 12.706],
    [4, 2.776],
    [11, 2.201],
    [20, 2.086],
    [60, 2.0],
    [100_000, 1.96],
  ] as const) {
    isNear(studentQuantile(degrees), quantile, 3e-3);
  }
});

test('a mean comes with its interval, and a single run with none', () => {
  // Standard deviation 2.5820, over the root of 4, times 3.182.
  const { value, low, high } = estimateMean([2, 4, 6, 8]);
  isNear(value, 5);
  isNear(low, 5 - 4.1079);
  isNear(high, 5 + 4.1079);
  assert.deepEqual(estimateMean([7]), { value: 7, low: null, high: null });
});

test('a mean ratio treats twice and half alike', () => {
  const { value, low, high } = estimateRatio([2, 0.5]);
  isNear(value, 1);
  isNear(low! * high!, 1);
  isNear(estimateRatio([0.8, 0.8, 0.8]).low, 0.8);
});

test('a line through points on it explains all of them, and one through noise little', () => {
  const on = lineThrough([1, 10, 100].map((x) => ({ x, y: 3 + 2 * x })));
  isNear(on.slope, 2);
  isNear(on.intercept, 3);
  isNear(on.explained, 1);
  const noise = lineThrough([
    { x: 1, y: 5 },
    { x: 2, y: -5 },
    { x: 3, y: 5 },
    { x: 4, y: -5 },
  ]);
  assert.ok(noise.explained < 0.3);
});
