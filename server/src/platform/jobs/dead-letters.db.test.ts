import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { useDatabase } from '../../../test/harness.ts';
import { newId } from '../ids.ts';
import { type Item, kind, workbench } from './fixtures/test-jobs.ts';
import {
  countDead,
  discardDead,
  enqueue,
  type Handler,
  listDead,
  PermanentFailure,
  replayDead,
} from './jobs.ts';

describe('platform: dead letters', () => {
  const at = useDatabase({ connections: 16 });
  const { put, rowsOf, runnerOf } = workbench(at);

  const nothing: Handler<Item> = async () => undefined;

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

  test('a payload of another shape is a dead letter at once, and is refused when enqueued', async () => {
    const job = kind(nothing);
    const id = await put(job, 'one');
    await at.sql(`update platform.job set payload = '{"item": 1}' where id = $1`, [id]);
    assert.deepEqual(await runnerOf(job).runDue(), ['dead']);
    await assert.rejects(at.db.batch((tx) => enqueue(tx, job, { item: 1 } as unknown as Item)));
    await at.db.batch((tx) => discardDead(tx, [id]));
  });
});
