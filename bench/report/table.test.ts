import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Throughput } from '../measure/throughput.ts';
import { withFigures } from './docs-figures.ts';
import { type BenchResult, completedBy, faultsOf } from './result.ts';
import { markdownTable, rowsOf } from './table.ts';

const percentiles = { count: 100, p50Ms: 5, p90Ms: 8, p99Ms: 19, maxMs: 30 };

const run = (perSecond: number, change: Partial<Throughput> = {}): Throughput => ({
  system: 'sotto',
  shape: 'singles',
  accepted: 1_000,
  completed: 1_000,
  perSecond,
  acceptedPerSecond: perSecond,
  drainSeconds: 0,
  accept: percentiles,
  duplicates: 0,
  failedRequests: 0,
  cpuSeconds: { server: 1, database: 1, smsc: 1, load: 1 },
  lost: 0,
  mischarged: 0,
  ...change,
});

const empty: BenchResult = {
  machine: {
    cores: 2,
    processor: 'test',
    memoryGb: 8,
    kernel: '6.0',
    node: 'v26.10.0',
    postgres: '18.4',
    memoryDisk: false,
  },
  seed: 1,
  runs: 3,
  seconds: 10,
  loadAverages: [0.5, 1.5],
  loadCeiling: 100_000,
  singles: [],
  batch: [],
  kannel: [],
  limit: [],
  latency: null,
  codec: null,
  oneTimeCodes: null,
  backlog: null,
  expiry: null,
  boot: null,
  privacy: null,
  shred: null,
  signIn: null,
  notices: null,
};

const verdicts = (result: BenchResult) =>
  Object.fromEntries(
    rowsOf(result).flatMap((row) => (row.verdict === null ? [] : [[row.measure, row.verdict]])),
  );

test('ratios are of medians, and are judged by what was promised', () => {
  const result = {
    ...empty,
    singles: [run(100), run(300), run(9_999)],
    batch: [run(1_500, { shape: 'batch' })],
    kannel: [run(150, { system: 'kannel' })],
    limit: [{ oneLane: 3_000, severalLanes: 4_000 }],
  } satisfies BenchResult;
  assert.deepEqual(verdicts(result), {
    'single requests against Kannel': 'met',
    'batch requests against Kannel': 'met',
    'batch requests against bare SQL, one connection': 'missed',
  });
});

test('a p99 exactly at its bound has missed it', () => {
  const at = (p99Ms: number) =>
    Object.values(
      verdicts({
        ...empty,
        latency: {
          requestsPerSecond: 1_000,
          accept: { ...percentiles, p99Ms },
          failedRequests: 0,
          waited: 0,
        },
      }),
    );
  assert.deepEqual([at(19.9), at(20), at(49.9), at(50)], [['wanted'], ['met'], ['met'], ['missed']]);
});

test('memory that grows with the queue is not called flat', () => {
  const rate = { perSecond: 100, cpuMsPerThousand: 300 };
  const flat = {
    afterStartMb: 100,
    loadingFirstMb: 200,
    loadingLastMb: 210,
    shallowMaxMb: 180,
    deepMaxMb: 190,
  };
  const backlog = {
    queued: 1_000_000,
    shallow: rate,
    deep: rate,
    shallowAgain: rate,
    share: 0.96,
    loadedPerSecond: 9,
  };
  const verdict = (memory: typeof flat) =>
    verdicts({ ...empty, backlog: { ...backlog, memory } })['server memory'];
  assert.equal(verdict(flat), 'wanted');
  assert.equal(verdict({ ...flat, loadingLastMb: 300 }), 'missed');
  assert.equal(verdict({ ...flat, deepMaxMb: 300 }), 'missed');
});

test('lost and mischarged messages and failed requests are faults, whatever the speed', () => {
  assert.deepEqual(faultsOf({ ...empty, singles: [run(100)] }), []);
  const faults = faultsOf({
    ...empty,
    singles: [run(100, { lost: 1 }), run(100, { mischarged: -1 })],
    batch: [run(100, { failedRequests: 2 }), run(100, { duplicates: 3 })],
  });
  assert.equal(faults.length, 4);
});

test('the page keeps its words and gets the new table between the marks', () => {
  const page =
    'before\n<!-- figures: written by the command, not by hand -->\nold\n<!-- end of figures -->\nafter\n';
  const result = { ...empty, singles: [run(1_234)] };
  const written = withFigures(page, result);
  assert.match(written, /^before\n/);
  assert.match(written, /\nafter\n$/);
  assert.doesNotMatch(written, /old/);
  assert.match(written, /1,234\/s/);
  assert.equal(withFigures(written, result), written, 'writing again changes nothing');
  assert.throws(() => withFigures('no marks', result), /no place/);
});

test('what a run left out comes from an earlier one of the same machine, rounds together, and the page says so', () => {
  const earlier = { ...empty, singles: [run(1)], batch: [run(2)], codec: null, shred: null, loadCeiling: 7 };
  const once = completedBy({ ...empty, batch: [run(3)] }, earlier);
  assert.deepEqual(once, { result: { ...empty, batch: [run(3)] }, fromEarlier: [] });
  const { result, fromEarlier } = completedBy(empty, earlier);
  assert.deepEqual(fromEarlier, ['singles', 'batch']);
  assert.deepEqual(result, { ...empty, singles: [run(1)], batch: [run(2)] });
  const page = '<!-- figures: written by the command, not by hand -->\n<!-- end of figures -->';
  assert.match(
    withFigures(page, result, fromEarlier),
    /From an earlier run on the same machine: singles, batch\./,
  );
  const elsewhere = { ...earlier, machine: { ...earlier.machine, cores: 64 } };
  assert.throws(() => completedBy(empty, elsewhere), /another machine/);
});

test('expiry is judged by the latency beside it, and a run in which nothing ended counts for nothing', () => {
  const table = { tableMb: 500, indexesMb: 120, deadRows: 0, left: 0 };
  const expiry = {
    messages: 1_000,
    requestsPerSecond: 700,
    without: { ...percentiles, p99Ms: 12 },
    during: { ...percentiles, p99Ms: 31 },
    failedRequests: 0,
    erasedDuringLoad: 900,
    erased: 1_000,
    erasedPerSecond: 4_000,
    before: table,
    after: { ...table, tableMb: 750, deadRows: 1_000 },
  };
  const [latency, size] = rowsOf({ ...empty, expiry });
  assert.deepEqual([latency!.verdict, latency!.result], ['met', 'p99 31 ms, without 12 ms']);
  assert.match(size!.result, /4,000\/s; 500 MB and 120 MB of indexes, then 750 MB/);
  assert.deepEqual(faultsOf({ ...empty, expiry }), []);
  assert.deepEqual(
    faultsOf({ ...empty, expiry: { ...expiry, failedRequests: 2, erasedDuringLoad: 0, erased: 999 } }),
    [
      'expiry: 2 requests failed',
      'expiry: nothing was erased while requests were measured',
      'expiry: of 1000 contents 999 were erased',
    ],
  );
});

test('a table is aligned, and empty without results', () => {
  assert.equal(rowsOf(empty).length, 0);
  const lines = markdownTable(rowsOf({ ...empty, singles: [run(5)] })).split('\n');
  assert.equal(lines.length, 3);
  assert.equal(new Set(lines.map((line) => line.length)).size, 1);
});
