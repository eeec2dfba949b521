import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { useDatabase } from '../../../test/harness.ts';
import { AppError } from '../errors.ts';
import { newId } from '../ids.ts';
import { Database, type Tx } from './database.ts';
import { statement } from './statement.ts';

describe('platform: database', () => {
  const at = useDatabase({ connections: 3 });

  const count = statement<{ count: number }>(
    'test.count_notes',
    'operations',
    'select count(*)::integer as count from sotto_test.note',
  );
  const write = statement<unknown>(
    'test.write_note',
    'operations',
    'insert into sotto_test.note (workspace_id, word) values ($1::uuid, $2::text)',
  );
  const read = statement<{ word: string }>(
    'test.read_notes',
    'operations',
    'select word from sotto_test.note order by word',
  );
  const fail = statement<unknown>('test.divide', 'operations', 'select 1 / $1::integer');
  const ownPid = statement<{ pid: number }>('test.own_pid', 'operations', 'select pg_backend_pid() as pid');
  const notes = async () => (await at.db.batch((tx) => tx.exec(count, [])))[0]!.count;
  const unavailable = (error: unknown) =>
    error instanceof AppError && error.code === 'unavailable' && error.retryable;

  test('a transaction that ends well is there, one that throws is not', async () => {
    await at.sql(`
    create table sotto_test.note (workspace_id uuid not null, word text primary key);
    alter table sotto_test.note enable row level security;
    alter table sotto_test.note force row level security;
    create policy tenant_reads on sotto_test.note for select to sotto_tenant using (workspace_id = platform.tenant());
    create policy batch_all on sotto_test.note for all to sotto_batch using (true) with check (true);
    grant select on sotto_test.note to sotto_tenant;
    grant select, insert, delete on sotto_test.note to sotto_batch;`);
    await at.db.batch((tx) => tx.exec(write, [newId(), 'kept']));
    await assert.rejects(
      at.db.batch(async (tx) => {
        await tx.exec(write, [newId(), 'lost']);
        throw new Error('no');
      }),
      /^Error: no$/,
    );
    assert.equal(await notes(), 1);
  });

  test('statements sent together share a transaction, and one that fails takes the others with it', async () => {
    await assert.rejects(
      at.db.batch((tx) =>
        Promise.all([
          tx.exec(write, [newId(), 'first']),
          tx.exec(fail, [0]),
          tx.exec(write, [newId(), 'third']),
        ]),
      ),
      /division by zero/,
    );
    assert.equal(await notes(), 1);
  });

  test('a commit after a failure that was swallowed is no commit, and says so', async () => {
    const tx = await at.db.begin();
    await tx.exec(write, [newId(), 'half']);
    await assert.rejects(tx.exec(fail, [0]));
    await assert.rejects(tx.commit(), /rolled back by the server/);
    assert.equal(await notes(), 1);
  });

  test('a transaction ends once', async () => {
    const tx = await at.db.begin();
    await tx.commit();
    await assert.rejects(tx.commit(), /already ended/);
    await tx.rollback();
  });

  test('last writes and COMMIT share a round trip, and one that fails takes the others with it', async () => {
    const before = await notes();
    const value = await at.db.batchEnding(async (tx) => ({
      value: 'value',
      writes: [tx.exec(write, [newId(), 'last']), tx.exec(write, [newId(), 'very last'])],
    }));
    assert.equal(value, 'value');
    assert.equal(await notes(), before + 2);
    await assert.rejects(
      at.db.batchEnding(async (tx) => ({
        value: 'value',
        writes: [tx.exec(write, [newId(), 'never']), tx.exec(fail, [0])],
      })),
      /division by zero/,
    );
    await assert.rejects(
      at.db.batchEnding(async (tx) => {
        await tx.exec(write, [newId(), 'never']);
        throw new Error('no');
      }),
      /^Error: no$/,
    );
    assert.equal(await notes(), before + 2);
  });

  test('a statement after the end is refused: its connection may be somebody else’s by then', async () => {
    const tx = await at.db.begin();
    await tx.commit();
    await assert.rejects(tx.exec(count, []), /already ended/);
    await assert.rejects(
      tx.run({ compile: () => ({ sql: 'select 1', parameters: [] }) } as never),
      /already ended/,
    );
  });

  test('a workspace sees its own rows and no other’s, and writes nothing', async () => {
    const [ours, theirs] = [newId(), newId()];
    await at.db.batch((tx) =>
      Promise.all([tx.exec(write, [ours, 'ours']), tx.exec(write, [theirs, 'theirs'])]),
    );
    const seen = (workspace: string) => at.db.tenant(workspace, (tx) => tx.exec(read, []));
    assert.deepEqual(await seen(ours), [{ word: 'ours' }]);
    assert.deepEqual(await seen(theirs), [{ word: 'theirs' }]);
    assert.deepEqual(await seen(newId()), []);
    await assert.rejects(
      at.db.tenant(ours, (tx) => tx.exec(write, [ours, 'more'])),
      /permission denied|read-only/,
    );
  });

  test('whose rows are seen does not outlast the transaction, however connections are shared', async () => {
    const workspaces = Array.from({ length: 60 }, newId);
    await at.db.batch((tx) => Promise.all(workspaces.map((id) => tx.exec(write, [id, `of ${id}`]))));
    const seen = await Promise.all(workspaces.map((id) => at.db.tenant(id, (tx) => tx.exec(read, []))));
    assert.deepEqual(
      seen,
      workspaces.map((id) => [{ word: `of ${id}` }]),
    );
  });

  test('neither role may change the schema, read the migrations or become the owner (checklist 55)', async () => {
    for (const text of [
      'create table platform.mine ()',
      'alter table platform.job add column mine text',
      'select name from sotto_migrations.applied',
      'drop table platform.outbox',
      'create schema mine',
    ]) {
      const made = { name: `test.forbidden_${text.length}`, purpose: 'operations', text };
      await assert.rejects(
        at.db.batch((tx) => tx.exec(made, [])),
        /permission denied|must be owner/,
        text,
      );
      await assert.rejects(
        at.db.tenant(newId(), (tx) => tx.exec(made, [])),
        /permission denied|must be owner|read-only/,
        text,
      );
    }
  });

  test('a session that the server ends in the middle is unavailable, and the next one works', async () => {
    const before = await notes();
    const cut = async (tx: Tx) => {
      await tx.exec(write, [newId(), 'cut']);
      const [session] = await tx.exec(ownPid, []);
      await at.sql('select pg_terminate_backend($1, 5000)', [session!.pid]);
      await tx.exec(write, [newId(), 'more']);
    };
    for (let round = 0; round < 5; round++) await assert.rejects(at.db.batch(cut), unavailable);
    assert.equal(await notes(), before);
  });

  test('idle connections that the server ended are replaced without anybody noticing', async () => {
    await Promise.all(Array.from({ length: 3 }, notes));
    await at.sql(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
    // The process hears of it in its next turns; until then a use may still meet a dead connection.
    for (let round = 0; round < 3; round++)
      await notes().catch((error) => assert.ok(unavailable(error), String(error)));
    assert.ok((await notes()) > 0);
  });

  test('a database that cannot be reached is unavailable, not an unknown failure', async () => {
    const away = new Database({ url: 'postgresql://nobody:nothing@/none?host=/nonexistent' });
    await assert.rejects(
      away.batch(async () => undefined),
      unavailable,
    );
    await away.end();
  });

  test('64-bit integers, timestamps, arrays and JSON arrive as the values they are', async () => {
    const all = statement<Record<string, unknown>>(
      'test.values',
      'operations',
      `select 9007199254740993::bigint as big, '{1,2}'::bigint[] as bigs, '{}'::integer[] as none,
            '{3,4}'::integer[] as small, timestamptz '2026-02-03T04:05:06.789Z' as at, '{"a":[1]}'::jsonb as json,
            '\\x00ff'::bytea as bytes, null::bigint as nothing`,
    );
    const [row] = await at.db.batch((tx) => tx.exec(all, []));
    assert.deepEqual(row, {
      big: 9007199254740993n,
      bigs: [1n, 2n],
      none: [],
      small: [3, 4],
      at: new Date('2026-02-03T04:05:06.789Z'),
      json: { a: [1] },
      bytes: Buffer.from([0, 255]),
      nothing: null,
    });
  });

  test('a statement is declared once', () => {
    assert.throws(() => statement('test.count_notes', 'operations', 'select 1'), /declared twice/);
  });
});
