// What an operator does on the machine, before anybody can sign in over HTTP: over a real database and key store.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { encodeId } from '@sotto/contract';
import { z } from 'zod';
import { createAuthenticator } from '#accounts';
import { declareJob, enqueue } from '#platform/jobs';
import { openDirectoryKeyStore, openKeyring } from '#privacy';
import { useCommandLine } from '../../../test/command-line.ts';

/** Keys are asked for no workspace: theirs is the only one. */
const ASKED = { scope: 'messages:read', workspaceId: null } as const;

describe('main: operator', () => {
  const cli = useCommandLine();

  interface Made {
    readonly id: string;
    readonly key: string;
  }

  /** Whether a key opens the API now, asked as the server asks. */
  async function opens(key: string): Promise<string> {
    const store = await openDirectoryKeyStore({
      directory: join(cli.folder, 'keys'),
      masterKeyFile: join(cli.folder, 'master-key'),
      initialise: false,
    });
    const keyring = await openKeyring(store);
    try {
      const result = await createAuthenticator(cli.database.db, keyring).authenticate(
        key,
        '127.0.0.1',
        ASKED,
      );
      return result.outcome === 'refused' ? result.code : result.principal.kind;
    } finally {
      await keyring.close();
      await store.close();
    }
  }

  test('the first administrator comes by a one-time token that works once, and through a pipe (checklist 20)', async () => {
    const created = await cli.run(['admin', 'create']);
    assert.equal(created.code, 0, created.err);
    assert.match(created.out, /^sotto_once_\w+\n$/, 'only the token is on standard output');
    const redeemed = await cli.run(['admin', 'redeem', '-'], created.out);
    assert.equal(redeemed.code, 0, redeemed.err);
    assert.equal(await opens(redeemed.out.trim()), 'admin');

    const again = await cli.run(['admin', 'redeem', created.out.trim()]);
    assert.equal(again.code, 1);
    assert.equal(again.out, '');
    assert.ok(!again.err.includes(created.out.trim()), 'a refused token is not repeated');
  });

  test('an administrator’s token is too old after fifteen minutes', async () => {
    const { token } = await cli.json<{ token: string }>(['admin', 'create']);
    await cli.database.advance(15 * 60_000 + 1);
    assert.equal((await cli.run(['admin', 'redeem', token])).code, 1);
  });

  test('a workspace gets its first key on the command line, and loses it there', async () => {
    const { id: workspace } = await cli.json<Made>([
      'workspaces',
      'create',
      '--name',
      'Shop',
      '--currency',
      'EUR',
    ]);
    const made = await cli.json<Made & { scopes: string[] }>([
      ...['keys', 'create', '--workspace', workspace, '--scope', 'messages:send', 'messages:read'],
    ]);
    assert.deepEqual(made.scopes, ['messages:send', 'messages:read']);
    assert.notEqual(await opens(made.key), 'unauthorized');

    const listed = await cli.run(['keys', 'list', '--workspace', workspace]);
    assert.ok(listed.out.includes(made.id));
    assert.ok(!listed.out.includes(made.key), 'a secret is shown once');

    assert.equal((await cli.run(['keys', 'revoke', made.id, '--workspace', workspace])).code, 0);
    assert.equal(await opens(made.key), 'key_revoked');
  });

  test('a key of one workspace is not revoked through another', async () => {
    const [mine, other] = await Promise.all(
      ['Mine', 'Other'].map((name) =>
        cli.json<Made>(['workspaces', 'create', '--name', name, '--currency', 'EUR']),
      ),
    );
    const key = await cli.json<Made>(['keys', 'create', '--workspace', mine!.id]);
    assert.equal((await cli.run(['keys', 'revoke', key.id, '--workspace', other!.id])).code, 1);
    assert.notEqual(await opens(key.key), 'key_revoked');
  });

  test('a top-up with --once is booked once, and another amount under its key is refused', async () => {
    const { id } = await cli.json<Made>(['workspaces', 'create', '--name', 'Payer', '--currency', 'EUR']);
    const credit = ['workspaces', 'credit', id];
    const first = await cli.json<{ booked: boolean }>([...credit, '25.00', '--once', 'invoice-17']);
    const second = await cli.json<{ booked: boolean; available: { amount: string } }>([
      ...[...credit, '25.00', '--once', 'invoice-17'],
    ]);
    assert.deepEqual([first.booked, second.booked, second.available.amount], [true, false, '25.00']);
    assert.equal((await cli.run([...credit, '26.00', '--once', 'invoice-17'])).code, 1);
    const { data } = await cli.json<{ data: { id: string; available: string }[] }>(['workspaces', 'list']);
    assert.equal(data.find((one) => one.id === id)?.available, '25.00');
  });

  test('keys still open after the epoch and the master key were replaced', async () => {
    const before = await cli.json<{ living: number; epochs: number[] }>(['key-store', 'status']);
    const masterBefore = readFileSync(join(cli.folder, 'master-key'), 'utf8');
    const { id } = await cli.json<Made>(['workspaces', 'create', '--name', 'Sealed', '--currency', 'EUR']);

    const rotated = await cli.json<{ epoch: number; moved: number; destroyed_epochs: number[] }>([
      ...['key-store', 'rotate'],
    ]);
    assert.deepEqual(rotated.destroyed_epochs, before.epochs);
    assert.ok(rotated.moved > before.living);
    assert.equal((await cli.run(['key-store', 'rotate-master'])).code, 0);
    assert.notEqual(readFileSync(join(cli.folder, 'master-key'), 'utf8'), masterBefore);

    const { data } = await cli.json<{ data: { id: string; name: string }[] }>(['workspaces', 'list']);
    assert.equal(data.find((one) => one.id === id)?.name, 'Sealed');
  });

  test('a dead letter is listed without its payload, replayed once, and then no longer dead', async () => {
    const sweep = declareJob({
      name: 'test.sweep',
      schema: z.strictObject({ id: z.string() }),
      attemptsMax: 1,
      backoff: { baseMs: 1, maxMs: 1 },
      leaseMs: 1_000,
    });
    const payload = '0193a3c6-0000-7000-8000-000000000001';
    await cli.database.db.batch((tx) => enqueue(tx, sweep, { id: payload }));
    const [row] = await cli.database.sql<{ id: string }>(
      `update platform.job set dead_at = platform.clock(), attempts = 1, last_error = 'test.failed'
      where name = 'test.sweep' returning id`,
    );
    const id = encodeId('job', row!.id);
    const listed = await cli.run(['jobs', 'dead']);
    assert.ok(listed.out.includes(id) && listed.out.includes('test.sweep'));
    assert.ok(!listed.out.includes(payload));

    assert.deepEqual(await cli.json(['jobs', 'replay', id]), { replayed: [id], left: [] });
    assert.equal((await cli.run(['jobs', 'replay', id])).code, 1);
    assert.deepEqual(await cli.json(['jobs', 'dead']), { data: [] });
  });

  test('a database behind this release is refused with the command that migrates it', async () => {
    const [last] = await cli.database.sql<{ number: number; name: string; digest: string }>(
      `delete from sotto_migrations.applied
      where number = (select max(number) from sotto_migrations.applied) returning number, name, digest`,
    );
    try {
      const { code, out, err } = await cli.run(['workspaces', 'list', '--json']);
      assert.equal(code, 1);
      assert.match(err, /is at migration \d+ of \d+.*npx sotto migrate/s);
      const { error } = JSON.parse(out) as { error: { code: string; ways_out: string[] } };
      assert.equal(error.code, 'refused');
      assert.equal(error.ways_out.length, 2);
    } finally {
      await cli.database.sql(
        'insert into sotto_migrations.applied (number, name, digest) values ($1, $2, $3)',
        [last!.number, last!.name, last!.digest],
      );
    }
  });

  test('the key store of another installation is refused', async () => {
    const [kept] = await cli.database.sql<{ fingerprint: string }>(
      `update sotto_migrations.key_store set fingerprint = 'another' returning fingerprint`,
    );
    assert.equal(kept!.fingerprint, 'another');
    const { code, err } = await cli.run(['workspaces', 'list']);
    assert.equal(code, 1);
    assert.match(err, /not the one this database was written under/);
    await cli.database.sql('delete from sotto_migrations.key_store');
  });
});
