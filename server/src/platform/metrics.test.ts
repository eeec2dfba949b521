import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bounded,
  collectProcessMetrics,
  counter,
  gauge,
  histogram,
  metricsPage,
  watched,
} from './metrics.ts';

const page = async () => (await metricsPage()).text;

test('a counter counts by its labels, bound once or given each time', async () => {
  const sent = counter({
    name: 'sotto_test_sent_total',
    help: 'Test',
    labels: { outcome: ['ok', 'failed'] },
  });
  sent.add(2, { outcome: 'ok' });
  const failed = sent.of({ outcome: 'failed' });
  failed.add();
  failed.add(3);
  // @ts-expect-error a value outside the closed set
  sent.add(1, { outcome: 'neither' });
  const text = await page();
  assert.match(text, /^sotto_test_sent_total\{outcome="ok"\} 2$/m);
  assert.match(text, /^sotto_test_sent_total\{outcome="failed"\} 4$/m);
  assert.match(text, /^sotto_test_sent_total\{outcome="other"\} 1$/m);
});

test('a bounded label stops growing at its bound, and never takes a phone number', async () => {
  const binds = counter({
    name: 'sotto_test_binds_total',
    help: 'Test',
    labels: { connector: bounded(3) },
  });
  binds.add(1, { connector: '+4915123456789' });
  for (let at = 0; at < 50; at++) binds.add(1, { connector: `c${at}` });
  binds.add(1, { connector: 'c0' });
  const series = (await page()).match(/^sotto_test_binds_total\{.*$/gm)!;
  assert.deepEqual(series.sort(), [
    'sotto_test_binds_total{connector="c0"} 2',
    'sotto_test_binds_total{connector="c1"} 1',
    'sotto_test_binds_total{connector="c2"} 1',
    'sotto_test_binds_total{connector="other"} 48',
  ]);
});

test('a metric without a context, a unit or a total is refused', () => {
  assert.throws(() => counter({ name: 'sotto_test_sent', help: 'Test' }), /is not named/);
  assert.throws(() => gauge({ name: 'sotto_age', help: 'Test' }), /is not named/);
  assert.throws(() => gauge({ name: 'sotto_test_age', help: 'Test' }), /is not named/);
});

test('histograms and gauges are shown, a watched gauge is read when asked, and survives a failing read', async () => {
  histogram({ name: 'sotto_test_wait_seconds', help: 'Test' }).observe(0.02);
  gauge({ name: 'sotto_test_open_connections', help: 'Test' }).set(3);
  let queued = 7;
  watched({ name: 'sotto_test_queued_jobs', help: 'Test' }, () => {
    if (queued < 0) throw new Error('away');
    return queued;
  });
  assert.match(await page(), /^sotto_test_queued_jobs 7$/m);
  queued = -1;
  const text = await page();
  assert.match(text, /^sotto_test_queued_jobs 7$/m);
  assert.match(text, /^sotto_test_wait_seconds_bucket\{le="0.025"\} 1$/m);
  assert.match(text, /^sotto_test_open_connections 3$/m);
});

test('process metrics are collected once, however often they are asked for', async () => {
  collectProcessMetrics();
  collectProcessMetrics();
  const text = await page();
  assert.equal(text.match(/^# HELP sotto_process_cpu_seconds_total/gm)?.length, 1);
  assert.match(text, /^sotto_log_redacted_total \d+$/m);
});
