import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createKey, listKeys, revokeKey } from '@sotto/contract/keys';
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
