import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeId } from '@sotto/contract';
import { closeAccount } from '@sotto/contract/account/account';
import { listConsents } from '@sotto/contract/consents';
import { createKey, listKeys, revokeKey, rotateKey } from '@sotto/contract/keys';
import { getWallet } from '@sotto/contract/wallet';
import { createThrottle, LIMITS } from '#abuse';
import { log } from '#platform/log';
import { useApi } from '../../test/api.ts';
import { callOperation } from '../../test/route-contract.ts';

describe('API keys over HTTP', () => {
  const app = useApi();
  const create = (body: object, headers: Record<string, string> = {}, token = app.shop.token) =>
    callOperation(app.server, createKey, {
      token,
      headers,
      body: { name: 'shop window', scopes: ['wallet:read'], ...body },
    });
  const rotate = (id: string, body: object, token = app.shop.token) =>
    callOperation(app.server, rotateKey, { token, id, body });
  const keys = async (query: Record<string, string> = {}, token = app.shop.token) =>
    (await callOperation(app.server, listKeys, { token, query })).body;

  test('a new key works at once, within its scopes, and its secret is shown only then', async () => {
    const { status, body } = await create({});
    assert.equal(status, 201);
    assert.match(body.key, /^sotto_live_/);
    const used = await callOperation(app.server, getWallet, { token: body.key });
    assert.equal(used.status, 200);
    const beyond = await callOperation(app.server, listKeys, { token: body.key });
    assert.equal(beyond.body.code, 'scope_missing');
    const listed = (await keys()).data.find(({ id }: { id: string }) => id === body.id);
    assert.equal(listed.name, 'shop window');
    assert.ok(body.key.startsWith(listed.prefix) && body.key.endsWith(listed.last_four));
    assert.ok(!JSON.stringify(await keys()).includes(body.key));
  });

  test('a repeated request creates one key and never repeats its secret', async () => {
    const repeat = { 'idempotency-key': 'one-key-please' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => create({ name: 'once' }, repeat)));
    answers.push(await create({ name: 'once' }, repeat));
    assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1);
    assert.equal(answers.filter(({ body }) => body.key !== null).length, 1);
    assert.equal((await keys()).data.filter(({ name }: { name: string }) => name === 'once').length, 1);
    const other = await create({ name: 'another' }, repeat);
    assert.deepEqual([other.status, other.body.code], [422, 'idempotency_mismatch']);
    const [secret] = answers.filter(({ body }) => body.key !== null);
    const rows = await app.database.sql<{ row: string }>(
      `select encode(answer, 'escape') as row from platform.idempotency`,
    );
    assert.ok(rows.length > 0);
    assert.ok(rows.every(({ row }) => !row.includes(secret!.body.key)));
  });

  test('a key hands on no more than it has', async () => {
    const narrow = (await create({ scopes: ['wallet:read', 'keys:read'] })).body.key;
    const byNarrow = await callOperation(app.server, createKey, {
      token: narrow,
      body: { name: 'wide', scopes: ['messages:send'] },
    });
    assert.equal(byNarrow.body.code, 'scope_missing');
    for (const [body, field] of [
      [{ scopes: ['admin:workspaces'] }, 'scopes'],
      [{ scopes: ['metrics:read'] }, 'scopes'],
    ] as const) {
      const refused = await create(body);
      assert.deepEqual([refused.status, refused.body.code, refused.body.field], [403, 'forbidden', field]);
    }
    const tester = await app.issue(app.shop.id, ['keys:write', 'wallet:read'], 'test');
    const live = await create({}, {}, tester);
    assert.deepEqual([live.body.code, live.body.field], ['forbidden', 'kind']);
    assert.equal((await create({ kind: 'test' }, {}, tester)).status, 201);
  });

  test('a key that would be over before it began is refused with the field', async () => {
    const refused = await create({ expires_at: '2020-01-01T00:00:00Z' });
    assert.deepEqual(
      [refused.status, refused.body.code, refused.body.field],
      [400, 'invalid_request', 'expires_at'],
    );
  });

  test('a key asked for with keys:write, or a scope that is none, is refused', async () => {
    for (const scopes of [['keys:write'], ['nothing:at_all'], []]) {
      const refused = await create({ scopes });
      assert.deepEqual([refused.status, refused.body.code], [400, 'invalid_request'], scopes.join());
    }
  });

  test('a revoked key stops working at once, and revoking again changes nothing', async () => {
    const { id, key } = (await create({})).body;
    assert.equal((await callOperation(app.server, getWallet, { token: key })).status, 200);
    const first = await callOperation(app.server, revokeKey, { token: app.shop.token, id });
    assert.equal(first.status, 200);
    assert.notEqual(first.body.revoked_at, null);
    const used = await callOperation(app.server, getWallet, { token: key });
    assert.deepEqual([used.status, used.body.code], [401, 'key_revoked']);
    const again = await callOperation(app.server, revokeKey, { token: app.shop.token, id });
    assert.deepEqual(again.body, first.body);
  });

  test("another workspace's key can be neither seen nor revoked", async () => {
    const { id, key } = (await create({})).body;
    const foreign = await callOperation(app.server, revokeKey, { token: app.stranger.token, id });
    assert.deepEqual([foreign.status, foreign.body.code], [404, 'not_found']);
    assert.equal((await callOperation(app.server, getWallet, { token: key })).status, 200);
    const seen = await keys({ limit: '200' }, app.stranger.token);
    assert.ok(seen.data.every((each: { id: string }) => each.id !== id));
  });

  test('a workspace that makes keys by the dozen is told to wait, and nothing is made', async () => {
    const throttle = createThrottle({ db: app.database.db, keyring: app.keyring, log });
    const { burst: cost } = LIMITS['create_key.workspace'];
    const taken = await throttle.take([{ limit: 'create_key.workspace', subject: app.stranger.id, cost }]);
    assert.ok(taken.allowed);
    const before = (await keys({ limit: '200' }, app.stranger.token)).data.length;
    const { status, body, headers } = await create({}, {}, app.stranger.token);
    assert.deepEqual([status, body.code], [429, 'rate_limited']);
    assert.ok(Number(headers['retry-after']) >= 1);
    assert.equal((await keys({ limit: '200' }, app.stranger.token)).data.length, before);
    assert.equal((await create({})).status, 201, 'others are not held up');
  });

  test('a rotated key has the rights of the old one, which works until the overlap is over (checklist 35)', async () => {
    const made = (await create({ scopes: ['wallet:read', 'messages:read'], requests_per_second: 50 })).body;
    const turned = await rotate(made.id, { overlap_seconds: 60 });
    assert.equal(turned.status, 201, turned.text);
    const { name, kind, scopes, networks, expires_at, requests_per_second } = turned.body;
    assert.deepEqual(
      { name, kind, scopes, networks, expires_at, requests_per_second },
      {
        name: made.name,
        kind: made.kind,
        scopes: made.scopes,
        networks: [],
        expires_at: null,
        requests_per_second: 50,
      },
    );
    assert.notEqual(turned.body.key, made.key);
    const use = async (key: string) => (await callOperation(app.server, getWallet, { token: key })).body.code;
    assert.deepEqual([await use(made.key), await use(turned.body.key)], [undefined, undefined]);
    await app.database.advance(60_000);
    app.authenticator.forget(decodeId('key', made.id)!);
    assert.deepEqual([await use(made.key), await use(turned.body.key)], ['key_expired', undefined]);
    const gone = await rotate(made.id, {});
    assert.deepEqual([gone.status, gone.body.code], [404, 'not_found'], 'what has ended is not replaced');
    const audit = await app.database.sql(
      `select 1 from privacy.audit_entry where action = 'api_key.rotated'`,
    );
    assert.equal(audit.length, 1);
  });

  test('rotation prolongs nothing: a key that would end before the overlap does, and so does the new one', async () => {
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const made = (await create({ expires_at: soon })).body;
    const turned = (await rotate(made.id, { overlap_seconds: 86_400 })).body;
    const listed = (await keys({ limit: '200' })).data.find(({ id }: { id: string }) => id === made.id);
    assert.deepEqual([listed.expires_at, turned.expires_at], [made.expires_at, made.expires_at]);
  });

  test('nobody gets by rotation what they could not create, themselves included (checklist 35)', async () => {
    const listed = (await keys({ limit: '200' })).data;
    const powerful = listed.find(({ scopes }: { scopes: string[] }) => scopes.includes('keys:write'));
    const itself = await rotate(powerful.id, {});
    assert.deepEqual([itself.status, itself.body.code], [403, 'forbidden']);
    const after = (await keys({ limit: '200' })).data.find(({ id }: { id: string }) => id === powerful.id);
    assert.equal(after.expires_at, powerful.expires_at, 'what was refused changed nothing');
    const { id, key } = (await create({})).body;
    assert.equal((await rotate(id, {}, key)).body.code, 'scope_missing');
    assert.equal((await rotate(id, {}, app.stranger.token)).body.code, 'not_found');
    for (const overlap_seconds of [-1, 2_592_001, 1.5])
      assert.equal((await rotate(id, { overlap_seconds })).body.field, 'overlap_seconds');
  });

  test('a key with a limit of its own is held to it, and others are not', async () => {
    const slow = (await create({ requests_per_second: 1 })).body.key;
    const use = (token: string) => callOperation(app.server, getWallet, { token });
    const answers = await Promise.all(Array.from({ length: 8 }, () => use(slow)));
    assert.ok(answers.some(({ status }) => status === 200) && answers.some(({ status }) => status === 429));
    assert.ok(answers.every(({ headers }) => Number(headers['ratelimit-limit']) === 2));
    assert.equal((await use(app.shop.token)).status, 200);
    assert.equal((await create({ requests_per_second: 0 })).body.field, 'requests_per_second');
  });

  test('a key somebody made does what they may do today, and ends when they leave (checklist 35)', async () => {
    const maker = await app.person({ memberOf: { workspaceId: app.shop.id, role: 'admin' } });
    const made = async () =>
      (
        await callOperation(app.server, createKey, {
          token: maker.token,
          headers: { 'sotto-workspace': app.shop.publicId },
          body: { name: 'mine', scopes: ['consents:read', 'wallet:read'] },
        })
      ).body;
    const first = await made();
    const read = async (token: string) => {
      app.authenticator.forget(maker.id);
      return (await callOperation(app.server, listConsents, { token })).body.code;
    };
    assert.equal(await read(first.key), undefined);
    const member = [app.shop.id, maker.id];
    const role = (to: string) =>
      app.database.sql(
        'update accounts.membership set role = $3 where workspace_id = $1 and person_id = $2',
        [...member, to],
      );
    await role('developer');
    assert.equal(await read(first.key), 'scope_missing', 'the role has lost the scope');
    await role('admin');
    assert.equal(await read(first.key), undefined);
    await app.database.sql(
      'delete from accounts.membership where workspace_id = $1 and person_id = $2',
      member,
    );
    assert.equal(await read(first.key), 'key_revoked');
    // Who comes back finds it as it was, unless it was ended for good, as the end of an account does.
    await app.database.sql(`insert into accounts.membership values ($1, $2, 'admin')`, member);
    assert.equal(await read(first.key), undefined);
    assert.equal((await callOperation(app.server, closeAccount, { token: maker.token })).status, 204);
    assert.equal(await read(first.key), 'key_revoked');
    const listed = (await keys({ limit: '200' })).data.find(({ id }: { id: string }) => id === first.id);
    assert.notEqual(listed.revoked_at, null);
  });

  test('pages give every key once, newest first', async () => {
    const all: string[] = (await keys({ limit: '200' })).data.map(({ id }: { id: string }) => id);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await keys({ limit: '3', ...(cursor === null ? {} : { cursor }) });
      seen.push(...page.data.map(({ id }: { id: string }) => id));
      cursor = page.next_cursor;
    } while (cursor !== null);
    assert.deepEqual(seen, all);
    assert.deepEqual(all, [...all].sort().reverse());
  });
});
