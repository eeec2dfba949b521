// The measures of what privacy promises, each once from end to end and as small as it can be: real processes, a real
// disk, and figures that mean nothing.
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { after, test } from 'node:test';
import { measureBoot } from '@sotto/bench/measure/boot';
import { measureNotices } from '@sotto/bench/measure/notices';
import { measureBuild } from '@sotto/bench/measure/privacy-cost';
import { measureShred } from '@sotto/bench/measure/shred';
import { measureSignIn } from '@sotto/bench/measure/sign-in';
import { Workshop } from '@sotto/bench/process/workshop';
import { readConfig } from '#platform/config';
import { IN_SWEEPS } from '../../../test/sweep.ts';
import { databaseAccess } from './bench.ts';

const workshop = new Workshop({
  root: resolve(import.meta.dirname, '../../../..'),
  directory: tmpdir(),
  database: databaseAccess(readConfig({})),
  seed: 1,
  say: () => undefined,
});
after(() => workshop.clear());

test('a server tells the bench how long the check of its policy took', IN_SWEEPS, async () => {
  const { profiles } = await measureBoot(workshop, { starts: 0, only: ['device-app'] });
  const [{ first }] = profiles as [(typeof profiles)[0]];
  assert.ok(first.readingMs > 0 && first.comparingMs > 0);
  assert.ok(first.waitingMs > 0 && first.waitingMs < first.readingMs + first.comparingMs);
});

test('the plain build sends, and is plain: no key, no seal, every module replaced', IN_SWEEPS, async () => {
  const load = { seconds: 0.2, connections: 4, warmUpMs: 50 };
  const run = await measureBuild(workshop, 'plain', 'singles', load);
  assert.ok(run.completed > 0);
  assert.deepEqual([run.lost, run.mischarged, run.failedRequests], [0, 0, 0]);
});

test('keys are destroyed one by one and by workspace, and what they sealed is gone', async () => {
  const sizes = { singles: 5, workspaceKeys: [1, 3], workspaceRows: [2, 20], rounds: 1 };
  const { store, workspaces } = await measureShred(workshop, sizes);
  assert.equal(store.count, 5);
  assert.deepEqual(
    workspaces.map(({ shredded }) => shredded),
    [2, 20, 2, 20],
  );
});

test('sign-ins are measured against their hash, and sessions beside them', IN_SWEEPS, async () => {
  const { rounds, checksPerSecond, failed } = await measureSignIn(workshop, { rounds: 1, seconds: 0.5 });
  assert.ok(rounds[0]!.bare > 0 && rounds[0]!.signIns > 0 && checksPerSecond > 0);
  assert.equal(failed, 0);
});

test('notices are taken, repeated, and credited once each', IN_SWEEPS, async () => {
  const { perSecond, sent, miscredited, failed } = await measureNotices(workshop, { seconds: 0.5 });
  assert.ok(perSecond > 0 && sent > 0);
  assert.deepEqual([miscredited, failed], [0, 0]);
});
