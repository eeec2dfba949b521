import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod';
import { useDatabase } from '../../../test/harness.ts';
import type { Tx } from '../db/database.ts';
import { newId } from '../ids.ts';
import {
  countDead,
  defineJob,
  discardDead,
  enqueue,
  enqueueAll,
  type HandledJob,
  type Handler,
  JobRunner,
  LeaseLost,
  listDead,
  PermanentFailure,
  replayDead,
} from './jobs.ts';

const at = useDatabase({ connections: 16 });

type Item = { readonly item: string };
const schema = z.strictObject({ item: z.string() });
let names = 0;
/** A kind of job of its own for each test, so that tests share the table and not each other's jobs. */
const kind = (handler: Handler<Item>, change: Partial<HandledJob<Item>> = {}) =>
  defineJob<Item>({
    name: `test.job_${String.fromCharCode(97 + ((names / 26) % 26), 97 + (names++ % 26))}`,
    schema,
    attemptsMax: 3,
    backoff: { baseMs: 1_000, maxMs: 60_000 },
    leaseMs: 30_000,
    handler,
    ...change,
  });
const runnerOf = (job: HandledJob<Item>, change: { concurrency?: number } = {}) =>
  new JobRunner({ db: at.db, jobs: [job], random: () => 1, ...change });
const put = (job: HandledJob<Item>, item: string, options = {}) =>
  at.db.batch((tx) => enqueue(tx, job, { item }, options));
const rowsOf = (job: HandledJob<Item>) =>
  at.sql<{ attempts: number; last_error: string | null; dead_at: Date | null; lease_token: string | null }>(
    'select attempts, last_error, dead_at, lease_token from platform.job where name = $1',
    [job.name],
  );
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

test('a failed job waits longer and longer, then is a dead letter that shows no payload', async () => {
  const job = kind(async () => {
    throw Object.assign(new TypeError('secret item'), { code: 'ECONNRESET' });
  });
  const id = await put(job, 'one');
  const runner = runnerOf(job);
  assert.deepEqual(await runner.runDue(), ['retry']);
  assert.deepEqual(await runner.runDue(), []);
  await at.advance(1_001);
  assert.deepEqual(await runner.runDue(), ['retry']);
  await at.advance(1_001);
  assert.deepEqual(await runner.runDue(), [], 'the second wait is twice the first');
  await at.advance(1_000);
  assert.deepEqual(await runner.runDue(), ['dead']);
  const letters = await at.db.batch((tx) => listDead(tx, 10));
  const letter = letters.find((one) => one.id === id)!;
  assert.deepEqual(Object.keys(letter).sort(), [
    'attempts',
    'createdAt',
    'deadAt',
    'id',
    'lastError',
    'name',
  ]);
  assert.equal(letter.attempts, 3);
  assert.equal(letter.lastError, 'TypeError.ECONNRESET');
});

test('a dead letter is replayed with all its tries, or discarded', async () => {
  let broken = true;
  const job = kind(async () => {
    if (broken) throw new PermanentFailure('cannot');
    return undefined;
  });
  const first = await put(job, 'one');
  const second = await put(job, 'two');
  const before = await at.db.batch(countDead);
  assert.deepEqual(await runnerOf(job).runDue(), ['dead', 'dead']);
  assert.equal(await at.db.batch(countDead), before + 2);
  broken = false;
  assert.deepEqual(await at.db.batch((tx) => replayDead(tx, [first, newId()])), [{ id: first }]);
  assert.deepEqual(await runnerOf(job).runDue(), ['finished']);
  assert.deepEqual(await at.db.batch((tx) => discardDead(tx, [second, first])), [{ id: second }]);
  assert.deepEqual(await rowsOf(job), []);
});

