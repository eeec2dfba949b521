import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { databaseUrl, onDatabase } from '../../../test/cluster.ts';
import { useDatabase } from '../../../test/harness.ts';
import { onOwnedDatabase } from '../../../test/owned-database.ts';
import { Refusal } from '../errors.ts';
import { MIGRATIONS_DIR, migrate } from './migrate.ts';

const at = useDatabase({ connections: 2 });
const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** An empty database beside the one of the test, dropped when the body ends. */
async function empty<T>(work: (url: string) => Promise<T>): Promise<T> {
  const name = `migrate_${randomBytes(6).toString('hex')}`;
  await onDatabase(at.url, (client) => client.query(`create database ${name} template template0`));
  try {
    return await work(databaseUrl(at.url, name));
  } finally {
    await onDatabase(at.url, (client) => client.query(`drop database ${name} with (force)`));
  }
}

/** A copy of the first migration, and further ones. */
function release(...texts: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-migrations-'));
  folders.push(folder);
  cpSync(join(MIGRATIONS_DIR, '0001-platform.sql'), join(folder, '0001-platform.sql'));
  texts.forEach((text, n) => {
    writeFileSync(join(folder, `000${n + 2}-step.sql`), text);
  });
  return folder;
}
const tables = (url: string) =>
  onDatabase(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'trial' and c.relkind = 'r' order by 1`,
    );
    return rows.map(({ name }) => name);
  });

test('an empty database is brought to the newest schema, and a second run changes nothing', async () => {
  const known = readdirSync(MIGRATIONS_DIR).filter((file) => file.endsWith('.sql')).length;
  await empty(async (url) => {
    const first = await migrate(url);
    assert.equal(first.applied.length, known);
    assert.deepEqual(await migrate(url), { applied: [], version: known });
  });
});

test('an owner who is no superuser migrates like any other', async () => {
  await onOwnedDatabase(at.url, async (url) => {
    const { applied } = await migrate(url);
    assert.equal(applied.length, readdirSync(MIGRATIONS_DIR).length);
    assert.deepEqual((await migrate(url)).applied, []);
  });
});

test('only what is missing is applied, in order', async () => {
  await empty(async (url) => {
    await migrate(url, release('create schema trial; create table trial.one ()'));
    const report = await migrate(
      url,
      release('create schema trial; create table trial.one ()', 'create table trial.two ()'),
    );
    assert.deepEqual(report.applied, ['3-step']);
    assert.deepEqual(await tables(url), ['one', 'two']);
  });
});

test('a database of a newer release is refused and left as it is', async () => {
  await empty(async (url) => {
    await migrate(url, release('create schema trial'));
    await assert.rejects(migrate(url, release()), (error) => {
      assert.ok(error instanceof Refusal);
      assert.match(error.message, /newer release/);
      assert.equal(error.waysOut.length, 2);
      return true;
    });
  });
});

test('an edited history is refused', async () => {
  await empty(async (url) => {
    const folder = release('create schema trial');
    await migrate(url, folder);
    appendFileSync(join(folder, '0002-step.sql'), '\n-- edited\n');
    await assert.rejects(migrate(url, folder), /Migration 2-step differs/);
  });
});

test('a migration that fails leaves nothing of itself, and the ones before it stand', async () => {
  await empty(async (url) => {
    const broken = 'create table trial.half (); select 1 / 0';
    await assert.rejects(
      migrate(url, release('create schema trial', broken)),
      /3-step failed: division by zero/,
    );
    assert.deepEqual(await tables(url), []);
    const report = await migrate(url, release('create schema trial', 'create table trial.whole ()'));
    assert.deepEqual(report.applied, ['3-step']);
    assert.deepEqual(await tables(url), ['whole']);
  });
});

test('a migration killed half-way is gone, and the next run goes on from there', async () => {
  await empty(async (url) => {
    const sleeping = release('create schema trial; create table trial.one (); select pg_sleep(60)');
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'fixtures/migrate-once.ts'), url, sleeping],
      {
        stdio: ['ignore', 'inherit', 'inherit'],
      },
    );
    const database = new URL(url.replace('@/', '@localhost/')).pathname.slice(1);
    const sleeper = async () =>
      at.sql<{ pid: number }>(
        `select pid from pg_stat_activity
          where datname = $1 and application_name = 'sotto-migrate' and wait_event = 'PgSleep'`,
        [database],
      );
    let found = await sleeper();
    while (found.length === 0) found = await sleeper();
    child.kill('SIGKILL');
    await once(child, 'exit');
    // The server notices a dead client at its next write; ending the session is what it would do then.
    await at.sql('select pg_terminate_backend($1)', [found[0]!.pid]);
    const report = await migrate(url, release('create schema trial; create table trial.two ()'));
    assert.deepEqual(report.applied, ['2-step']);
    assert.deepEqual(await tables(url), ['two']);
  });
});

test('four processes that migrate at once apply each migration once', async () => {
  await empty(async (url) => {
    const folder = release('create schema trial; create table trial.one ()', 'create table trial.two ()');
    const reports = await Promise.all(Array.from({ length: 4 }, () => migrate(url, folder)));
    assert.deepEqual(reports.flatMap(({ applied }) => applied).sort(), ['1-platform', '2-step', '3-step']);
    assert.ok(reports.every(({ version }) => version === 3));
  });
});
