// What stands in the way of a start ends it with exit code 1, a sentence and ways out: no stack, nothing left running,
// nothing of a working installation disturbed.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { runHere, type Said } from '../run-here.ts';
import { type Ended, eventually, Installation, type Product } from './product.ts';

function assertRefused({ code, out, err }: Ended | Said, sentence: RegExp): void {
  assert.equal(code, 1, `${out}${err}`);
  assert.equal(out, '');
  assert.match(err, sentence);
  assert.match(err, /^Refused: .*\nWays out:\n {2}- /s);
  assert.doesNotMatch(err, /\n\s+at /, 'a refusal is no stack');
}

describe('before anything is made', () => {
  const installation = new Installation();
  after(() => installation.remove());
  /** In this process, for nothing is begun; the first of them runs as an operator runs it. */
  const starts = (env: Record<string, string>) => runHere(['start'], { ...installation.environment, ...env });

  test('a data directory that cannot be made is refused', async () => {
    const file = join(installation.folder, 'file');
    writeFileSync(file, '');
    const ended = await installation.run(['start'], { SOTTO_DATA_DIR: join(file, 'data') }).ended();
    assertRefused(ended, /data directory .* cannot be made or written to \(ENOTDIR\)/);
  });

  test('all wrong settings are told at once, and no database is made for them', async () => {
    const ended = await starts({ SOTTO_PORT: 'http', SOTTO_MODE: 'staging', SOTTO_PROT: '1' });
    assertRefused(ended, /SOTTO_PORT must be .*SOTTO_PROT|SOTTO_PROT .*SOTTO_PORT must be/s);
    assert.match(ended.err, /SOTTO_MODE must be one of/);
    assert.ok(!existsSync(installation.dataDir));
  });

  test('a proxy of somebody else whom the policy does not name is refused, and no database is made for it', async () => {
    const proxies = { SOTTO_TRUSTED_PROXIES: '10.0.0.0/8,198.51.100.0/24' };
    const unnamed = await starts(proxies);
    assertRefused(unnamed, /SOTTO_TRUSTED_PROXIES has 198\.51\.100\.0\/24/);
    const undeclared = await starts({ ...proxies, SOTTO_PROXY_RECIPIENT: 'some_cdn' });
    assertRefused(undeclared, /SOTTO_PROXY_RECIPIENT names some_cdn, which the policy does not list/);
    assert.ok(!existsSync(installation.dataDir));
  });

  test('a cluster of an older PostgreSQL is refused and left alone', async () => {
    const data = join(installation.folder, 'old', 'postgres', 'data');
    mkdirSync(data, { recursive: true });
    writeFileSync(join(data, 'PG_VERSION'), '17\n');
    const ended = await starts({ SOTTO_DATA_DIR: join(installation.folder, 'old') });
    assertRefused(ended, /holds a PostgreSQL 17 cluster/);
  });
});

describe('beside a working installation', () => {
  const installation = new Installation();
  after(() => installation.remove());
  let first: Product;

  test('a second start on its data directory is refused and names the first, which goes on', async () => {
    first = installation.run();
    await first.greeting();
    const second = await installation.run().ended();
    assertRefused(second, new RegExp(`Another Sotto \\(process ${first.pid}\\) runs on the data directory`));

    const client = installation.client();
    const { id } = await client.messages.send({ to: '+4915123456789', text: 'Still here.' });
    await eventually('it is delivered', async () => {
      const { status } = await client.messages.get(id);
      return status === 'delivered' || undefined;
    });
  });

  test('after kill -9 the next start takes over the database, and stops it when it stops', async () => {
    const pid = Number(installation.databasePid());
    await first.stop('SIGKILL');
    assert.equal(installation.databasePid(), pid, 'the database outlives a killed server');
    const next = installation.run();
    await next.greeting();
    const { data } = await installation.client().messages.list();
    assert.equal(data.length, 1);
    assert.equal((await next.stop('SIGTERM')).code, 0);
    assert.equal(installation.databasePid(), undefined);
  });

  test('a taken port is refused, and the database is stopped again', async () => {
    const holder = createServer();
    await new Promise<void>((done) => holder.listen(0, '127.0.0.1', done));
    const { port } = holder.address() as { port: number };
    try {
      const ended = await installation.run(['start'], { SOTTO_PORT: `${port}` }).ended();
      assertRefused(ended, new RegExp(`Port ${port} of 127\\.0\\.0\\.1 is taken`));
      assert.equal(installation.databasePid(), undefined);
    } finally {
      holder.close();
    }
  });

  test('a database whose keys were deleted is refused, and opens when they are back', async () => {
    const aside = `${installation.keysDir}-aside`;
    renameSync(installation.keysDir, aside);
    assertRefused(await installation.run().ended(), /key store .* is missing/);
    assert.ok(!existsSync(installation.keysDir), 'no empty store is made in their place');

    // Another store at the same place, as of another installation.
    mkdirSync(installation.keysDir, { mode: 0o700 });
    const ended = await installation.run().ended();
    assertRefused(ended, /key store/i);

    rmSync(installation.keysDir, { recursive: true });
    renameSync(aside, installation.keysDir);
    const back = installation.run();
    await back.greeting();
    assert.equal((await back.stop('SIGTERM')).code, 0);
  });

  test('with the data directory deleted, a development start begins anew under the keys that are left', async () => {
    rmSync(installation.dataDir, { recursive: true });
    const anew = installation.run();
    await anew.greeting();
    const { data } = await installation.client().messages.list();
    assert.deepEqual(data, []);
    assert.equal((await anew.stop('SIGTERM')).code, 0);
  });

  test('a signal while the database is still starting ends the start in order', async () => {
    const product = installation.run();
    await eventually('the database has a process', () => installation.databasePid());
    const { code, out, err } = await product.stop('SIGTERM');
    assert.deepEqual([code, out, err], [0, '', '']);
    assert.equal(installation.databasePid(), undefined);
  });
});
