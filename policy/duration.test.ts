import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { boundsMs, durationOf, exceeds, formatDuration, mayExceed, parseDuration } from './duration.ts';

const DAY = 86_400_000;

const durations = fc
  .record(
    {
      months: fc.nat({ max: 240 }),
      days: fc.nat({ max: 3000 }),
      seconds: fc.nat({ max: 10_000_000 }),
    },
    { noNullPrototype: true },
  )
  .filter((d) => d.months + d.days + d.seconds > 0);

test('usual durations are read, and written in one form', () => {
  for (const [text, normal] of [
    ['P3D', 'P3D'],
    ['PT72H', 'PT72H'],
    ['P24M', 'P24M'],
    ['P2Y', 'P24M'],
    ['P6Y', 'P72M'],
    ['P2W', 'P14D'],
    ['P1Y2M3W4DT5H6M7S', 'P14M25DT5H6M7S'],
    ['PT90M', 'PT1H30M'],
    ['P030D', 'P30D'],
  ] as const) {
    assert.equal(formatDuration(durationOf(text)), normal);
  }
});

test('what is zero, negative, fractional, endless or no duration is refused with a reason', () => {
  for (const [text, reason] of [
    ['P0D', /zero/],
    ['PT0S', /zero/],
    ['-P1D', /negative/],
    ['P-1D', /negative/],
    ['+P1D', /signed/],
    ['P1.5D', /fraction/],
    ['PT0,5H', /fraction/],
    ['P72H', /T before/],
    ['30 days', /ISO 8601/],
    ['P', /ISO 8601/],
    ['P1DT', /ISO 8601/],
    ['p1d', /ISO 8601/],
    ['P1D ', /ISO 8601/],
    ['', /ISO 8601/],
    ['P101Y', /bounds nothing/],
    ['P99999D', /bounds nothing/],
    [`P${'1'.repeat(100)}D`, /too long/],
  ] as const) {
    const read = parseDuration(text);
    assert.ok(typeof read === 'string' && reason.test(read), `${text}: ${JSON.stringify(read)}`);
    assert.throws(() => durationOf(text), TypeError);
  }
});

test('a month is 28 to 31 days, a year 365 or 366', () => {
  assert.deepEqual(boundsMs('P1M'), { min: 28 * DAY, max: 31 * DAY });
  assert.deepEqual(boundsMs('P1Y'), { min: 365 * DAY, max: 366 * DAY });
  assert.deepEqual(boundsMs('PT72H'), { min: 3 * DAY, max: 3 * DAY });
});

test('what may turn out longer counts as longer, and nothing exceeds itself', () => {
  assert.ok(mayExceed('P1M', 'P30D') && mayExceed('P30D', 'P1M'));
  assert.ok(!mayExceed('P1M', 'P31D') && !mayExceed('P28D', 'P1M'));
  assert.ok(mayExceed('P25M', 'P24M') && !mayExceed('P24M', 'P25M'));
  assert.ok(!mayExceed('P5Y', 'P60M') && !mayExceed('P3D', 'PT72H'));
  assert.ok(mayExceed('P1096D', 'P3Y') && !mayExceed('P1095D', 'P3Y'));
  assert.ok(exceeds('P32D', 'P1M') && !exceeds('P31D', 'P1M') && !exceeds('P1M', 'P1M'));
});

test('the bounds hold for real calendars from any day of two centuries', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 73_000 }), fc.integer({ min: 1, max: 600 }), (start, months) => {
      const from = new Date(Date.UTC(1901, 0, 1) + start * DAY);
      const target = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months + 1, 0));
      const to = Date.UTC(
        target.getUTCFullYear(),
        target.getUTCMonth(),
        Math.min(from.getUTCDate(), target.getUTCDate()),
      );
      const { min, max } = boundsMs(`P${months}M`);
      const real = to - from.getTime();
      // The end of a short month pulls the last days of a long one back, at most three days.
      assert.ok(real >= min - 3 * DAY && real <= max, `${from.toISOString()} + ${months} months`);
    }),
  );
});

test('writing and reading give the same duration, and order is consistent', () => {
  fc.assert(
    fc.property(durations, durations, (a, b) => {
      const [textA, textB] = [formatDuration(a), formatDuration(b)];
      assert.deepEqual(durationOf(textA), a);
      assert.ok(!mayExceed(textA, textA));
      assert.ok(!(exceeds(textA, textB) && mayExceed(textB, textA)));
      assert.ok(boundsMs(textA).max >= boundsMs(textA).min);
      if (exceeds(textA, textB)) assert.ok(mayExceed(textA, textB));
    }),
  );
});
