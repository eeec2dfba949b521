import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BootResult } from '../measure/boot.ts';
import type { PrivacyCost } from '../measure/privacy-cost.ts';
import type { ShredResult } from '../measure/shred.ts';
import { privacyRows } from './privacy-rows.ts';
import type { BenchResult } from './result.ts';

const NOTHING = { boot: null, privacy: null, shred: null };
const rowsWith = (part: Partial<Pick<BenchResult, 'boot' | 'privacy' | 'shred'>>) =>
  privacyRows({ ...NOTHING, ...part } as BenchResult);

const check = (readingMs: number) => ({ readingMs, comparingMs: 50, waitingMs: 20 });
const boot = (slowest: number): BootResult => ({
  profiles: [
    { profile: 'standard', first: check(100), again: [check(110), check(120)] },
    { profile: 'device-app', first: check(100), again: [check(slowest), check(100)] },
  ],
});

test('the check at start is judged by its slowest start, and names the profile', () => {
  const [row] = rowsWith({ boot: boot(249) });
  assert.deepEqual([row!.verdict, row!.result], ['met', 'median 155 ms, slowest 299 ms (device-app)']);
  assert.equal(rowsWith({ boot: boot(250) })[0]!.verdict, 'missed');
});

const cost = (value: number, low: number | null, high: number | null): PrivacyCost => ({
  pairs: [],
  share: { value, low, high },
  processorTime: null,
});
const verdictsOf = (singles: PrivacyCost) =>
  rowsWith({ privacy: { singles, batch: cost(0.9, 0.8, 1) } }).map(({ verdict }) => verdict);

test('a share of sending is reached when its whole interval is, not when its middle is', () => {
  assert.deepEqual(verdictsOf(cost(0.75, 0.7, 0.8)), ['met', 'met', null]);
  assert.deepEqual(verdictsOf(cost(0.75, 0.69, 0.81)), ['missed', 'met', null]);
});

const durations = (meanMs: number) => ({ count: 2_000, meanMs, p50Ms: meanMs, p99Ms: meanMs, maxMs: meanMs });
const shred = (change: Partial<ShredResult>): ShredResult => ({
  store: durations(0.5),
  recorded: durations(1.5),
  bare: durations(0.3),
  workspaces: [{ keys: 1_000, rows: 10, ms: 300, shredded: 10 }],
  byKeys: { intercept: 1, slope: 0.3, explained: 0.99 },
  rowsFewest: 10,
  rowsMost: 100_000,
  byRows: { value: 1.02, low: 0.9, high: 1.15 },
  ...change,
});
const shredVerdicts = (change: Partial<ShredResult>) =>
  rowsWith({ shred: shred(change) }).flatMap(({ verdict }) => verdict ?? []);

test('destroying is judged by its mean, and a workspace by keys that explain its time and rows that do not', () => {
  assert.deepEqual(shredVerdicts({}), ['met', 'met']);
  assert.deepEqual(shredVerdicts({ store: durations(1.01) }), ['missed', 'met']);
  assert.deepEqual(shredVerdicts({ byRows: { value: 1.4, low: 1.1, high: 1.8 } }), ['met', 'missed']);
  assert.deepEqual(shredVerdicts({ byKeys: { intercept: 1, slope: 0.3, explained: 0.5 } }), [
    'met',
    'missed',
  ]);
  assert.deepEqual(shredVerdicts({ byRows: { value: 1, low: null, high: null } }), ['met']);
});
