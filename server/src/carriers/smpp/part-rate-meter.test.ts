import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PartRateMeter } from './part-rate-meter.ts';

test('the rate is that of the last five full seconds', () => {
  const meter = new PartRateMeter(0);
  for (let now = 0; now < 8_000; now += 10) meter.add(now);
  assert.equal(meter.rate(8_000), 100);
  assert.equal(meter.rate(10_500), 60);
  assert.equal(meter.rate(60_000), 0);
});

test('in the first second the running count is the rate', () => {
  const meter = new PartRateMeter(500);
  for (let part = 0; part < 7; part++) meter.add(600);
  assert.equal(meter.rate(700), 7);
  assert.equal(meter.latest(700), 7);
});
