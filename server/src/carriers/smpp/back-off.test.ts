import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backOffMs } from './back-off.ts';

test('the wait doubles up to its bound', () => {
  const most = () => 1;
  assert.deepEqual(
    [1, 2, 3, 7, 50].map((failures) => backOffMs(failures, false, most)),
    [500, 1_000, 2_000, 30_000, 30_000],
  );
});

test('after a refusal the wait is longer: credentials do not heal, and accounts get locked', () => {
  const most = () => 1;
  assert.deepEqual(
    [1, 2, 50].map((failures) => backOffMs(failures, true, most)),
    [5_000, 10_000, 300_000],
  );
});

test('jitter spreads over nine tenths and never makes a busy loop', () => {
  assert.equal(
    backOffMs(1, false, () => 0),
    50,
  );
  assert.equal(
    backOffMs(7, false, () => 0.5),
    16_500,
  );
});
