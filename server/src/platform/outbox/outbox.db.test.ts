import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import * as z from 'zod';
import { useDatabase } from '../../../test/harness.ts';
import { newId } from '../ids.ts';
import { declareJob, defineJob, JobRunner } from '../jobs/jobs.ts';
import { declareEvent, emit, emitAll, Outbox } from './outbox.ts';

const at = useDatabase({ connections: 16 });

const policy = { attemptsMax: 3, backoff: { baseMs: 100, maxMs: 1_000 }, leaseMs: 30_000 };
const shape = z.strictObject({ thing_id: z.string() });
const jobNamed = (name: string) => declareJob({ name, schema: shape, ...policy });
const jobsNamed = (name: string) =>
  at.sql<{ payload: { thing_id: string } }>('select payload from platform.job where name = $1', [name]);
const waiting = async () =>
  Number((await at.sql<{ count: string }>('select count(*) from platform.outbox'))[0]!.count);
const made = declareEvent<{ thing_id: string }>('thing.made');

test('an event reaches every subscriber’s job once, with its payload', async () => {
  const event = declareEvent<{ thing_id: string }>('thing.changed');
  const seen: string[] = [];
  const handled = (name: string) =>
    defineJob({
      ...jobNamed(name),
      handler: async (_, { thing_id }) => void seen.push(`${name} ${thing_id}`) as undefined,
    });
  const first = handled('test.first');
  const second = handled('test.second');
  const outbox = new Outbox({ db: at.db });
  outbox.subscribe(event, first);
  outbox.subscribe(event, second);
  const id = newId();
  await at.db.batch((tx) => emit(tx, event, { thing_id: id }));
  assert.equal(await outbox.dispatchAll(), 1);
  assert.equal(await outbox.dispatchAll(), 0);
  await new JobRunner({ db: at.db, jobs: [first, second] }).runDue();
  assert.deepEqual(seen.sort(), [`test.first ${id}`, `test.second ${id}`]);
});

test('an event of a transaction that rolls back is never seen', async () => {
  await assert.rejects(
    at.db.batch(async (tx) => {
      await emit(tx, made, { thing_id: newId() });
      throw new Error('no');
    }),
  );
  assert.equal(await new Outbox({ db: at.db }).dispatchAll(), 0);
});

test('two thousand events and four dispatchers make two thousand jobs', async () => {
  const job = jobNamed('test.many');
  const outboxes = Array.from({ length: 4 }, () => new Outbox({ db: at.db }));
  for (const outbox of outboxes) outbox.subscribe(made, job);
  const ids = Array.from({ length: 2_000 }, newId);
  await at.db.batch((tx) =>
    emitAll(
      tx,
      ids.map((thing_id) => ({ name: made.name, payload: { thing_id } })),
    ),
  );
  await Promise.all(outboxes.map((outbox) => outbox.dispatchAll()));
  const jobs = await jobsNamed('test.many');
  assert.deepEqual(jobs.map(({ payload }) => payload.thing_id).sort(), ids.sort());
  assert.equal(await waiting(), 0);
});

test('a dispatcher killed between taking and enqueueing loses nothing and doubles nothing', async () => {
  const job = jobNamed('test.survivor');
  const ids = Array.from({ length: 50 }, newId);
  await at.db.batch((tx) =>
    emitAll(
      tx,
      ids.map((thing_id) => ({ name: made.name, payload: { thing_id } })),
    ),
  );
  const child = spawn(process.execPath, [join(import.meta.dirname, 'fixtures/half-dispatch.ts'), at.url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    assert.equal(line, 'taken 50');
    break;
  }
  child.kill('SIGKILL');
  await once(child, 'exit');
  const outbox = new Outbox({ db: at.db });
  outbox.subscribe(made, job);
  // The server notices the dead connection in its own time, until then the rows stay locked and are passed over.
  while ((await waiting()) > 0) await outbox.dispatchAll();
  assert.deepEqual(
    (await jobsNamed('test.survivor')).map(({ payload }) => payload.thing_id).sort(),
    ids.sort(),
  );
});

test('an event that only a newer release knows stays until one takes it', async () => {
  await at.sql(`insert into platform.outbox (id, name, payload) values ($1, 'thing.invented', '{}')`, [
    newId(),
  ]);
  const outbox = new Outbox({ db: at.db });
  await at.db.batch((tx) => emit(tx, made, { thing_id: newId() }));
  assert.equal(await outbox.dispatchAll(), 1);
  assert.equal(await waiting(), 1);
  await at.advance(5_000);
  assert.ok((await outbox.oldestMs()) >= 5_000);
  await at.sql('delete from platform.outbox');
  assert.equal(await outbox.oldestMs(), 0);
});

test('an event that was not declared, or carries more than ids, is refused and nothing is stored', async () => {
  await assert.rejects(
    at.db.batch((tx) => emitAll(tx, [{ name: 'thing.unheard', payload: {} }])),
    /declared with declareEvent/,
  );
  await assert.rejects(
    at.db.batch((tx) => emit(tx, made, { thing_id: '+4915123456789' })),
    /carries ids only/,
  );
  assert.equal(await waiting(), 0);
  assert.throws(() => declareEvent('thing.made'), /declared twice/);
});
