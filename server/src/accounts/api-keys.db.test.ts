import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { newId } from '#platform/ids';
import { type Keyring, openKeyring } from '#privacy';
import { openMemoryKeyStore } from '#privacy/memory-key-store';
import { useDatabase } from '../../test/harness.ts';
import {
  type ApiKey,
  closeWorkspace,
  createKey,
  createWorkspace,
  findWorkspaces,
  listAdminKeys,
  listKeys,
  listWorkspaces,
  type NewKey,
  revokeKey,
} from './accounts.ts';

describe('workspaces and API keys', () => {
  const database = useDatabase();
  let keyring: Keyring;
  before(async () => {
    keyring = await openKeyring(openMemoryKeyStore());
  });

  const workspace = async (name = 'Example shop') =>
    (
      await database.db.batch((tx) =>
        createWorkspace(tx, keyring, { kind: 'organisation', name, currency: 'EUR' }),
      )
    ).id;

  const wanted = (workspaceId: string | null, changes: Partial<NewKey> = {}): NewKey => ({
    workspaceId,
    kind: 'live',
    name: 'shop window',
    scopes: ['messages:send', 'messages:read', 'keys:write'],
    networks: [],
    expiresAt: null,
    ...changes,
  });

  async function issue(workspaceId: string | null, changes: Partial<NewKey> = {}) {
    const created = await database.db.batch((tx) =>
      createKey(tx, keyring, 'operator', wanted(workspaceId, changes)),
    );
    assert.equal(created.outcome, 'created');
    return created as typeof created & { outcome: 'created'; key: ApiKey; token: string };
  }

  const issueBy = (keyId: string, workspaceId: string, changes: Partial<NewKey> = {}) =>
    database.db.batch((tx) =>
      createKey(tx, keyring, { keyId }, wanted(workspaceId, { scopes: ['messages:read'], ...changes })),
    );

  test('a new workspace has a name that only its key opens, and an empty wallet in its currency', async () => {
    const id = await workspace('Example bakery');
    const [found] = await database.db.batch((tx) => findWorkspaces(tx, keyring, [id, newId()]));
    assert.equal(found?.name, 'Example bakery');
    assert.equal(found?.closedAt, null);
    const wallets = await database.sql(
      'select currency, available, held, bonus from ledger.wallet where workspace_id = $1',
      [id],
    );
    assert.deepEqual(wallets, [{ currency: 'EUR', available: '0', held: '0', bonus: '0' }]);
    await keyring.destroy([keyring.keyId({ class: 'identity', subjectId: id })]);
    const [erased] = await database.db.batch((tx) => findWorkspaces(tx, keyring, [id]));
    assert.equal(erased?.name, null);
  });

  test('workspaces are listed newest first, page by page, each once', async () => {
    for (let made = 0; made < 5; made++) await workspace(`Shop ${made}`);
    const seen: string[] = [];
    for (let before: string | null = null; ; ) {
      const page = await database.db.batch((tx) => listWorkspaces(tx, keyring, { before, limit: 2 }));
      seen.push(...page.map((each) => each.id));
      if (page.length < 2) break;
      before = page.at(-1)!.id;
    }
    const all = await database.sql<{ id: string }>('select id from accounts.workspace order by id desc');
    assert.deepEqual(
      seen,
      all.map((row) => row.id),
    );
  });

  test('a workspace is closed once', async () => {
    const id = await workspace();
    assert.equal(await database.db.batch((tx) => closeWorkspace(tx, id)), true);
    assert.equal(await database.db.batch((tx) => closeWorkspace(tx, id)), false);
    assert.equal(await database.db.batch((tx) => closeWorkspace(tx, newId())), false);
  });

  test('a key is listed with what tells it apart, and never with its secret', async () => {
    const id = await workspace();
    const { key, token } = await issue(id, { networks: ['192.0.2.0/24', '2001:db8::1'] });
    const [listed] = await listKeys(database.db, keyring, id, { before: null, limit: 10 });
    assert.deepEqual(listed, key);
    assert.equal(listed?.name, 'shop window');
    assert.ok(token.startsWith(listed!.prefix) && token.endsWith(listed!.lastFour));
    assert.deepEqual(listed?.networks, ['192.0.2.0/24', '2001:db8::1']);
    assert.doesNotMatch(JSON.stringify(listed), new RegExp(token.slice(15, 30)));
  });

  test('no secret, part of a secret, or name stands in any table in a readable form (checklist 35, 45)', async () => {
    const id = await workspace('Quince and Daughters');
    const { token } = await issue(id, { name: 'quince warehouse' });
    const secrets = [token, token.slice(16, 40), 'Quince', 'quince'];
    const tables = await database.sql<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
        where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    assert.ok(tables.some(({ name }) => name === 'accounts.api_key'));
    for (const { name } of tables) {
      for (const secret of secrets) {
        const [found] = await database.sql<{ rows: string }>(
          `select count(*) as rows from ${name} t
            where position($1 in t::text) > 0 or position($2 in t::text) > 0`,
          [secret, Buffer.from(secret).toString('hex')],
        );
        assert.equal(found?.rows, '0', `${name} holds ${secret.length} characters of a secret`);
      }
    }
  });

  test('another workspace sees neither the workspace nor its keys, whatever it asks for', async () => {
    const [mine, other] = [await workspace(), await workspace()];
    const { key } = await issue(mine);
    assert.deepEqual(await listKeys(database.db, keyring, other, { before: null, limit: 10 }), []);
    const client = await database.db.connection('sotto_tenant');
    try {
      await client.query('begin read only');
      await client.query(`select set_config('platform.tenant', $1, true)`, [other]);
      for (const table of ['accounts.workspace', 'accounts.api_key']) {
        const { rows } = await client.query(`select id from ${table} where id = any($1::uuid[])`, [
          [mine, key.id],
        ]);
        assert.deepEqual(rows, [], table);
      }
      await client.query(`select set_config('platform.tenant', '', true)`);
      assert.deepEqual((await client.query('select id from accounts.workspace')).rows, []);
      await client.query('rollback');
      for (const forbidden of [
        'select secret_hash from accounts.api_key',
        'select id from accounts.admin_token',
        `update accounts.api_key set revoked_at = platform.clock()`,
      ])
        await assert.rejects(client.query(forbidden), /permission denied/, forbidden);
    } finally {
      client.release(true);
    }
  });

  test('a revoked key keeps the time of its first revocation, and no other workspace can revoke it', async () => {
    const [mine, other] = [await workspace(), await workspace()];
    const { key } = await issue(mine);
    for (const stranger of [other, null])
      assert.equal(await database.db.batch((tx) => revokeKey(tx, keyring, stranger, key.id)), null);
    const first = await database.db.batch((tx) => revokeKey(tx, keyring, mine, key.id));
    await database.advance(60_000);
    const second = await database.db.batch((tx) => revokeKey(tx, keyring, mine, key.id));
    assert.ok(first?.revokedAt);
    assert.deepEqual(second, first);
  });

  test('a key creates narrower keys of its own workspace only', async () => {
    const [mine, other] = [await workspace(), await workspace()];
    const { key } = await issue(mine);
    const child = await issueBy(key.id, mine);
    assert.ok(child.outcome === 'created' && child.key.createdBy === key.id && child.key.origin === 'key');
    const refusals = [
      await issueBy(key.id, mine, { scopes: ['wallet:read'] }),
      await issueBy(key.id, mine, { scopes: ['keys:write'] }),
      await issueBy(key.id, other),
      await issueBy(newId(), mine),
      await issueBy(key.id, mine, { kind: 'admin', scopes: ['admin:jobs'] }),
      await issueBy(key.id, mine, { expiresAt: new Date('2020-01-01T00:00:00Z') }),
    ].map((each) => (each.outcome === 'refused' ? each.reason : each.outcome));
    assert.deepEqual(refusals, [
      'scope_too_wide',
      'scope_too_wide',
      'issuer_gone',
      'issuer_gone',
      'kind_too_wide',
      'already_expired',
    ]);
    assert.equal((await listKeys(database.db, keyring, other, { before: null, limit: 10 })).length, 0);
  });

  test('a revoked or expired key creates nothing', async () => {
    const mine = await workspace();
    const revoked = await issue(mine);
    await database.db.batch((tx) => revokeKey(tx, keyring, mine, revoked.key.id));
    const [{ soon } = { soon: new Date() }] = await database.sql<{ soon: Date }>(
      `select platform.clock() + interval '1 minute' as soon`,
    );
    const expiring = await issue(mine, { expiresAt: soon });
    await database.advance(61_000);
    for (const { key } of [revoked, expiring]) {
      const answer = await issueBy(key.id, mine, { expiresAt: soon });
      assert.ok(answer.outcome === 'refused' && answer.reason === 'issuer_gone');
    }
  });

  /** Until some session of this database waits for a row lock. */
  async function someoneWaits() {
    for (let waiting = 0; waiting === 0; ) {
      const [row] = await database.sql<{ n: number }>(
        `select count(*)::int as n from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`,
      );
      waiting = row!.n;
    }
  }

  test('a key that is being revoked creates nothing: the creation waits and is refused', async () => {
    const mine = await workspace();
    const { key } = await issue(mine);
    const tx = await database.db.begin();
    await revokeKey(tx, keyring, mine, key.id);
    const child = issueBy(key.id, mine);
    await someoneWaits();
    await tx.commit();
    const answer = await child;
    assert.ok(answer.outcome === 'refused' && answer.reason === 'issuer_gone');
  });

  test('a revocation waits for a creation under way, so that whoever revokes sees every child', async () => {
    const mine = await workspace();
    const { key } = await issue(mine);
    const tx = await database.db.begin();
    const child = await createKey(
      tx,
      keyring,
      { keyId: key.id },
      wanted(mine, { scopes: ['messages:read'] }),
    );
    const order: string[] = [];
    const revoked = database.db
      .batch((other) => revokeKey(other, keyring, mine, key.id))
      .then(() => order.push('revoked'));
    await someoneWaits();
    order.push('created');
    await tx.commit();
    await revoked;
    assert.deepEqual(order, ['created', 'revoked']);
    const listed = await listKeys(database.db, keyring, mine, { before: null, limit: 10 });
    assert.ok(child.outcome === 'created' && listed.some((each) => each.id === child.key.id));
  });

  test('administrators have keys of their own, listed apart', async () => {
    const mine = await workspace();
    await issue(mine);
    const { key } = await issue(null, { kind: 'admin', scopes: ['admin:jobs'], name: 'on call' });
    const admins = await database.db.batch((tx) => listAdminKeys(tx, keyring, { before: null, limit: 10 }));
    assert.deepEqual(
      admins.map((each) => [each.id, each.workspaceId, each.name]),
      [[key.id, null, 'on call']],
    );
    const mixed = await database.db.batch((tx) =>
      createKey(tx, keyring, 'operator', wanted(mine, { scopes: ['admin:jobs'] })),
    );
    assert.ok(mixed.outcome === 'refused' && mixed.reason === 'scope_not_of_kind');
    await assert.rejects(
      database.sql(`update accounts.api_key set workspace_id = $1 where id = $2`, [mine, key.id]),
      /violates check constraint/,
    );
  });
});
