import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { differenceOf, restOf, shareOf } from './prorate.ts';

const month = { start: new Date('2027-01-01T00:00:00Z'), end: new Date('2027-01-31T00:00:00Z') };
const after = (ms: number) => new Date(month.start.getTime() + ms);
const DAY_MS = 86_400_000;

test('an upgrade in the middle of a period costs half of the difference, to the micro and rounded half up', () => {
  const rest = restOf(month, after(15 * DAY_MS));
  const cost = (fromMicros: bigint, toMicros: bigint) =>
    differenceOf({ fromMicros, toMicros, soFarMicros: fromMicros }, rest);
  assert.equal(cost(10_000_000n, 30_000_000n), 10_000_000n);
  assert.equal(cost(0n, 1n), 1n);
  assert.equal(cost(0n, 3n), 2n);
  assert.equal(cost(30_000_000n, 10_000_000n), 0n);
});

test('time is whole seconds: all of a period before its beginning, none after its end', () => {
  const left = (at: Date) => restOf(month, at).remainingSeconds;
  assert.equal(left(after(0)), 30n * 86_400n);
  assert.equal(left(after(999)), 30n * 86_400n - 1n);
  assert.equal(left(after(30 * DAY_MS)), 0n);
  assert.equal(left(after(31 * DAY_MS)), 0n);
  assert.equal(left(after(-5 * DAY_MS)), 30n * 86_400n);
});

const amount = fc.bigInt({ min: 0n, max: 1_000_000_000_000_000n });
const at = fc.integer({ min: -DAY_MS, max: 31 * DAY_MS }).map(after);

test('a share is never below zero nor above the whole, and two shares are at most a micro more than the whole', () => {
  fc.assert(
    fc.property(amount, at, (micros, now) => {
      const rest = restOf(month, now);
      const used = { ...rest, remainingSeconds: rest.totalSeconds - rest.remainingSeconds };
      const [left, gone] = [shareOf(micros, rest), shareOf(micros, used)];
      assert.ok(left >= 0n && left <= micros);
      assert.ok(left + gone >= micros && left + gone <= micros + 1n);
    }),
  );
});

test('going up and back, as often as anybody likes, gains nothing and costs no more than the dearest plan', () => {
  fc.assert(
    fc.property(amount, fc.array(fc.tuple(amount, at), { maxLength: 20 }), (first, changes) => {
      let [current, paid, dearest] = [first, first, first];
      const inOrder = changes.toSorted(([, a], [, b]) => a.getTime() - b.getTime());
      for (const [wanted, now] of inOrder) {
        const change = { fromMicros: current, toMicros: wanted, soFarMicros: paid };
        const cost = differenceOf(change, restOf(month, now));
        assert.ok(cost >= 0n, 'nothing is paid back');
        assert.ok(wanted > current || cost === 0n, 'what is not dearer costs nothing now');
        // A cheaper plan waits for the end of the period, so the current one stays.
        if (wanted > current) current = wanted;
        paid += cost;
        if (current > dearest) dearest = current;
      }
      assert.ok(paid >= first && paid <= dearest);
    }),
  );
});
