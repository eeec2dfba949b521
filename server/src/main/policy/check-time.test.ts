import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { metricsPage } from '#platform/metrics';
import { checkTime } from './check-time.ts';

const secondsOf = async (metric: string): Promise<number | undefined> => {
  const { text } = await metricsPage();
  const line = text.split('\n').find((one) => one.startsWith(`${metric} `));
  return line === undefined ? undefined : Number(line.slice(metric.length));
};
const READING = 'sotto_policy_check_seconds{step="reading"}';
const COMPARING = 'sotto_policy_check_seconds{step="comparing"}';
const WAITING = 'sotto_policy_check_waiting_seconds';

function work(ms: number): number {
  const until = performance.now() + ms;
  while (performance.now() < until);
  return ms;
}

test('a check is published by step, and what it waited apart from what it worked', async () => {
  // Before its first turn the loop tells nothing of itself.
  await pause(1);
  const check = checkTime();
  assert.equal(await check.timed('reading', async () => work(20)), 20);
  await check.timed('comparing', () => pause(30));
  assert.equal(await secondsOf(READING), undefined, 'nothing is said of a check that is under way');
  check.publish();
  const [reading, comparing, waiting] = [
    (await secondsOf(READING))!,
    (await secondsOf(COMPARING))!,
    (await secondsOf(WAITING))!,
  ];
  assert.ok(reading >= 0.02 && comparing >= 0.029);
  assert.ok(waiting > 0 && waiting <= comparing, `${waiting}`);
});

test('a step that fails fails as it would without being timed', async () => {
  await assert.rejects(
    checkTime().timed('comparing', () => Promise.reject(new Error('the promise is broken'))),
    /promise is broken/,
  );
});
