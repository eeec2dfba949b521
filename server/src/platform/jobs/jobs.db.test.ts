import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as z from 'zod';
import { useDatabase } from '../../../test/harness.ts';
import { type Item, kind, workbench } from './fixtures/test-jobs.ts';
import { enqueue, enqueueAll, type HandledJob, type Handler, JobRunner } from './jobs.ts';

describe('platform: jobs', () => {
  const at = useDatabase({ connections: 16 });
  const { put, rowsOf, runnerOf } = workbench(at);

  const nothing: Handler<Item> = async () => undefined;

  test('a job runs once with its payload and is gone', async () => {
    const seen: string[] = [];
    const job = kind(async (context, { item }) => {
      seen.push(`${item}:${context.attempt}`);
      return undefined;
    });
    await put(job, 'one');
    assert.deepEqual(await runnerOf(job).runDue(), ['finished']);
    assert.deepEqual(seen, ['one:1']);
    assert.deepEqual(await rowsOf(job), []);
  });

  test('a job enqueued in a transaction that rolls back does not exist', async () => {
    const job = kind(nothing);
    await assert.rejects(
      at.db.batch(async (tx) => {
        await enqueue(tx, job, { item: 'one' });
        throw new Error('no');
      }),
      /no/,
    );
    assert.deepEqual(await runnerOf(job).runDue(), []);
  });

  test('a job with a delay runs when the database’s clock has come there, not before', async () => {
    const job = kind(nothing);
    await put(job, 'one', { delayMs: 60_000 });
    assert.deepEqual(await runnerOf(job).runDue(), []);
    await at.advance(60_001);
    assert.deepEqual(await runnerOf(job).runDue(), ['finished']);
  });

  test('one thousand jobs and six runners: each job runs exactly once', async () => {
    const seen = new Map<string, number>();
    const job = kind(async (_, { item }) => {
      seen.set(item, (seen.get(item) ?? 0) + 1);
      return undefined;
    });
    await at.db.batch((tx) =>
      enqueueAll(
        tx,
        job,
        Array.from({ length: 1_000 }, (_, n) => ({ payload: { item: `item-${n}` } })),
      ),
    );
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, () => runnerOf(job, { concurrency: 40 }).runDue()),
    );
    assert.equal(outcomes.flat().filter((outcome) => outcome === 'finished').length, 1_000);
    assert.equal(seen.size, 1_000);
    assert.ok([...seen.values()].every((count) => count === 1));
  });

  test('a job under a key waits once, however often it is asked for, and the earliest time stands', async () => {
    let runs = 0;
    const job = kind(async () => {
      runs += 1;
      return undefined;
    });
    const first = await put(job, 'one', { key: 'k', delayMs: 60_000 });
    assert.equal(await put(job, 'one', { key: 'k', delayMs: 1_000 }), first);
    assert.equal(await put(job, 'one', { key: 'k', delayMs: 90_000 }), first);
    await at.db.batch((tx) =>
      enqueueAll(tx, job, [
        { payload: { item: 'one' }, key: 'k', delayMs: 70_000 },
        { payload: { item: 'one' }, key: 'k', delayMs: 80_000 },
      ]),
    );
    await at.advance(1_001);
    assert.deepEqual(await runnerOf(job).runDue(), ['finished']);
    assert.equal(runs, 1);
  });

  test('a job asked for again while it runs runs once more: the reason may be newer than what it read', async () => {
    let runs = 0;
    const job: HandledJob<Item> = kind(async () => {
      runs += 1;
      if (runs === 1) for (let n = 0; n < 3; n++) await put(job, 'one', { key: 'k' });
      return undefined;
    });
    await put(job, 'one', { key: 'k' });
    assert.deepEqual(await runnerOf(job).runDue(), ['finished', 'finished']);
    assert.equal(runs, 2);
  });

  test('a rerun asked for in a transaction that commits while the outcome waits for it is not lost', async () => {
    let runs = 0;
    let commit: (() => void) | undefined;
    let asking: Promise<unknown> | undefined;
    const job: HandledJob<Item> = kind(async () => {
      runs += 1;
      if (runs > 1) return undefined;
      const asked = Promise.withResolvers<void>();
      const held = new Promise<void>((resolve) => {
        commit = resolve;
      });
      asking = at.db.batch(async (tx) => {
        await enqueue(tx, job, { item: 'one' }, { key: 'k' });
        asked.resolve();
        await held;
      });
      await asked.promise;
      // The outcome is sent while the asking transaction holds the row; it commits once that waits.
      void waitingForLock().then(commit);
      return undefined;
    });
    await put(job, 'one', { key: 'k' });
    await runnerOf(job).runDue();
    await asking;
    await runnerOf(job).runDue();
    assert.equal(runs, 2);

    async function waitingForLock() {
      for (;;) {
        const rows = await at.sql(
          `select from pg_stat_activity where wait_event_type = 'Lock' and query like '%platform.job%'`,
        );
        if (rows.length > 0) return;
      }
    }
  });

  test('a handler that says later keeps its tries', async () => {
    let turns = 0;
    const job = kind(async () => (++turns <= 5 ? { laterMs: 1_000 } : undefined), { attemptsMax: 1 });
    await put(job, 'one');
    for (let turn = 0; turn < 5; turn++) {
      assert.deepEqual(await runnerOf(job).runDue(), ['later']);
      await at.advance(1_001);
    }
    assert.deepEqual(await runnerOf(job).runDue(), ['finished']);
  });

  test('a payload that holds a phone number, an address or a text is refused', async () => {
    const job = kind(nothing);
    for (const item of [
      '+4915123456789',
      '4915123456789',
      'a@example.com',
      'Your code is 1234',
      'sk_live_4f9aB7xQ2LmN8pRt5VwZ',
    ])
      await assert.rejects(put(job, item), /carries ids only/, item);
    await assert.rejects(put(job, 'one', { key: '+4915123456789' }), /carries ids only/);
    assert.deepEqual(await rowsOf(job), []);
  });

  test('a recurring job runs once an interval over all processes, also after failures', async () => {
    let runs = 0;
    const job = kind(
      async () => {
        runs += 1;
        if (runs > 1) throw new Error('no');
        return undefined;
      },
      { everyMs: 60_000, attemptsMax: 1, schema: z.looseObject({}) as unknown as z.ZodType<Item> },
    );
    const runners = Array.from({ length: 5 }, () => runnerOf(job));
    await Promise.all(runners.map((runner) => runner.ensureRecurring()));
    const round = async () => (await Promise.all(runners.map((runner) => runner.runDue()))).flat();
    assert.deepEqual(await round(), ['finished']);
    assert.deepEqual(await round(), []);
    await at.advance(60_000);
    assert.deepEqual(await round(), ['retry']);
    assert.deepEqual(await round(), [], 'a failure waits for the next turn');
    await at.advance(60_000);
    assert.deepEqual(await round(), ['retry']);
    assert.equal((await rowsOf(job)).length, 1);
    await at.sql('delete from platform.job where name = $1', [job.name]);
  });

  test('the backlog of one kind does not keep another from running', async () => {
    const order: string[] = [];
    const bulk = kind(async (_, { item }) => void order.push(item) as undefined, { concurrency: 2 });
    const urgent = kind(async (_, { item }) => void order.push(item) as undefined);
    await at.db.batch((tx) =>
      enqueueAll(
        tx,
        bulk,
        Array.from({ length: 50 }, () => ({ payload: { item: 'bulk' } })),
      ),
    );
    await put(urgent, 'urgent');
    await new JobRunner({ db: at.db, jobs: [bulk, urgent], concurrency: 4 }).runDue();
    assert.ok(order.indexOf('urgent') <= 4, `urgent ran at place ${order.indexOf('urgent')}`);
    assert.equal(order.length, 51);
  });

  test('the oldest due job is reported with what it has waited', async () => {
    const job = kind(nothing);
    const runner = runnerOf(job);
    assert.equal(await runner.oldestDueMs(), 0);
    await put(job, 'one', { delayMs: 1_000 });
    assert.equal(await runner.oldestDueMs(), 0);
    await at.advance(11_000);
    const waited = await runner.oldestDueMs();
    assert.ok(waited >= 10_000 && waited < 15_000, String(waited));
    await runner.runDue();
  });
});
