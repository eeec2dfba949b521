// Real processes, killed before one file operation after the other. SOTTO_SWEEP multiplies how many of them are
// tried; the default takes a sample with a random offset that the test prints.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { cp, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDirectoryKeyStore } from './directory-key-store.ts';
import { readKeyFile } from './key-file.ts';
import { type KeyId, keyIdOf } from './key-ref.ts';
import { rotateEpoch } from './rotation.ts';
import type { Doom, Report } from './test/doomed-process.ts';
import { temporaryStore } from './test/temporary-store.ts';

const SAMPLES = 12 * Number(process.env.SOTTO_SWEEP ?? 1);

interface Ending {
  readonly killed: boolean;
  readonly reports: Report[];
  readonly complaint: string;
}

function runDoomed(doom: Doom): Promise<Ending> {
  const script = join(import.meta.dirname, 'test', 'doomed-process.ts');
  const child = spawn(process.execPath, [script, JSON.stringify(doom)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let complaint = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    complaint += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (_, signal) => {
      const reports = output
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Report);
      resolve({ killed: signal === 'SIGKILL', reports, complaint });
    });
  });
}

const said = <K extends string>(ending: Ending, what: K) =>
  ending.reports.find((report): report is Report & Record<K, unknown> => what in report);

test('creation, destruction and both rotations survive being killed before any file operation (checklist 44)', async (context) => {
  const base = await temporaryStore();
  const store = await base.open();
  const ids: KeyId[] = Array.from({ length: 14 }, () =>
    keyIdOf(store.identity, { class: 'identity', subjectId: randomUUID() }),
  );
  const [existing, fresh] = [ids.slice(0, 10), ids.slice(10)];
  const doomed = existing.slice(0, 3);
  const keys = new Map<KeyId, string>();
  for (const [index, state] of (await store.create(existing)).entries()) {
    if (state.state === 'living') keys.set(existing[index]!, state.key.toString('hex'));
  }
  await store.close();

  async function trial(name: string, killAt: number): Promise<Ending> {
    const directory = join(base.root, name);
    const masterKeyFile = join(base.root, `${name}.key`);
    await cp(base.directory, directory, { recursive: true });
    await cp(base.masterKeyFile, masterKeyFile);
    const ending = await runDoomed({
      directory,
      masterKeyFile,
      killAt,
      initialise: false,
      create: fresh,
      destroy: doomed,
    });
    assert.equal(ending.killed, killAt > 0, `${name}: ${ending.complaint}`);

    // What the process was told was done holds in the next process, before anything is repaired.
    const next = await openDirectoryKeyStore({ directory, masterKeyFile, initialise: false });
    const hexOf = async (id: KeyId) => {
      const state = await next.open(id);
      return state.state === 'living' ? state.key.toString('hex') : state.state;
    };
    for (const id of existing.slice(3)) assert.equal(await hexOf(id), keys.get(id), `${name}: a living key`);
    for (const id of doomed) {
      const allowed = said(ending, 'destroyed') ? ['destroyed'] : ['destroyed', keys.get(id)];
      assert.ok(allowed.includes(await hexOf(id)), `${name}: a key told to be destroyed`);
    }
    const created = said(ending, 'created') as { created: string[] } | undefined;
    for (const [index, id] of fresh.entries()) {
      if (created) assert.equal(await hexOf(id), created.created[index], `${name}: a key told to be made`);
    }

    // The same commands again finish everything: one epoch, one wrapping a key, the dead stay dead.
    await next.destroy(doomed);
    await rotateEpoch(next);
    await next.rotateMaster();
    const last = await openDirectoryKeyStore({ directory, masterKeyFile, initialise: false });
    const census = await last.census();
    assert.equal(census.epochs.length, 1, `${name}: one epoch`);
    assert.deepEqual([...census.byEpoch], [[census.epochs[0], census.living]], `${name}: one wrapping a key`);
    assert.equal(census.destroyed, 3);
    for (const id of existing.slice(3)) {
      const state = await last.open(id);
      assert.equal(state.state === 'living' && state.key.toString('hex'), keys.get(id));
    }
    for (const id of doomed) assert.deepEqual(await last.open(id), { state: 'destroyed' });
    for (const file of await readdir(join(directory, 'epochs'))) {
      const epoch = await readKeyFile(join(directory, 'epochs', file));
      if (epoch.state === 'living')
        assert.equal(epoch.slots.filter(Boolean).length, 1, `${name}: one master`);
    }
    assert.deepEqual(await readdir(join(directory, 'drafts')), []);
    await assert.rejects(stat(`${masterKeyFile}.next`));
    return ending;
  }

  try {
    const whole = await trial('undisturbed', 0);
    const { operations } = said(whole, 'operations') as { operations: number };
    assert.ok(operations > 100, `counted ${operations} operations`);
    const stride = Math.max(1, Math.floor(operations / SAMPLES));
    const offset = randomInt(stride);
    context.diagnostic(`${operations} operations, killed before every ${stride}th from ${offset + 1}`);
    const points: number[] = [];
    for (let at = offset + 1; at <= operations; at += stride) points.push(at);
    const lane = async () => {
      for (let at = points.shift(); at !== undefined; at = points.shift()) await trial(`killed-${at}`, at);
    };
    await Promise.all([lane(), lane()]);
  } finally {
    await base.dispose();
  }
});

test('a first start that is killed before any file operation is finished by the next start', async () => {
  const base = await temporaryStore();
  try {
    for (let killAt = 1; ; killAt += SAMPLES > 100 ? 1 : 4) {
      const directory = join(base.root, `first-${killAt}`);
      const masterKeyFile = join(base.root, `first-${killAt}.key`);
      const start = { directory, masterKeyFile, initialise: true };
      const ending = await runDoomed({ ...start, killAt, create: [], destroy: [] });
      const store = await openDirectoryKeyStore(start);
      const id = keyIdOf(store.identity, { class: 'operator' });
      const [made] = await store.create([id]);
      const again = await openDirectoryKeyStore({ ...start, initialise: false });
      assert.deepEqual(again.identity, store.identity, `killed before operation ${killAt}`);
      assert.deepEqual(await again.open(id), made, `killed before operation ${killAt}`);
      assert.equal((await again.census()).epochs.length, 1);
      if (said(ending, 'created')) return;
    }
  } finally {
    await base.dispose();
  }
});
