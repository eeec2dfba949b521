import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { useDatabase } from '../../../test/harness.ts';
import type { Tx } from '../db/database.ts';
import { kind, workbench } from './fixtures/test-jobs.ts';
import { LeaseLost, PermanentFailure } from './jobs.ts';

describe('platform: leases', () => {
  const at = useDatabase({ connections: 16 });
  const { put, rowsOf, runnerOf } = workbench(at);

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
        {
          name: 'test.effect',
          purpose: 'operations',
          text: 'insert into sotto_test.effect values ($1::text)',
        },
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
});
