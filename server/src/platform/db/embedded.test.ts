import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { onDatabase } from '../../../test/cluster.ts';
import { Refusal } from '../errors.ts';
import { clusterFolder, serverAccount } from './binaries.ts';
import { type EmbeddedPostgres, startEmbedded } from './embedded.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-embedded-'));
// The account that PostgreSQL runs under when we are root must be able to enter.
chmodSync(folder, 0o755);
after(() => rmSync(folder, { recursive: true, force: true }));

const quick = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', shared_buffers: '16MB' };
const gone = (pid: number) => {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
};
const settingOf = (running: EmbeddedPostgres, name: string) =>
  onDatabase(running.url, async (client) => (await client.query(`show ${name}`)).rows[0][name] as string);

test('a cluster is made, adopted by a second start, stopped once, and found again with its data', async () => {
  const dataDir = join(folder, 'one');
  const first = await startEmbedded({ dataDir, settings: quick });
  try {
    assert.equal(first.adopted, false);
    await onDatabase(first.url, (client) => client.query('create table kept as select 1 as one'));
    assert.equal(await settingOf(first, 'listen_addresses'), '', 'no network port is open');
    assert.equal(await settingOf(first, 'data_checksums'), 'on');
    assert.equal(await settingOf(first, 'server_encoding'), 'UTF8');

    const second = await startEmbedded({ dataDir, settings: quick });
    assert.equal(second.adopted, true);
    assert.equal(second.pid, first.pid);
    await second.stop();
    assert.equal(gone(first.pid), false, 'who adopts does not stop');
  } finally {
    await first.stop();
  }
  assert.equal(gone(first.pid), true);
  await first.stop();

  const third = await startEmbedded({ dataDir, settings: quick });
  try {
    const rows = await onDatabase(
      third.url,
      async (client) => (await client.query('select one from kept')).rows,
    );
    assert.deepEqual(rows, [{ one: 1 }]);
  } finally {
    await third.stop();
  }
});

test('a server that was killed is started again at once, with what it had committed', async () => {
  const dataDir = join(folder, 'killed');
  const first = await startEmbedded({ dataDir, settings: { shared_buffers: '16MB' } });
  await onDatabase(first.url, (client) => client.query('create table kept as select 1 as one'));
  process.kill(first.pid, 'SIGKILL');
  // Not a pause before: the dead process still has its number now.
  const second = await untilStarted(() => startEmbedded({ dataDir, settings: { shared_buffers: '16MB' } }));
  try {
    assert.notEqual(second.pid, first.pid);
    assert.equal(second.adopted, false);
    assert.equal(
      (await onDatabase(second.url, (client) => client.query('select one from kept'))).rowCount,
      1,
    );
  } finally {
    await second.stop();
  }
});

/** The killed server's own processes leave a moment later; PostgreSQL refuses the directory until then. */
async function untilStarted(start: () => Promise<EmbeddedPostgres>): Promise<EmbeddedPostgres> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start();
    } catch (error) {
      if (attempt === 20) throw error;
    }
  }
}

test('a process number that somebody else has by now is no server', async () => {
  const dataDir = join(folder, 'reused');
  await (await startEmbedded({ dataDir, settings: quick })).stop();
  const data = join(clusterFolder(join(dataDir, 'postgres'), serverAccount()), 'data');
  writeFileSync(join(data, 'postmaster.pid'), `${process.pid}\n${data}\n`);
  const running = await startEmbedded({ dataDir, settings: quick });
  assert.notEqual(running.pid, process.pid);
  await running.stop();
});

test('parameters and row values do not reach the server’s log', async () => {
  const dataDir = join(folder, 'quiet');
  const running = await startEmbedded({ dataDir, settings: quick });
  try {
    await onDatabase(running.url, async (client) => {
      await client.query('create table thing (id text primary key)');
      await client.query('insert into thing values ($1)', ['hunter2-value']);
      await assert.rejects(client.query('insert into thing values ($1)', ['hunter2-value']), {
        code: '23505',
      });
      await assert.rejects(client.query(`select 'hunter2-text'::integer`));
    });
  } finally {
    await running.stop();
  }
  const log = readFileSync(
    join(clusterFolder(join(dataDir, 'postgres'), serverAccount()), 'postgres.log'),
    'utf8',
  );
  assert.doesNotMatch(log, /hunter2/);
  assert.match(log, /database system is ready/);
});

test('a cluster of another major version is refused with the ways out, and left alone', async () => {
  const dataDir = join(folder, 'old');
  mkdirSync(join(dataDir, 'postgres', 'data'), { recursive: true });
  writeFileSync(join(dataDir, 'postgres', 'data', 'PG_VERSION'), '16\n');
  await assert.rejects(startEmbedded({ dataDir, settings: quick }), (error) => {
    assert.ok(error instanceof Refusal);
    assert.match(error.message, /PostgreSQL 16 cluster; this release runs PostgreSQL 18/);
    assert.equal(error.waysOut.length, 3);
    return true;
  });
});

test('an initialisation that was cut off is begun anew', async () => {
  const dataDir = join(folder, 'cut');
  mkdirSync(join(dataDir, 'postgres', 'data.new', 'base'), { recursive: true });
  mkdirSync(join(dataDir, 'postgres', 'data', 'global'), { recursive: true });
  const running = await startEmbedded({ dataDir, settings: quick });
  await running.stop();
});

test('a server that cannot start is a refusal that says where to look', async () => {
  const dataDir = join(folder, 'broken');
  await assert.rejects(
    startEmbedded({ dataDir, settings: { ...quick, max_connections: 'many' } }),
    (error) => {
      assert.ok(error instanceof Refusal);
      assert.match(error.message, /did not start \(exit 1\).*max_connections/);
      return true;
    },
  );
});
