import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { periodAt, periodOf } from './periods.ts';

const startsFrom = (anchor: string, count: number) =>
  Array.from({ length: count }, (_, index) => periodAt(new Date(anchor), index).start.toISOString());

test('a subscription of the 31st renews on the last day of short months, and on the 31st again', () => {
  assert.deepEqual(startsFrom('2027-01-31T10:00:00.000Z', 5), [
    '2027-01-31T10:00:00.000Z',
    '2027-02-28T10:00:00.000Z',
    '2027-03-31T10:00:00.000Z',
    '2027-04-30T10:00:00.000Z',
    '2027-05-31T10:00:00.000Z',
  ]);
  assert.equal(startsFrom('2028-01-31T10:00:00.000Z', 2)[1], '2028-02-29T10:00:00.000Z');
  assert.equal(startsFrom('2028-02-29T10:00:00.000Z', 13)[12], '2029-02-28T10:00:00.000Z');
});

test('a period ends where the next one begins, and every moment lies in exactly one', () => {
  const moment = fc.date({
    min: new Date('2024-01-01T00:00:00Z'),
    max: new Date('2040-01-01T00:00:00Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(moment, moment, fc.nat(240), (a, b, index) => {
      const [anchor, at] = a <= b ? [a, b] : [b, a];
      const { start, end, index: found } = periodOf(anchor, at);
      assert.ok(start <= at && at < end, 'a moment lies in its period');
      assert.deepEqual(periodAt(anchor, found), { index: found, start, end });
      const period = periodAt(anchor, index);
      assert.equal(period.end.getTime(), periodAt(anchor, index + 1).start.getTime());
      assert.equal(periodOf(anchor, period.start).index, index);
      assert.equal(periodOf(anchor, new Date(period.end.getTime() - 1)).index, index);
    }),
  );
});

test('a moment before the beginning, as a clock that was set back tells it, is of the first period', () => {
  assert.equal(periodOf(new Date('2027-01-31T00:00:00Z'), new Date('2026-12-01T00:00:00Z')).index, 0);
});
