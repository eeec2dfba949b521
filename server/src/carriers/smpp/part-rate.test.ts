import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PartRate } from './part-rate.ts';

test('a limited connector never writes more than its rate and one burst, whatever the timing', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5_000 }),
      fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 60 }),
      (perSecond, pauses) => {
        const rate = new PartRate(perSecond, 0);
        let now = 0;
        let written = 0;
        for (const pause of pauses) {
          now += pause;
          for (let parts = rate.available(now); parts > 0; parts--) {
            rate.spend();
            written += 1;
          }
        }
        assert.ok(written <= (perSecond * now) / 1_000 + Math.max(1, perSecond * 0.1) + 1e-6);
      },
    ),
  );
});

test('over a long time the whole rate is used', () => {
  const rate = new PartRate(50, 0);
  let written = 0;
  for (let now = 0; now <= 10_000; now += 10) {
    for (let parts = rate.available(now); parts > 0; parts--) {
      rate.spend();
      written += 1;
    }
  }
  assert.ok(written >= 495 && written <= 505, `${written}`);
});

test('without a limit there is none', () => {
  const rate = new PartRate(null, 0);
  assert.equal(rate.limit, null);
  assert.equal(rate.available(0), Number.POSITIVE_INFINITY);
  assert.equal(rate.waitMs(0), 0);
});

test('throttling pauses, halves the rate once for a burst of answers, and is given back with time', () => {
  const rate = new PartRate(100, 0);
  rate.tooFast(1_000, 100);
  rate.tooFast(1_010, 100);
  rate.tooFast(1_500, 100);
  assert.equal(rate.limit, 50);
  assert.equal(rate.slowed, true);
  assert.equal(rate.available(1_000), 0);
  assert.equal(rate.waitMs(1_000), 100);
  for (let now = 1_100; now <= 13_000; now += 100) rate.available(now);
  assert.equal(rate.limit, 100);
  assert.equal(rate.slowed, false);
});

test('a connector without a limit finds one under throttling and is free again later', () => {
  const rate = new PartRate(null, 0);
  rate.tooFast(1_000, 800);
  assert.equal(rate.limit, 400);
  for (let now = 1_100; now <= 60_000; now += 100) rate.available(now);
  assert.equal(rate.limit, null);
});

test('what was written counts as too much, not what would have been allowed', () => {
  const rate = new PartRate(10_000, 0);
  rate.tooFast(1_000, 40);
  assert.equal(rate.limit, 20);
});

test('pauses grow while the carrier accepts nothing, and are short again after it did', () => {
  const rate = new PartRate(1_000, 0);
  rate.tooFast(1_000, 1_000);
  assert.equal(rate.pausedForMs(1_000), 100);
  rate.tooFast(2_000, 500);
  assert.equal(rate.pausedForMs(2_000), 200);
  rate.tooFast(3_000, 250);
  assert.equal(rate.pausedForMs(3_000), 400);
  rate.accepted();
  rate.tooFast(4_000, 100);
  assert.equal(rate.pausedForMs(4_000), 100);
});

test('against a carrier that takes 100 parts a second the rate settles near it', () => {
  const rate = new PartRate(null, 0);
  const second = new Map<number, number>();
  let accepted = 0;
  for (let now = 0; now < 60_000; now += 10) {
    for (let parts = Math.min(50, rate.available(now)); parts > 0; parts--) {
      rate.spend();
      const at = Math.floor(now / 1_000);
      const count = (second.get(at) ?? 0) + 1;
      second.set(at, count);
      if (count > 100) {
        rate.tooFast(now, count);
        break;
      }
      accepted += 1;
      rate.accepted();
    }
  }
  assert.ok(accepted > 0.6 * 6_000, `only ${accepted} of 6000 were used`);
});
