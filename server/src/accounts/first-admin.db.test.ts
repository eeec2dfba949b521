import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { platformScopes } from '@sotto/contract/scopes';
import { type Keyring, openKeyring } from '#privacy';
import { openMemoryKeyStore } from '#privacy/memory-key-store';
import { useDatabase } from '../../test/harness.ts';
import { createAdminToken, createAuthenticator, redeemAdminToken } from './accounts.ts';
import { makeToken } from './token.ts';

/** Keys are asked for no workspace: theirs is the only one. */
const ASKED = { scope: 'messages:read', workspaceId: null } as const;

describe('the first administrator', () => {
  const database = useDatabase({ connections: 20 });
  let keyring: Keyring;
  before(async () => {
    keyring = await openKeyring(openMemoryKeyStore());
  });
  const create = () => database.db.batch((tx) => createAdminToken(tx, keyring));
  const redeem = (token: string) => database.db.batch((tx) => redeemAdminToken(tx, keyring, token));
  const admins = async () =>
    (await database.sql<{ n: number }>(`select count(*)::int as n from accounts.api_key`))[0]!.n;

  test('a new installation has no key at all (checklist 20)', async () => {
    assert.equal(await admins(), 0);
  });

  test('a hundred parallel tries with one token make one administrator', async () => {
    const token = await create();
    const answers = await Promise.all(Array.from({ length: 100 }, () => redeem(token)));
    const won = answers.filter((each) => each !== null);
    assert.equal(won.length, 1);
    assert.equal(await admins(), 1);
    const principal = await createAuthenticator(database.db, keyring).authenticate(
      won[0]!.token,
      '192.0.2.1',
      ASKED,
    );
    assert.ok(principal.outcome === 'accepted' && principal.principal.kind === 'admin');
    assert.deepEqual([...principal.principal.scopes], [...platformScopes]);
    assert.equal(await redeem(token), null);
  });

  test('a token opens nothing after a quarter of an hour', async () => {
    const before = await admins();
    const token = await create();
    await database.advance(15 * 60_000);
    assert.equal(await redeem(token), null);
    assert.equal(await admins(), before);
  });

  test('only the newest token opens', async () => {
    const [older, newer] = [await create(), await create()];
    assert.equal(await redeem(older), null);
    assert.notEqual(await redeem(newer), null);
  });

  test('unknown, malformed and ordinary tokens open nothing', async () => {
    await create();
    for (const token of ['', 'sotto_once_', makeToken('once'), makeToken('admin')])
      assert.equal(await redeem(token), null);
  });

  test('a one-time token stands nowhere in the database', async () => {
    const token = await create();
    const rows = await database.sql<{ row: string }>('select t::text as row from accounts.admin_token t');
    for (const { row } of rows) {
      assert.ok(!row.includes(token.slice(12)));
      assert.ok(!row.includes(Buffer.from(token).toString('hex')));
    }
  });
});
