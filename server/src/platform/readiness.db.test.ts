import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { describe, test } from 'node:test';
import { useDatabase } from '../../test/harness.ts';
import { alignedNowMs, alignTo } from './clock.ts';
import { alignClock } from './clock-alignment.ts';
import { Database } from './db/database.ts';
import { JobRunner } from './jobs/jobs.ts';
import { createPartitionsJob } from './maintenance.ts';
import {
  databaseReachable,
  diskHasRoom,
  eventLoopKeepsUp,
  freePercent,
  keepsTurning,
  notOlderThan,
  Readiness,
} from './readiness.ts';

describe('platform: readiness', () => {
  const at = useDatabase();

  test('a process without a failing check is ready', async () => {
    const readiness = new Readiness();
    readiness.register('platform.database', databaseReachable(at.db));
    readiness.register('platform.disk', diskHasRoom(tmpdir(), 0));
    assert.deepEqual(await readiness.report(), {
      ready: true,
      checks: [
        { name: 'platform.database', ok: true },
        { name: 'platform.disk', ok: true },
      ],
    });
  });

  test('one failing check makes it not ready and says why; errors of checks give nothing away', async () => {
    const readiness = new Readiness();
    readiness.register('carriers.demo', () => 'the connector is not bound');
    readiness.register('platform.broken', () => {
      throw new Error('postgresql://sotto:hunter2@db.example.com');
    });
    const report = await readiness.report();
    assert.equal(report.ready, false);
    assert.deepEqual(report.checks, [
      { name: 'carriers.demo', ok: false, reason: 'the connector is not bound' },
      { name: 'platform.broken', ok: false, reason: 'the check failed' },
    ]);
  });

  test('a check that hangs is not ok, and holds nothing up for longer than its limit', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const readiness = new Readiness();
    readiness.register('platform.hangs', () => new Promise<undefined>(() => undefined));
    const report = readiness.report();
    await Promise.resolve();
    t.mock.timers.tick(2_000);
    assert.deepEqual((await report).checks, [
      { name: 'platform.hangs', ok: false, reason: 'the check did not answer in time' },
    ]);
  });

  test('a process that drains is not ready at once', async () => {
    const readiness = new Readiness();
    assert.equal((await readiness.report()).ready, true);
    readiness.drain();
    assert.equal((await readiness.report()).ready, false);
  });

  test('many probes at once cost one look', async () => {
    let looks = 0;
    const readiness = new Readiness();
    readiness.register('platform.counted', () => void looks++ as undefined);
    await Promise.all(Array.from({ length: 50 }, () => readiness.report()));
    assert.equal(looks, 1);
  });

  test('a database that is away makes the process not ready', async () => {
    const away = new Database({ url: 'postgresql://nobody:nothing@/none?host=/nonexistent' });
    assert.equal(await databaseReachable(away)(), 'the database does not answer');
    await away.end();
  });

  test('work that nobody does makes the process not ready, by the database’s clock', async () => {
    const runner = new JobRunner({ db: at.db, jobs: [createPartitionsJob] });
    const check = notOlderThan('a due job', 60_000, () => runner.oldestDueMs());
    await runner.ensureRecurring();
    assert.equal(await check(), undefined);
    await at.advance(61_000);
    assert.match((await check())!, /^a due job has waited 6\d s$/);
    assert.deepEqual(await runner.runDue(), ['finished']);
    assert.equal(await check(), undefined);
  });

  test('a loop that stands still, and a disk that is full, are noticed', async () => {
    assert.equal(await keepsTurning('the sender', 5_000, () => 4_999)(), undefined);
    assert.equal(await keepsTurning('the sender', 5_000, () => 9_000)(), 'the sender has not moved for 9 s');
    const percent = await freePercent(tmpdir());
    assert.ok(percent >= 0 && percent <= 100);
    assert.match((await diskHasRoom(tmpdir(), 101)())!, /% of the disk is free$/);
  });

  test('a blocked event loop is noticed, and a free one is not', async () => {
    const loop = eventLoopKeepsUp(500);
    const turns = async (count: number) => {
      for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
    };
    await turns(30);
    assert.equal(await loop.check(), undefined);
    await turns(30);
    const until = performance.now() + 700;
    while (performance.now() < until);
    await turns(30);
    assert.match((await loop.check())!, /^the event loop is late by \d+ ms$/);
    loop.stop();
  });

  test('partitions of coming days are made by the recurring job', async () => {
    await at.sql(`update sotto_test.clock set ahead = ahead + interval '10 days'`);
    const runner = new JobRunner({ db: at.db, jobs: [createPartitionsJob] });
    assert.deepEqual(await runner.runDue(), ['finished']);
    const rows = await at.sql<{ there: boolean }>(
      `select to_regclass('platform.idempotency_' || to_char(platform.clock() + interval '3 days', 'YYYYMMDD')) is not null as there`,
    );
    assert.equal(rows[0]!.there, true);
  });

  test('ids follow the database’s clock, however wrong this machine’s is', async () => {
    alignTo(new Date('2001-01-01T00:00:00Z'));
    await alignClock(at.db);
    const [row] = await at.sql<{ now: Date }>('select platform.clock() as now');
    assert.ok(Math.abs(alignedNowMs() - row!.now.getTime()) < 1_000);
  });
});
