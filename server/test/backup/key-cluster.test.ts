// Keys on a cluster of their own: the erasure log lies with them, and a database restored beside them is led through it.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type EmbeddedPostgres, startEmbedded } from '../../src/platform/db/embedded.ts';
import { Installation } from '../start/product.ts';
import { IN_SWEEPS } from '../sweep.ts';
import { assertRefusal, backedUp } from './installation-beside.ts';

const installation = new Installation();
const at = backedUp(installation);
let cluster: EmbeddedPostgres;
let env: Record<string, string>;

before(async () => {
  cluster = await startEmbedded({
    dataDir: join(installation.folder, 'key-cluster'),
    settings: { shared_buffers: '16MB', wal_recycle: 'off' },
  });
  // The parameter `host` decides; an address has one in its place too.
  env = { SOTTO_KEYS_URL: cluster.url.replace('@/', '@localhost/') };
});
after(async () => {
  await cluster.stop();
  await installation.remove();
});

test('the log is a table of the key cluster, and is no file', async () => {
  await at.json(['migrate'], env);
  await at.json(['workspaces', 'create', '--name', 'Example', '--currency', 'EUR'], env);
  const status = await at.json<{ place: string; sequence: number }>(['erasures', 'status'], env);
  assert.deepEqual([status.place, status.sequence], ['the key cluster', 0]);
  assert.ok(!existsSync(at.erasureLog));
});

test('its keys are not Sotto’s to back up', async () => {
  const ended = await at.says(['backup', '--keys', at.backups], env);
  assertRefusal(ended, /has its own backups/);
});

test(
  'a database restored beside it is at the end of the log, and refused when the log went back',
  IN_SWEEPS,
  async () => {
    const { file } = await at.json<{ file: string }>(['backup', at.backups], env);
    const ground = await at.ground(env);
    let gone: ReturnType<typeof ground.keyring.keyId>;
    try {
      gone = ground.keyring.keyId({ class: 'identity', subjectId: '0197f3e0-6f1c-7a7e-8f00-000000000001' });
      await ground.keyStore.create([gone]);
      await ground.keyring.destroy([gone]);
    } finally {
      await ground.close();
    }
    const restored = { ...env, SOTTO_DATA_DIR: at.newFolder() };
    await at.json(['restore', file], restored);
    const again = await at.ground(restored);
    try {
      assert.equal((await again.erasureLog.head()).sequence, 1);
      assert.deepEqual(await again.keyStore.open(gone), { state: 'destroyed' });
    } finally {
      await again.close();
    }
    const { default: pg } = await import('pg');
    const owner = new pg.Client({ connectionString: cluster.url });
    await owner.connect();
    await owner.query('delete from sotto_keys.erasure where sequence = 1');
    await owner.query('delete from sotto_keys.erasures_applied');
    await owner.end();
    assertRefusal(await at.says(['erasures', 'status'], restored), /only 0 of them/);
  },
);
