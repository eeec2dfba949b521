// PostgreSQL dies under running workers (SIGKILL, durability on) and comes back: fault F8 for jobs and outbox.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as z from 'zod';
import { onDatabase } from '../../../test/cluster.ts';
import { pause } from '../clock.ts';
import { Database } from '../db/database.ts';
import { startEmbedded } from '../db/embedded.ts';
import { migrate } from '../db/migrate.ts';
import { Doorbell } from '../doorbell.ts';
import { newId } from '../ids.ts';
import { declareEvent, emitAll, Outbox } from '../outbox/outbox.ts';
import { defineJob, JobRunner } from './jobs.ts';

const EVENTS = 400;
const happened = declareEvent<{ id: string }>('killed.happened');

test('when PostgreSQL is killed under running workers, every event still has its effect exactly once', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'sotto-killed-'));
  chmodSync(dataDir, 0o755);
  const settings = { shared_buffers: '32MB' };
  let server = await startEmbedded({ dataDir, settings });
  await migrate(server.url);
  await onDatabase(server.url, (client) =>
    client.query(
      'create table public.effect (id uuid not null); grant usage on schema public to sotto_batch; grant insert on public.effect to sotto_batch',
    ),
  );
  const db = new Database({ url: server.url, connections: 6 });
  const effects = async () =>
    onDatabase(
      server.url,
      async (client) =>
        (
          await client.query<{ total: number; different: number }>(
            'select count(*)::integer as total, count(distinct id)::integer as different from public.effect',
          )
        ).rows[0]!,
    );
  const job = defineJob({
    name: 'killed.take_effect',
    schema: z.strictObject({ id: z.string() }),
    attemptsMax: 100,
    backoff: { baseMs: 50, maxMs: 200 },
    leaseMs: 1_000,
    handler: async ({ finishIn }, { id }) => {
      await db.batch(async (tx) => {
        await tx.exec(
          {
            name: 'test.take_effect',
            purpose: 'operations',
            text: 'insert into public.effect values ($1::uuid)',
          },
          [id],
        );
        await finishIn(tx);
      });
      return undefined;
    },
  });
  const doorbell = new Doorbell(db);
  const outbox = new Outbox({ db, doorbell });
  outbox.subscribe(happened, job);
  const runner = new JobRunner({ db, jobs: [job], doorbell, concurrency: 4 });
  try {
    await db.batch((tx) =>
      emitAll(
        tx,
        Array.from({ length: EVENTS }, () => ({ name: happened.name, payload: { id: newId() } })),
      ),
    );
    doorbell.start();
    outbox.start();
    await runner.start();
    // Killed in the middle of the work, not before or after it.
    while ((await effects()).total < EVENTS / 10) await pause(1);
    process.kill(server.pid, 'SIGKILL');
    server = await startAgain();
    const until = performance.now() + 30_000;
    while ((await effects()).different < EVENTS && performance.now() < until) await pause(20);
    assert.deepEqual(await effects(), { total: EVENTS, different: EVENTS });
    assert.equal(await runner.oldestDueMs(), 0);
    assert.equal(await outbox.oldestMs(), 0);
  } finally {
    await Promise.all([runner.stop(1_000), outbox.stop(), doorbell.stop()]);
    await db.end();
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }

  /** The postmaster's children end a moment after it; until then the data directory is in use. */
  async function startAgain() {
    for (let attempt = 1; ; attempt++) {
      try {
        return await startEmbedded({ dataDir, settings });
      } catch (error) {
        if (attempt === 20) throw error;
        await pause(100);
      }
    }
  }
});
