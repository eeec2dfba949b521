import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carrierDate } from './carrier-dates.ts';

test('ten, twelve and fourteen digits are read as UTC', () => {
  assert.equal(carrierDate('2611210301')?.toISOString(), '2026-11-21T03:01:00.000Z');
  assert.equal(carrierDate('261121030159')?.toISOString(), '2026-11-21T03:01:59.000Z');
  assert.equal(carrierDate('20261121030159')?.toISOString(), '2026-11-21T03:01:59.000Z');
});

test('twelve digits with a long year are told apart by the month that would not exist', () => {
  assert.equal(carrierDate('202611210301')?.toISOString(), '2026-11-21T03:01:00.000Z');
});

test('what is no moment is nothing', () => {
  for (const digits of [
    null,
    '',
    '26',
    '2602310301',
    '2613010301',
    '2611212401',
    '26112103x1',
    '2611210301591',
  ])
    assert.equal(carrierDate(digits), null, `${digits}`);
});
