import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endOf } from './decide-cancel.ts';

const periodEnd = new Date('2027-02-28T10:00:00.000Z');
const nextPeriodEnd = new Date('2027-03-31T10:00:00.000Z');
const cutoffMs = 24 * 3_600_000;
const endWhen = (msBefore: number, cutoff = cutoffMs) =>
  endOf({ now: new Date(periodEnd.getTime() - msBefore), periodEnd, nextPeriodEnd, cutoffMs: cutoff });

test('a cancellation 24 h 00 min 00 s before the end of the period counts', () => {
  assert.equal(endWhen(cutoffMs), periodEnd);
  assert.equal(endWhen(cutoffMs + 1), periodEnd);
});

test('a cancellation 23 h 59 min 59 s before it does not: the next period is charged and is the last', () => {
  assert.equal(endWhen(cutoffMs - 1_000), nextPeriodEnd);
  assert.equal(endWhen(cutoffMs - 1), nextPeriodEnd);
  assert.equal(endWhen(0), nextPeriodEnd);
});

test('without a cut-off the last millisecond counts', () => {
  assert.equal(endWhen(1, 0), periodEnd);
  assert.equal(endWhen(0, 0), periodEnd);
});
