import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { stepOf } from './decide-low-balance.ts';

test('a balance that swings about its threshold is told of once, and again after it was a tenth above', () => {
  let armed = true;
  const told: bigint[] = [];
  for (const leftMicros of [120n, 100n, 99n, 101n, 99n, 109n, 50n, 110n, 100n, 99n, -5n]) {
    const step = stepOf({ armed, thresholdMicros: 100n, leftMicros });
    if (step === 'tell') told.push(leftMicros);
    if (step !== 'stay') armed = step === 'arm';
  }
  assert.deepEqual(told, [99n, 99n]);
});

test('between two notices the balance was above the threshold, whatever happens', () => {
  const amount = fc.bigInt({ min: -50n, max: 300n });
  fc.assert(
    fc.property(
      fc.array(amount, { maxLength: 60 }),
      fc.bigInt({ min: 1n, max: 200n }),
      (balances, threshold) => {
        let armed = true;
        let above = true;
        for (const leftMicros of balances) {
          if (leftMicros > threshold) above = true;
          const step = stepOf({ armed, thresholdMicros: threshold, leftMicros });
          if (step === 'tell') {
            assert.ok(above && leftMicros < threshold);
            above = false;
          }
          if (step !== 'stay') armed = step === 'arm';
        }
      },
    ),
  );
});
