import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encodeId } from '@sotto/contract';
import { listDeadJobs, replayJob } from '@sotto/contract/admin/jobs';
import * as z from 'zod';
import { newId } from '#platform/ids';
import { defineJob, enqueue, JobRunner, PermanentFailure } from '#platform/jobs';
import { useApi } from '../../test/api.ts';
import { callOperation } from '../../test/route-contract.ts';

describe('dead letters over HTTP', () => {
  const app = useApi();
  let failing = true;
  let runs = 0;
  const job = defineJob({
    name: 'platform.test_letter',
    schema: z.strictObject({ item: z.string() }),
    attemptsMax: 1,
    backoff: { baseMs: 1, maxMs: 1 },
    leaseMs: 10_000,
    handler: async () => {
      runs++;
      if (failing) throw new PermanentFailure('never');
      return undefined;
    },
  });
  const run = () => new JobRunner({ db: app.database.db, jobs: [job], concurrency: 4 } as never).runDue();
  const put = (options: { key?: string } = {}) =>
    app.database.db.batch((tx) => enqueue(tx, job, { item: newId() }, options));
  const list = async (query: Record<string, string> = {}) =>
    (await callOperation(app.server, listDeadJobs, { token: app.admin, query })).body;
  const replay = (id: string, headers: Record<string, string> = {}) =>
    callOperation(app.server, replayJob, { token: app.admin, id, headers });

  test('a job that gave up is listed without its payload, and runs again when it is replayed', async () => {
    await put();
    await run();
    const { data } = await list();
    assert.equal(data.length, 1);
    assert.deepEqual(Object.keys(data[0]).sort(), [
      'attempts',
      'created_at',
      'died_at',
      'id',
      'last_error',
      'name',
    ]);
    assert.deepEqual([data[0].name, data[0].attempts], ['platform.test_letter', 1]);
    const replayed = await replay(data[0].id);
    assert.equal(replayed.status, 202);
    assert.deepEqual([replayed.body.id, replayed.body.name], [data[0].id, data[0].name]);
    failing = false;
    const before = runs;
    await run();
    assert.equal(runs, before + 1);
    assert.deepEqual((await list()).data, []);
  });

  test('a repeated replay under one key replays once', async () => {
    failing = true;
    await put();
    await run();
    const { id } = (await list()).data[0];
    const key = { 'idempotency-key': 'replay-once' };
    const answers = await Promise.all([replay(id, key), replay(id, key), replay(id, key)]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [202, 202, 202],
    );
    assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
    assert.equal((await replay(id)).body.code, 'not_found');
  });

  test('a letter whose work waits under its key again stays dead', async () => {
    await put({ key: 'k' });
    await run();
    const { id } = (await list()).data[0];
    await put({ key: 'k' });
    const refused = await replay(id);
    assert.deepEqual([refused.status, refused.body.code], [409, 'conflict']);
  });

  test('a job that lives or never was is no dead letter', async () => {
    await put();
    const [living] = await app.database.sql<{ id: string }>(
      `select id from platform.job where dead_at is null order by id desc limit 1`,
    );
    assert.equal((await replay(encodeId('job', living!.id))).status, 404);
    assert.equal((await replay(encodeId('job', newId()))).status, 404);
  });

  test('pages give every letter once', async () => {
    for (let at = 0; at < 5; at++) await put();
    await run();
    const all: string[] = (await list()).data.map(({ id }: { id: string }) => id);
    assert.ok(all.length >= 5);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await list({ limit: '2', ...(cursor === null ? {} : { cursor }) });
      seen.push(...page.data.map(({ id }: { id: string }) => id));
      cursor = page.next_cursor;
    } while (cursor !== null);
    assert.deepEqual(seen, all);
  });
});
