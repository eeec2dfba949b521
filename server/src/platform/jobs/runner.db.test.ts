import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import * as z from 'zod';
import { useDatabase } from '../../../test/harness.ts';
import { Doorbell } from '../doorbell.ts';
import { defineJob, enqueue, enqueueAll, type Handler, JOBS_CHANNEL, JobRunner } from './jobs.ts';

const at = useDatabase({ connections: 16 });
type Item = { readonly item: string };
const jobOf = (name: string, handler: Handler<Item>, leaseMs = 30_000) =>
  defineJob<Item>({
    name,
    schema: z.strictObject({ item: z.string() }),
    attemptsMax: 3,
    backoff: { baseMs: 1_000, maxMs: 1_000 },
    leaseMs,
    handler,
  });
const items = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ payload: { item: `item-${n}` } }));

test('a worker killed with SIGKILL while it holds leases loses no job and none runs twice afterwards', async () => {
  const seen = new Map<string, number>();
  const job = jobOf('test.killed', async (_, { item }) => {
    seen.set(item, (seen.get(item) ?? 0) + 1);
    return undefined;
  });
  await at.db.batch((tx) => enqueueAll(tx, job, items(20)));
  const worker = spawn(
    process.execPath,
    [join(import.meta.dirname, 'fixtures/hanging-worker.ts'), at.url, job.name],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let claimed = 0;
  for await (const _ of createInterface({ input: worker.stdout })) if (++claimed === 5) break;
  worker.kill('SIGKILL');
  await once(worker, 'exit');
  const runner = new JobRunner({ db: at.db, jobs: [job] });
  assert.equal((await runner.runDue()).length, 15, 'what was claimed stays with its lease');
  await at.advance(30_001);
  assert.deepEqual(await runner.runDue(), Array(5).fill('finished'));
  assert.deepEqual([...seen.values()], Array(20).fill(1));
});

test('a runner that stops waits for what runs and claims nothing more', async () => {
  const started = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  let runs = 0;
  const job = jobOf('test.drained', async () => {
    runs += 1;
    started.resolve();
    await go.promise;
    return undefined;
  });
  await at.db.batch((tx) => enqueueAll(tx, job, items(3)));
  const runner = new JobRunner({ db: at.db, jobs: [job], concurrency: 1 });
  await runner.start();
  await started.promise;
  const stopping = runner.stop(10_000);
  go.resolve();
  await stopping;
  assert.equal(runs, 1);
  assert.equal(runner.running(), 0);
  const left = await at.sql('select from platform.job where name = $1 and attempts = 0', [job.name]);
  assert.equal(left.length, 2);
  await at.sql('delete from platform.job where name = $1', [job.name]);
});

test('a runner that must stop now gives its jobs back at once, with the try it used', async () => {
  const started = Promise.withResolvers<void>();
  const job = jobOf('test.returned', async ({ signal }) => {
    started.resolve();
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    return undefined;
  });
  await at.db.batch((tx) => enqueue(tx, job, { item: 'one' }));
  const runner = new JobRunner({ db: at.db, jobs: [job] });
  await runner.start();
  await started.promise;
  await runner.stop(0);
  const rows = await at.sql<{ attempts: number; lease_token: string | null; due: boolean }>(
    'select attempts, lease_token, due_at <= platform.clock() as due from platform.job where name = $1',
    [job.name],
  );
  assert.deepEqual(rows, [{ attempts: 0, lease_token: null, due: true }]);
  await at.sql('delete from platform.job where name = $1', [job.name]);
});

test('a handler that ignores its abort does not keep the process from stopping', async () => {
  const started = Promise.withResolvers<void>();
  const job = jobOf('test.deaf', async () => {
    started.resolve();
    return new Promise<undefined>(() => undefined);
  });
  await at.db.batch((tx) => enqueue(tx, job, { item: 'one' }));
  const runner = new JobRunner({ db: at.db, jobs: [job], abortGraceMs: 10 });
  await runner.start();
  await started.promise;
  await runner.stop(0);
  await at.sql('delete from platform.job where name = $1', [job.name]);
});

test('leases are kept by the runner itself while handlers work longer than a lease', async () => {
  const job = jobOf(
    'test.long',
    async ({ db, guard, signal }) => {
      // Three leases long, measured by the database and not by a pause of ours.
      await db.batch(async (tx) => {
        await tx.exec({ name: 'test.sleep', purpose: 'operations', text: 'select pg_sleep(0.9)' }, []);
      });
      await db.batch(guard);
      assert.equal(signal.aborted, false);
      return undefined;
    },
    300,
  );
  await at.db.batch((tx) => enqueue(tx, job, { item: 'one' }));
  const runner = new JobRunner({ db: at.db, jobs: [job] });
  const rival = new JobRunner({ db: at.db, jobs: [job] });
  await Promise.all([runner.start(), rival.start()]);
  for (;;) {
    const rows = await at.sql<{ lease_epoch: string }>(
      'select lease_epoch from platform.job where name = $1',
      [job.name],
    );
    if (rows.length === 0) break;
    assert.ok(Number(rows[0]!.lease_epoch) <= 1, 'nobody else may claim it');
    await new Promise(setImmediate);
  }
  await Promise.all([runner.stop(), rival.stop()]);
});

test('a ring from another process wakes a runner at once', async () => {
  const ran = Promise.withResolvers<void>();
  const job = jobOf('test.rung', async () => {
    ran.resolve();
    return undefined;
  });
  const ours = new Doorbell(at.db);
  const theirs = new Doorbell(at.db);
  const heard = Promise.withResolvers<void>();
  ours.on('test', () => heard.resolve());
  const runner = new JobRunner({ db: at.db, jobs: [job], doorbell: ours });
  ours.start();
  await runner.start();
  // The first call comes when the listening connection is up.
  await heard.promise;
  await at.db.batch((tx) => enqueue(tx, job, { item: 'one' }));
  theirs.ring(JOBS_CHANNEL);
  await ran.promise;
  await Promise.all([runner.stop(), ours.stop(), theirs.stop()]);
});

test('a thousand rings become few notifications, and the last one is never swallowed', async () => {
  const bell = new Doorbell(at.db, { ringEveryMs: 20 });
  const other = new Doorbell(at.db);
  let heard = 0;
  let waiting = Promise.withResolvers<void>();
  other.on('many', () => {
    heard += 1;
    waiting.resolve();
  });
  other.start();
  await waiting.promise;
  heard = 0;
  for (let ring = 0; ring < 1_000; ring++) bell.ring('many');
  while (heard < 2) {
    waiting = Promise.withResolvers<void>();
    await waiting.promise;
  }
  await bell.stop();
  await other.stop();
  assert.equal(heard, 2, 'the first at once, the rest as one');
});

test('a listening connection that is cut comes back, and everybody looks once', async () => {
  const bell = new Doorbell(at.db);
  let calls = 0;
  let called = Promise.withResolvers<void>();
  bell.on('cut', () => {
    calls += 1;
    called.resolve();
  });
  bell.start();
  await called.promise;
  called = Promise.withResolvers<void>();
  await at.sql(`select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen sotto_cut'`);
  await called.promise;
  assert.equal(calls, 2);
  await bell.stop();
});
