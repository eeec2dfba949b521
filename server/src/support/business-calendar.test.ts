import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  addWorkingTime,
  type BusinessCalendar,
  wholeDaysOf,
  workingTimeBetween,
} from './business-calendar.ts';

const HOUR_MS = 3_600_000;
const berlin: BusinessCalendar = {
  timeZone: 'Europe/Berlin',
  weekdays: [1, 2, 3, 4, 5],
  opensAtMinute: 540,
  closesAtMinute: 1_020,
  holidays: ['2026-12-25'],
};
const riyadh: BusinessCalendar = {
  ...berlin,
  timeZone: 'Asia/Riyadh',
  weekdays: [7, 1, 2, 3, 4],
  holidays: [],
};
const at = (text: string) => new Date(text);
const due = (calendar: BusinessCalendar, from: string, hours: number) =>
  addWorkingTime(calendar, at(from), hours * HOUR_MS).toISOString();

test('over a weekend the clock stands still', () => {
  assert.equal(
    due(berlin, '2026-11-27T15:00:00Z', 2),
    '2026-11-30T09:00:00.000Z',
    'Friday 16:00 to Monday 10:00',
  );
  assert.equal(due(wholeDaysOf(berlin), '2026-11-27T12:00:00Z', 72), '2026-12-02T12:00:00.000Z');
  assert.equal(
    due(riyadh, '2026-11-26T13:00:00Z', 2),
    '2026-11-29T07:00:00.000Z',
    'Thursday 16:00 to Sunday 10:00',
  );
});

test('before work begins it starts with work, at night and on a holiday with the next working day', () => {
  assert.equal(due(berlin, '2026-11-26T05:00:00Z', 1), '2026-11-26T09:00:00.000Z');
  assert.equal(due(berlin, '2026-11-26T20:00:00Z', 1), '2026-11-27T09:00:00.000Z');
  assert.equal(
    due(berlin, '2026-12-24T16:00:00Z', 1),
    '2026-12-28T09:00:00.000Z',
    'Christmas, then a weekend',
  );
  assert.equal(due(berlin, '2026-11-28T12:00:00Z', 0), '2026-11-30T08:00:00.000Z', 'nothing to count');
  assert.equal(due(berlin, '2026-11-26T12:00:00Z', 0), '2026-11-26T12:00:00.000Z');
});

test('what ends with the working day is due then, and not the next morning', () => {
  assert.equal(due(berlin, '2026-11-26T08:00:00Z', 8), '2026-11-26T16:00:00.000Z');
});

test('where the clocks change a whole day counts its real hours', () => {
  const everyDay = wholeDaysOf({ ...berlin, weekdays: [1, 2, 3, 4, 5, 6, 7], holidays: [] });
  const day = (date: string, next: string) => workingTimeBetween(everyDay, at(date), at(next)) / HOUR_MS;
  // Forward on 29 March, back on 25 October 2026.
  assert.equal(day('2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'), 23);
  assert.equal(day('2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'), 25);
  assert.equal(due(everyDay, '2026-03-28T12:00:00Z', 24), '2026-03-29T12:00:00.000Z');
  // The hour from 02:00 on is skipped: work that would begin in it begins an hour later.
  const nightly = { ...everyDay, opensAtMinute: 150, closesAtMinute: 240 };
  assert.equal(due(nightly, '2026-03-28T22:00:00Z', 0), '2026-03-29T01:30:00.000Z');
  // Friday to Monday over the change: the working hours stay those of the clock on the wall.
  assert.equal(due(berlin, '2026-03-27T15:00:00Z', 2), '2026-03-30T08:00:00.000Z');
  assert.equal(due(berlin, '2026-10-23T14:00:00Z', 2), '2026-10-26T09:00:00.000Z');
});

test('a calendar on which nobody works is refused', () => {
  assert.throws(() => addWorkingTime({ ...berlin, weekdays: [] }, at('2026-11-26T12:00:00Z'), 1), RangeError);
});

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Riyadh',
  'Australia/Lord_Howe',
  'America/Santiago',
];
const calendars = fc
  .record({
    timeZone: fc.constantFrom(...zones),
    weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }),
    open: fc.uniqueArray(fc.integer({ min: 0, max: 1_440 }), { minLength: 2, maxLength: 2 }),
    holidays: fc.array(fc.integer({ min: 0, max: 800 }), { maxLength: 5 }),
  })
  .map(({ timeZone, weekdays, open, holidays }) => ({
    timeZone,
    weekdays,
    opensAtMinute: Math.min(...open),
    closesAtMinute: Math.max(...open),
    holidays: holidays.map((days) => new Date(Date.UTC(2026, 0, 1 + days)).toISOString().slice(0, 10)),
  }));
const moments = fc
  .integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 11, 31) })
  .map((ms) => new Date(ms));
const lengths = fc.integer({ min: 0, max: 100 * HOUR_MS });

test('between a moment and the moment so much work later lies exactly that work, in whatever calendar', () => {
  // A window of a minute a week takes years to hold a hundred hours.
  const roomy = calendars.filter(({ opensAtMinute, closesAtMinute }) => closesAtMinute - opensAtMinute >= 60);
  fc.assert(
    fc.property(roomy, moments, lengths, (calendar, from, lengthMs) => {
      const to = addWorkingTime(calendar, from, lengthMs);
      assert.ok(to.getTime() >= from.getTime());
      assert.equal(workingTimeBetween(calendar, from, to), lengthMs);
      // No earlier moment holds as much: what is due is due as early as it can be.
      if (lengthMs > 0) assert.ok(workingTimeBetween(calendar, from, new Date(to.getTime() - 1)) < lengthMs);
    }),
    { numRuns: 150 },
  );
});

test('work adds up: in two steps as in one, and whoever comes later is due no earlier', () => {
  const roomy = calendars.filter(
    ({ opensAtMinute, closesAtMinute }) => closesAtMinute - opensAtMinute >= 240,
  );
  fc.assert(
    fc.property(roomy, moments, lengths, lengths, (calendar, from, one, two) => {
      const inSteps = addWorkingTime(calendar, addWorkingTime(calendar, from, one), two);
      // A step that ends with a day and one that begins the next are the same work.
      assert.equal(workingTimeBetween(calendar, from, inSteps), one + two);
      const later = new Date(from.getTime() + two);
      assert.ok(
        addWorkingTime(calendar, later, one).getTime() >= addWorkingTime(calendar, from, one).getTime(),
      );
    }),
    { numRuns: 100 },
  );
});