test('a dead letter whose key lives again stays dead, and of two under one key the newest is replayed', async () => {
  const job = kind(async () => {
    throw new PermanentFailure('cannot');
  });
  const old = await put(job, 'one', { key: 'k' });
  await runnerOf(job).runDue();
  await at.advance(1_000);
  const newer = await put(job, 'one', { key: 'k' });
  assert.deepEqual(await at.db.batch((tx) => replayDead(tx, [old])), [], 'a living one has the key');
  await runnerOf(job).runDue();
  assert.deepEqual(await at.db.batch((tx) => replayDead(tx, [old, newer])), [{ id: newer }]);
  await runnerOf(job).runDue();
  await at.db.batch((tx) => discardDead(tx, [old, newer]));
});

test('the list of dead letters goes on after its last one', async () => {
  const job = kind(async () => {
    throw new PermanentFailure('cannot');
  });
  for (let n = 0; n < 5; n++) await put(job, `item-${n}`);
  await runnerOf(job).runDue();
  const all = (await at.db.batch((tx) => listDead(tx, 200))).map(({ id }) => id);
  const paged: string[] = [];
  let before: string | undefined;
  for (;;) {
    const page = await at.db.batch((tx) => listDead(tx, 2, before));
    if (page.length === 0) break;
    paged.push(...page.map(({ id }) => id));
    before = page.at(-1)!.id;
  }
  assert.deepEqual(paged, all);
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

test('a worker that slept past its lease writes nothing: another one’s outcome stands', async () => {
  const steps: string[] = [];
  const awake = Promise.withResolvers<void>();
  const asleep = Promise.withResolvers<void>();
  const job = kind(async ({ attempt, guard, db }) => {
    if (attempt > 1) {
      steps.push('second');
      return undefined;
    }
    asleep.resolve();
    await awake.promise;
    await assert.rejects(
      db.batch(async (tx) => {
        await guard(tx);
      }),
      LeaseLost,
    );
    steps.push('first guarded');
    return undefined;
  });
  await put(job, 'one');
  const sleeper = runnerOf(job);
  const sleeping = sleeper.runDue();
  await asleep.promise;
  await at.advance(30_001);
  assert.deepEqual(await runnerOf(job).runDue(), ['finished']);
  const again = await put(job, 'two', { delayMs: 3_600_000 });
  awake.resolve();
  assert.deepEqual(await sleeping, ['lost']);
  assert.deepEqual(steps, ['second', 'first guarded']);
  assert.equal((await at.sql('select from platform.job where id = $1', [again])).length, 1);
  await at.sql('delete from platform.job where id = $1', [again]);
});

for (const ending of [
  'finishes',
  'fails',
  'says later',
  'gives up',
  'finishes in its own transaction',
] as const) {
  test(`a worker that slept past its lease and then ${ending} changes nothing of the one that works now`, async () => {
    const asleep = Promise.withResolvers<void>();
    const awake = Promise.withResolvers<void>();
    const working = Promise.withResolvers<void>();
    const done = Promise.withResolvers<void>();
    const job = kind(async ({ attempt, db, finishIn }) => {
      if (attempt > 1) {
        working.resolve();
        await done.promise;
        return undefined;
      }
      asleep.resolve();
      await awake.promise;
      if (ending === 'fails') throw new Error('late');
      if (ending === 'gives up') throw new PermanentFailure('late');
      if (ending === 'finishes in its own transaction') await db.batch(finishIn);
      return ending === 'says later' ? { laterMs: 1 } : undefined;
    });
    await put(job, 'one');
    const sleeping = runnerOf(job).runDue();
    await asleep.promise;
    await at.advance(30_001);
    const second = runnerOf(job).runDue();
    await working.promise;
    const state = () =>
      at.sql(
        'select due_at, attempts, lease_token, lease_epoch, rerun_at, dead_at, last_error from platform.job where name = $1',
        [job.name],
      );
    const before = await state();
    assert.equal(before.length, 1);
    awake.resolve();
    assert.deepEqual(await sleeping, ['lost']);
    assert.deepEqual(await state(), before);
    done.resolve();
    assert.deepEqual(await second, ['finished']);
    assert.deepEqual(await state(), []);
  });
}

test('work ended with finishIn is committed together with the outcome, or not at all', async () => {
  await at.sql('create table if not exists sotto_test.effect (note text)');
  await at.sql('grant insert, select on sotto_test.effect to sotto_batch');
  const awake = Promise.withResolvers<void>();
  const asleep = Promise.withResolvers<void>();
  const effect = (tx: Tx, note: string) =>
    tx.exec(
      { name: 'test.effect', purpose: 'operations', text: 'insert into sotto_test.effect values ($1::text)' },
      [note],
    );
  const job = kind(async ({ attempt, db, finishIn }) => {
    if (attempt === 1) {
      asleep.resolve();
      await awake.promise;
    }
    await db.batch(async (tx) => {
      await effect(tx, `attempt ${attempt}`);
      await finishIn(tx);
    });
    return undefined;
  });
  await put(job, 'one');
  const sleeping = runnerOf(job).runDue();
  await asleep.promise;
  await at.advance(30_001);
  assert.deepEqual(await runnerOf(job).runDue(), ['finished']);
  awake.resolve();
  assert.deepEqual(await sleeping, ['lost']);
  assert.deepEqual(await at.sql('select note from sotto_test.effect'), [{ note: 'attempt 2' }]);
});

test('a heartbeat keeps the lease of a long job past its length', async () => {
  const go = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const job = kind(async () => {
    started.resolve();
    await go.promise;
    return undefined;
  });
  await put(job, 'one');
  const runner = runnerOf(job);
  const running = runner.runDue();
  await started.promise;
  for (let beat = 0; beat < 4; beat++) {
    await at.advance(20_000);
    await runner.heartbeat();
    assert.deepEqual(await runnerOf(job).runDue(), []);
  }
  go.resolve();
  assert.deepEqual(await running, ['finished']);
});

test('a heartbeat that finds the lease taken aborts the handler and leaves the taker’s lease alone', async () => {
  const started = Promise.withResolvers<void>();
  const working = Promise.withResolvers<void>();
  const done = Promise.withResolvers<void>();
  const job = kind(async ({ attempt, signal }) => {
    if (attempt > 1) {
      working.resolve();
      await done.promise;
      return undefined;
    }
    started.resolve();
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    return undefined;
  });
  await put(job, 'one');
  const runner = runnerOf(job);
  const running = runner.runDue();
  await started.promise;
  await at.advance(30_001);
  const second = runnerOf(job).runDue();
  await working.promise;
  const lease = () => at.sql('select due_at, lease_token from platform.job where name = $1', [job.name]);
  const before = await lease();
  await runner.heartbeat();
  assert.deepEqual(await running, ['lost']);
  assert.deepEqual(await lease(), before);
  done.resolve();
  assert.deepEqual(await second, ['finished']);
});

test('a job whose workers keep dying is buried when its tries are used up', async () => {
  const job = kind(async () => new Promise<undefined>(() => undefined), { attemptsMax: 2 });
  await put(job, 'one');
  for (let death = 0; death < 2; death++) {
    void runnerOf(job).runDue();
    while ((await rowsOf(job))[0]!.attempts === death) await new Promise(setImmediate);
    await at.advance(30_001);
  }
  assert.deepEqual(await runnerOf(job).runDue(), ['dead']);
  assert.equal((await rowsOf(job))[0]!.last_error, 'PermanentFailure');
  await at.sql('delete from platform.job where name = $1', [job.name]);
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

test('a payload of another shape is a dead letter at once, and is refused when enqueued', async () => {
  const job = kind(nothing);
  const id = await put(job, 'one');
  await at.sql(`update platform.job set payload = '{"item": 1}' where id = $1`, [id]);
  assert.deepEqual(await runnerOf(job).runDue(), ['dead']);
  await assert.rejects(at.db.batch((tx) => enqueue(tx, job, { item: 1 } as unknown as Item)));
  await at.db.batch((tx) => discardDead(tx, [id]));
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
