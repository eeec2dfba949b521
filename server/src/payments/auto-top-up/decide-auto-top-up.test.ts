import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { afterFailure, CERTAIN_MS, KEY_MS, stepOf, waitMs, wayToAsk } from './decide-auto-top-up.ts';

const low = {
  leftMicros: 9n,
  thresholdMicros: 10n,
  amountMicros: 50n,
  capMicros: 200n,
  spentMicros: 0n,
  underWay: false,
};

test('a balance at its threshold is enough, one below it is topped up', () => {
  assert.equal(stepOf(low), 'pay');
  assert.equal(stepOf({ ...low, leftMicros: 10n }), 'balance');
  assert.equal(stepOf({ ...low, leftMicros: -5n }), 'pay');
});

test('a payment that is under way is waited for, whatever the cap', () => {
  assert.equal(stepOf({ ...low, underWay: true }), 'payment');
  assert.equal(stepOf({ ...low, underWay: true, spentMicros: 200n }), 'payment');
});

test('the cap is reached exactly and never passed', () => {
  assert.equal(stepOf({ ...low, spentMicros: 150n }), 'pay');
  assert.equal(stepOf({ ...low, spentMicros: 151n }), 'month');
  fc.assert(
    fc.property(
      fc.bigInt({ min: 1n, max: 1_000n }),
      fc.bigInt({ min: 1n, max: 1_000n }),
      fc.array(fc.bigInt({ min: -10n, max: 20n }), { maxLength: 200 }),
      (amountMicros, more, balances) => {
        const capMicros = amountMicros + more;
        let spentMicros = 0n;
        for (const leftMicros of balances) {
          if (stepOf({ ...low, leftMicros, amountMicros, capMicros, spentMicros }) === 'pay') {
            assert.ok(leftMicros < low.thresholdMicros);
            spentMicros += amountMicros;
          }
        }
        assert.ok(spentMicros <= capMicros);
      },
    ),
  );
});

test('the third decline in a row stops it, each one before waits longer, and a bank that wants somebody stops it at once', () => {
  const steps = [1, 2, 3, 4].map((declines) => afterFailure('declined', declines));
  assert.deepEqual(steps, [
    { pauseSeconds: 3_600 },
    { pauseSeconds: 86_400 },
    { stop: 'declined' },
    { stop: 'declined' },
  ]);
  assert.deepEqual(afterFailure('needs_you', 1), { stop: 'needs_you' });
  assert.deepEqual(afterFailure('not_made', 3), { stop: 'declined' });
});

test('nothing is charged once the provider may have forgotten the key, or the card was dropped', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 3 * 86_400_000 }),
      fc.option(fc.nat({ max: 3 * 86_400_000 })),
      (ageMs, droppedMs) => {
        const way = wayToAsk({ ageMs, droppedMs });
        if (way === 'pay') assert.ok(ageMs < 24 * 3_600_000 && droppedMs === null);
        if (way === 'give_up') assert.ok(ageMs > KEY_MS + CERTAIN_MS || droppedMs! > CERTAIN_MS);
      },
    ),
  );
  assert.equal(wayToAsk({ ageMs: KEY_MS, droppedMs: null }), 'pay');
  assert.equal(wayToAsk({ ageMs: KEY_MS + 1, droppedMs: null }), 'look');
  assert.equal(wayToAsk({ ageMs: 0, droppedMs: 0 }), 'look');
});

test('the waits between questions grow, from seconds to half an hour', () => {
  assert.deepEqual([0, 60_000, 86_400_000].map(waitMs), [2_000, 15_000, 1_800_000]);
});
