import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { workspaceScopes } from '@sotto/contract/scopes';
import { AppError } from '#platform/errors';
import { type Keyring, openKeyring } from '#privacy';
import { openMemoryKeyStore } from '#privacy/memory-key-store';
import { useDatabase } from '../../test/harness.ts';
import {
  closeWorkspace,
  createAuthenticator,
  createKey,
  createWorkspace,
  type NewKey,
  revokeKey,
} from './accounts.ts';
import { makeToken } from './token.ts';

/** Keys are asked for no workspace: theirs is the only one. */
const ASKED = { scope: 'messages:read', workspaceId: null } as const;

const ADDRESS = '192.0.2.10';
const UNAUTHORIZED = { outcome: 'refused', code: 'unauthorized', keyId: null };

describe('authentication', () => {
  const database = useDatabase();
  let keyring: Keyring;
  before(async () => {
    keyring = await openKeyring(openMemoryKeyStore());
  });

  async function issue(changes: Partial<NewKey> = {}) {
    return database.db.batch(async (tx) => {
      const { id } = await createWorkspace(tx, keyring, {
        kind: 'organisation',
        name: 'Example shop',
        currency: 'EUR',
      });
      const created = await createKey(tx, keyring, 'operator', {
        workspaceId: changes.kind === 'admin' ? null : id,
        kind: 'live',
        name: 'shop',
        scopes: ['messages:send'],
        networks: [],
        expiresAt: null,
        ...changes,
      });
      assert.ok(created.outcome === 'created');
      return { token: created.token, keyId: created.key.id, workspaceId: id };
    });
  }

  /** An authenticator as another process has it, whose cache a test moves by hand, and a count of its look-ups. */
  function another(options: { entriesMax?: number } = {}) {
    const clock = { ms: 0 };
    let lookUps = 0;
    const counting = Object.create(database.db, {
      batch: {
        value: (work: Parameters<typeof database.db.batch>[0]) => {
          lookUps += 1;
          return database.db.batch(work);
        },
      },
    });
    const authenticator = createAuthenticator(counting, keyring, { nowMs: () => clock.ms, ...options });
    return { authenticator, clock, lookUps: () => lookUps };
  }

  const codeOf = async (promise: ReturnType<ReturnType<typeof another>['authenticator']['authenticate']>) => {
    const answer = await promise;
    return answer.outcome === 'accepted' ? 'accepted' : answer.code;
  };

  test('a live key speaks for its workspace with its scopes and currency', async () => {
    const { token, keyId, workspaceId } = await issue({ scopes: ['messages:send', 'wallet:read'] });
    assert.deepEqual(await another().authenticator.authenticate(token, ADDRESS, ASKED), {
      outcome: 'accepted',
      principal: {
        kind: 'workspace',
        keyId,
        personId: null,
        requestsPerSecond: null,
        workspaceId,
        scopes: new Set(['messages:send', 'wallet:read']),
        test: false,
        currency: 'EUR',
      },
    });
  });

  test('a test key says that it is one, and an administrator belongs to no workspace', async () => {
    const testing = await issue({ kind: 'test' });
    const admin = await issue({ kind: 'admin', scopes: ['admin:jobs'] });
    const { authenticator } = another();
    const asTest = await authenticator.authenticate(testing.token, ADDRESS, ASKED);
    assert.ok(asTest.outcome === 'accepted' && asTest.principal.test);
    assert.deepEqual(await authenticator.authenticate(admin.token, ADDRESS, ASKED), {
      outcome: 'accepted',
      principal: {
        kind: 'admin',
        keyId: admin.keyId,
        personId: null,
        requestsPerSecond: null,
        workspaceId: null,
        scopes: new Set(['admin:jobs']),
        test: false,
        currency: null,
      },
    });
  });

  test('malformed, mistyped, unknown and one-time tokens get one and the same answer', async () => {
    const { token } = await issue();
    const { authenticator, lookUps } = another();
    const mistyped = token.slice(0, -1) + (token.endsWith('a') ? 'b' : 'a');
    for (const text of ['', 'Bearer', token.slice(0, 30), mistyped, makeToken('once'), 'x'.repeat(100_000)])
      assert.deepEqual(await authenticator.authenticate(text, ADDRESS, ASKED), UNAUTHORIZED);
    assert.equal(lookUps(), 0, 'a token that cannot be one costs no look-up');
    assert.deepEqual(await authenticator.authenticate(makeToken('live'), ADDRESS, ASKED), UNAUTHORIZED);
    assert.equal(lookUps(), 1);
  });

  test('a key of another installation is unknown here', async () => {
    const { token } = await issue();
    const stranger = await openKeyring(openMemoryKeyStore());
    const authenticator = createAuthenticator(database.db, stranger);
    assert.deepEqual(await authenticator.authenticate(token, ADDRESS, ASKED), UNAUTHORIZED);
  });

  test('a thousand requests of one key cost one look-up while it is trusted', async () => {
    const { token } = await issue();
    const { authenticator, clock, lookUps } = another();
    const all = await Promise.all(
      Array.from({ length: 1_000 }, () => authenticator.authenticate(token, ADDRESS, ASKED)),
    );
    assert.ok(all.every((each) => each.outcome === 'accepted'));
    // One look-up, and one write of the use.
    assert.ok(lookUps() <= 2, `${lookUps()} transactions`);
    const before = lookUps();
    clock.ms += 2_001;
    assert.equal(await codeOf(authenticator.authenticate(token, ADDRESS, ASKED)), 'accepted');
    assert.equal(lookUps(), before + 1);
  });

  test('a revocation works at once here and within two seconds everywhere', async () => {
    const { token, keyId, workspaceId } = await issue();
    const [here, elsewhere] = [another(), another()];
    for (const { authenticator } of [here, elsewhere])
      assert.equal(await codeOf(authenticator.authenticate(token, ADDRESS, ASKED)), 'accepted');
    await database.db.batch((tx) => revokeKey(tx, keyring, workspaceId, keyId));
    here.authenticator.forget(keyId);
    assert.deepEqual(await here.authenticator.authenticate(token, ADDRESS, ASKED), {
      outcome: 'refused',
      code: 'key_revoked',
      keyId,
    });
    elsewhere.clock.ms += 2_000;
    assert.equal(await codeOf(elsewhere.authenticator.authenticate(token, ADDRESS, ASKED)), 'key_revoked');
  });

  test('what a look-up read before a revocation is not remembered after it', async () => {
    const { token, keyId, workspaceId } = await issue();
    const { authenticator } = another();
    // Written and not yet committed: look-ups still read the old state, and must not keep it.
    const tx = await database.db.begin();
    await revokeKey(tx, keyring, workspaceId, keyId);
    authenticator.forget(keyId);
    assert.equal(await codeOf(authenticator.authenticate(token, ADDRESS, ASKED)), 'accepted');
    await tx.commit();
    assert.equal(await codeOf(authenticator.authenticate(token, ADDRESS, ASKED)), 'key_revoked');
  });

  test('a key stops at the moment it expires, also while it is trusted', async () => {
    const [{ soon } = { soon: new Date() }] = await database.sql<{ soon: Date }>(
      `select platform.clock() + interval '1 second' as soon`,
    );
    const { token } = await issue({ expiresAt: soon });
    const { authenticator, clock } = another();
    assert.equal(await codeOf(authenticator.authenticate(token, ADDRESS, ASKED)), 'accepted');
    await database.advance(1_001);
    clock.ms += 1_001;
    assert.equal(await codeOf(authenticator.authenticate(token, ADDRESS, ASKED)), 'key_expired');
    assert.equal(await codeOf(another().authenticator.authenticate(token, ADDRESS, ASKED)), 'key_expired');
  });

  test('a key bound to networks is refused from elsewhere, by IPv4, IPv6 and mapped addresses (checklist 35)', async () => {
    const { token } = await issue({ networks: ['192.0.2.0/24', '2001:db8::/32'] });
    const { authenticator } = another();
    for (const inside of ['192.0.2.10', '::ffff:192.0.2.10', '2001:db8:7::1'])
      assert.equal(await codeOf(authenticator.authenticate(token, inside, ASKED)), 'accepted', inside);
    for (const outside of ['198.51.100.1', '::ffff:198.51.100.1', '2001:db9::1', '', 'unknown'])
      assert.equal(
        await codeOf(authenticator.authenticate(token, outside, ASKED)),
        'ip_not_allowed',
        outside,
      );
  });

  test('the keys of a closed workspace stop working', async () => {
    const { token, workspaceId } = await issue();
    const { authenticator } = another();
    assert.equal(await codeOf(authenticator.authenticate(token, ADDRESS, ASKED)), 'accepted');
    await database.db.batch((tx) => closeWorkspace(tx, workspaceId));
    authenticator.forget(workspaceId);
    assert.equal(await codeOf(authenticator.authenticate(token, ADDRESS, ASKED)), 'key_revoked');
  });

  test('a flood of invented tokens pushes no real key out of the cache', async () => {
    const { token } = await issue({ scopes: workspaceScopes });
    const { authenticator, lookUps } = another({ entriesMax: 4 });
    await authenticator.authenticate(token, ADDRESS, ASKED);
    await authenticator.recordUses();
    for (let invented = 0; invented < 20; invented++)
      await authenticator.authenticate(makeToken('live'), ADDRESS, ASKED);
    const before = lookUps();
    assert.equal(await codeOf(authenticator.authenticate(token, ADDRESS, ASKED)), 'accepted');
    assert.equal(lookUps(), before);
  });

  test('the last use is written at most once in ten minutes, whatever the number of requests', async () => {
    const { token, keyId } = await issue();
    const { authenticator, clock } = another();
    const lastUse = async () =>
      (
        await database.sql<{ used: Date | null }>(
          'select last_used_at as used from accounts.api_key where id = $1',
          [keyId],
        )
      )[0]!.used;
    const use = async () => {
      clock.ms += 2_001;
      await authenticator.authenticate(token, ADDRESS, ASKED);
      return authenticator.recordUses();
    };
    await authenticator.authenticate(makeToken('live'), ADDRESS, ASKED);
    assert.equal(await lastUse(), null);
    await use();
    const first = await lastUse();
    assert.ok(first);
    await database.advance(9 * 60_000);
    for (let more = 0; more < 5; more++) assert.equal(await use(), 0);
    assert.deepEqual(await lastUse(), first);
    await database.advance(2 * 60_000);
    await use();
    assert.ok((await lastUse())! > first);
  });

  test('a refused request does not count as a use', async () => {
    const { token } = await issue({ networks: ['198.51.100.0/24'] });
    const { authenticator } = another();
    await authenticator.authenticate(token, ADDRESS, ASKED);
    assert.equal(await authenticator.recordUses(), 0);
  });

  test('while the database is away a trusted key works on, another is told to come again', async () => {
    const [trusted, other] = [await issue(), await issue()];
    let away = false;
    const failing = Object.create(database.db, {
      batch: {
        value: (work: Parameters<typeof database.db.batch>[0]) =>
          away ? Promise.reject(new AppError('unavailable', { retryable: true })) : database.db.batch(work),
      },
    });
    const authenticator = createAuthenticator(failing, keyring);
    await authenticator.authenticate(trusted.token, ADDRESS, ASKED);
    away = true;
    assert.equal(await codeOf(authenticator.authenticate(trusted.token, ADDRESS, ASKED)), 'accepted');
    await assert.rejects(
      authenticator.authenticate(other.token, ADDRESS, ASKED),
      (error: AppError) => error.code === 'unavailable' && error.retryable,
    );
    away = false;
    assert.equal(await codeOf(authenticator.authenticate(other.token, ADDRESS, ASKED)), 'accepted');
  });
});
