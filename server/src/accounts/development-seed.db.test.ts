import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { decodeId } from '@sotto/contract/ids';
import { type Keyring, openKeyring } from '#privacy';
import { openMemoryKeyStore } from '#privacy/memory-key-store';
import { useDatabase } from '../../test/harness.ts';
import {
  createAuthenticator,
  createPasswordHasher,
  DEV_CREDENTIALS_FILE,
  seedDevelopment,
} from './accounts.ts';
import { EMAIL_INDEX } from './people/people.ts';
import { recognise } from './sign-in/passwords.ts';

const hasher = createPasswordHasher({ cost: { memoryKib: 8, passes: 1, lanes: 1 } });
const person = {
  hasher,
  terms: { policyHash: `sha256:${'0'.repeat(64)}`, acceptance: 'explicit', currency: 'EUR' },
} as const;

/** Keys are asked for no workspace: theirs is the only one. */
const ASKED = { scope: 'messages:read', workspaceId: null } as const;

describe('the development seed', () => {
  const database = useDatabase();
  let keyring: Keyring;
  let dataDir: string;
  before(async () => {
    keyring = await openKeyring(openMemoryKeyStore());
    dataDir = mkdtempSync(join(tmpdir(), 'sotto-seed-'));
  });
  after(() => rmSync(dataDir, { recursive: true, force: true }));
  const file = () => join(dataDir, DEV_CREDENTIALS_FILE);
  const seed = (baseUrl = 'http://127.0.0.1:3000') =>
    seedDevelopment(database.db, keyring, { dataDir, baseUrl, named: true, person });
  const accepted = async (token: string) =>
    (await createAuthenticator(database.db, keyring).authenticate(token, '127.0.0.1', ASKED)).outcome ===
    'accepted';
  const signsIn = async (email: string, password: string) =>
    (await recognise(
      { db: database.db, keyring, hasher, rules: { judge: async () => null } },
      keyring.globalIndexCandidates(EMAIL_INDEX, email),
      password,
    )) !== null;
  beforeEach(() => rmSync(file(), { force: true }));

  test('a first start leaves working keys in a file that only its owner reads', async () => {
    const credentials = await seed();
    assert.deepEqual(JSON.parse(readFileSync(file(), 'utf8')), credentials);
    assert.equal(statSync(file()).mode & 0o777, 0o600);
    assert.deepEqual(Object.keys(credentials), [
      'base_url',
      'api_key',
      'admin_api_key',
      'workspace_id',
      'email',
      'password',
    ]);
    assert.match(credentials.api_key, /^sotto_live_/);
    assert.match(credentials.admin_api_key, /^sotto_admin_/);
    assert.notEqual(decodeId('wrk', credentials.workspace_id), null);
    assert.ok((await accepted(credentials.api_key)) && (await accepted(credentials.admin_api_key)));
  });

  test('starting again keeps the keys and follows the address', async () => {
    const first = await seed();
    assert.deepEqual(await seed('http://127.0.0.1:4000'), { ...first, base_url: 'http://127.0.0.1:4000' });
  });

  test('the credit of EUR 100 is booked once, however often and from however many processes it starts', async () => {
    await Promise.all(Array.from({ length: 5 }, () => seed()));
    await seed();
    const wallets = await database.sql('select available, currency from ledger.wallet where available <> 0');
    assert.deepEqual(wallets, [{ available: '100000000', currency: 'EUR' }]);
  });

  test('a file that is damaged, foreign or open to guessing gets new keys, and the old ones die', async () => {
    for (const damage of [
      '',
      '{',
      'null',
      '{"api_key": 7}',
      JSON.stringify({ base_url: 'x', api_key: 'x', admin_api_key: 'x', workspace_id: 'x' }),
    ]) {
      const before = await seed();
      writeFileSync(file(), damage, { mode: 0o644 });
      const after = await seed();
      assert.notEqual(after.api_key, before.api_key);
      assert.equal(await accepted(before.api_key), false);
      assert.equal(await accepted(before.admin_api_key), false);
      assert.ok(await accepted(after.api_key));
      assert.equal(statSync(file()).mode & 0o777, 0o600);
    }
  });

  test('a key revoked by hand is replaced at the next start', async () => {
    const before = await seed();
    await database.sql(
      `update accounts.api_key set revoked_at = platform.clock() where kind = 'admin' and revoked_at is null`,
    );
    const after = await seed();
    assert.notEqual(after.admin_api_key, before.admin_api_key);
    assert.ok(await accepted(after.admin_api_key));
  });

  test('the demo person owns the demo workspace, and the password of the file is theirs', async () => {
    const { email, password } = await seed();
    assert.equal(email, 'demo@example.com');
    assert.match(password!, /^[\w-]{20}$/);
    assert.equal(await signsIn(email!, password!), true);
    const members = await database.sql(
      `select m.role, w.kind from accounts.membership m join accounts.workspace w on w.id = m.workspace_id order by 2`,
    );
    assert.deepEqual(members, [
      { role: 'owner', kind: 'organisation' },
      { role: 'owner', kind: 'personal' },
    ]);
  });

  test('a file without a sign-in, or with one that does not open, is completed and keeps its keys', async () => {
    const whole = await seed();
    const { email: _email, password: _password, ...old } = whole;
    for (const given of [old, { ...whole, password: 'guessed' }, { ...whole, email: 'other@example.com' }]) {
      writeFileSync(file(), JSON.stringify(given));
      const after = await seed();
      assert.deepEqual([after.api_key, after.admin_api_key], [whole.api_key, whole.admin_api_key]);
      assert.notEqual(after.password, whole.password);
      assert.equal(await signsIn(after.email!, after.password!), true);
      assert.equal(await signsIn(whole.email!, whole.password!), false);
    }
  });

  test('somebody who closed the demo account finds another one at the next start', async () => {
    const before = await seed();
    await database.sql('update accounts.person set closed_at = platform.clock()');
    const after = await seed();
    assert.notEqual(after.password, before.password);
    assert.equal(await signsIn(after.email!, after.password!), true);
  });

  test('where the policy has no e-mail accounts there is no sign-in', async () => {
    const credentials = await seedDevelopment(database.db, keyring, {
      dataDir,
      baseUrl: 'http://127.0.0.1:3000',
      named: false,
      person: null,
    });
    assert.deepEqual(Object.keys(JSON.parse(readFileSync(file(), 'utf8'))), Object.keys(credentials));
    assert.equal('email' in credentials || 'password' in credentials, false);
  });

  test('parallel first starts agree on one pair of keys and one password', async () => {
    const all = await Promise.all(Array.from({ length: 4 }, () => seed()));
    assert.equal(new Set(all.map((each) => each.api_key)).size, 1);
    assert.equal(new Set(all.map((each) => each.password)).size, 1);
    const living = await database.sql(
      `select kind from accounts.api_key where origin = 'seed' and revoked_at is null order by kind`,
    );
    assert.deepEqual(living, [{ kind: 'admin' }, { kind: 'live' }]);
  });
});
