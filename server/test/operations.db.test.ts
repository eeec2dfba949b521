// What holds for every operation of the contract, whoever wrote its route.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { api, encodeId, isOperation, type Operation, operations } from '@sotto/contract';
import { isPersonScope, isPlatformScope } from '@sotto/contract/scopes';
import { newId } from '#platform/ids';
import { useApi } from './api.ts';
import { type Answer, callOperation } from './route-contract.ts';

/** The prefix of the id in an operation's path, read off its parameter's example. */
function prefixOf(operation: Operation): Parameters<typeof encodeId>[0] | null {
  const schema = operation.request.params?.shape.id;
  const example = (schema?.meta?.() as { examples?: string[] } | undefined)?.examples?.[0];
  return (example?.split('_')[0] as Parameters<typeof encodeId>[0]) ?? null;
}

/** Operations without a body or an id that find nothing here: no second factor, no subscription. */
const NOTHING_THERE: Readonly<Record<string, string>> = {
  'account.recoveryCodes.renew': 'conflict',
  'subscription.cancel': 'not_found',
  'subscription.resume': 'not_found',
};

describe('every operation of the contract', () => {
  const app = useApi();
  const call = (operation: Operation, request: Parameters<typeof callOperation>[2] = {}): Promise<Answer> => {
    const prefix = prefixOf(operation);
    return callOperation(app.server, operation, {
      ...(prefix === null ? {} : { id: encodeId(prefix, newId()) }),
      ...(operation.request.body === undefined ? {} : { body: operation.examples?.body ?? {} }),
      ...request,
    });
  };

  /** Of somebody who may call it: anew each time for what a person does to their own account. */
  const tokenFor = async ({ scope }: Operation): Promise<string> => {
    if (scope !== null && isPersonScope(scope)) return (await app.person()).token;
    return scope !== null && isPlatformScope(scope) ? app.admin : app.shop.token;
  };

  test('is mounted exactly once (checklist 2)', () => {
    const mounted = app.routes.map(({ operation }) => operation.id).sort();
    const ofContract = operations.map(({ id }) => id);
    // Pages for people are no part of the API.
    const isPage = (id: string) =>
      id.startsWith('pages.') || ['service.docs_script', 'simulator.mails_page'].includes(id);
    assert.deepEqual(
      mounted.filter((id) => !isPage(id)),
      [...ofContract].sort(),
    );
    assert.equal(new Set(mounted).size, mounted.length);
    const ways = app.routes.map(({ operation }) => `${operation.method} ${operation.path}`);
    assert.equal(new Set(ways).size, ways.length);
  });

  test('without a token answers 401 and says how to send one, unless it is public', async () => {
    for (const operation of operations.filter(({ scope }) => scope !== null)) {
      const answer = await call(operation);
      assert.deepEqual([answer.status, answer.body.code], [401, 'unauthorized'], operation.id);
      assert.equal(answer.headers['www-authenticate'], 'Bearer');
    }
    for (const operation of operations.filter(({ scope, signed }) => scope === null && !signed)) {
      const answer = await call(operation);
      const refused = operation.errors as readonly string[];
      assert.ok(answer.status < 300 || refused.includes(answer.body.code), `${operation.id} ${answer.text}`);
    }
  });

  test('that takes a signed body refuses one without a signature, whatever else is in it', async () => {
    for (const operation of operations.filter(({ signed }) => signed !== undefined)) {
      for (const request of [{}, { body: {} }, { body: [1] }, { token: app.admin, body: { surprise: 1 } }]) {
        const answer = await call(operation, request);
        assert.deepEqual([answer.status, answer.body.code], [400, 'notice_refused'], operation.id);
      }
    }
  });

  test('with a key that lacks its scope answers 403 and names the scope (checklist 2)', async () => {
    for (const operation of operations.filter(({ scope }) => scope !== null)) {
      // A workspace's key for the platform's operations, and the other way round; no key for anybody's account.
      const token = isPlatformScope(operation.scope!) ? app.shop.token : app.admin;
      const answer = await call(operation, { token });
      assert.deepEqual([answer.status, answer.body.code], [403, 'scope_missing'], operation.id);
      assert.ok(answer.body.detail.includes(operation.scope), answer.body.detail);
    }
  });

  test('with a key of just its scope is let in', async () => {
    for (const operation of operations.filter(({ scope }) => scope !== null)) {
      const scope = operation.scope!;
      const token = isPersonScope(scope)
        ? await tokenFor(operation)
        : await app.issue(isPlatformScope(scope) ? null : app.shop.id, [scope]);
      const answer = await call(operation, { token });
      const isKnown = answer.status !== 401 || answer.body.code === 'credentials_wrong';
      assert.ok(isKnown, operation.id);
      assert.notEqual(answer.body?.code, 'scope_missing', operation.id);
      assert.ok(answer.status < 500 || answer.body.code === 'unavailable', `${operation.id}: ${answer.text}`);
    }
  });

  test('answers 404 to an id that does not exist, and to one of another form (checklist 52)', async () => {
    const withId = operations.filter(({ request }) => request.params !== undefined);
    assert.ok(withId.length >= 15);
    for (const operation of withId) {
      const token = await tokenFor(operation);
      const prefix = prefixOf(operation);
      assert.ok(prefix !== null, `${operation.id}: the parameter says its prefix`);
      const real = encodeId(prefix, newId());
      for (const id of [
        real,
        real.toUpperCase(),
        'x',
        `${prefix}_`,
        encodeId('evt', newId()),
        '..%2f..%2fetc',
      ]) {
        const body = operation.request.body === undefined ? {} : { body: operation.examples?.body };
        const answer = await call(operation, { token, id, ...body });
        assert.deepEqual([answer.status, answer.body.code], [404, 'not_found'], `${operation.id} ${id}`);
      }
    }
  });

  test('refuses a query parameter it does not know', async () => {
    for (const operation of operations) {
      const token = await tokenFor(operation);
      const answer = await call(operation, { token, query: { surprise: '1' } });
      assert.deepEqual([answer.status, answer.body.code], [400, 'unknown_field'], operation.id);
      assert.equal(answer.body.field ?? answer.body.errors?.[0]?.field, 'surprise', operation.id);
    }
  });

  test('refuses a query parameter that is given twice (checklist 6)', async () => {
    const asking = operations.filter(({ request }) => Object.keys(request.query?.shape ?? {}).length > 0);
    assert.ok(asking.length >= 9);
    for (const operation of asking) {
      const [name] = Object.keys(operation.request.query!.shape);
      const prefix = prefixOf(operation);
      const id = prefix === null ? '' : encodeId(prefix, newId());
      const answer = await app.server.fastify.inject({
        method: operation.method,
        url: `${operation.path.replace(/\{[a-z_]+\}/, id)}?${name}=1&${name}=1`,
        headers: { authorization: `Bearer ${await tokenFor(operation)}` },
      });
      assert.deepEqual([answer.statusCode, answer.json().code], [400, 'duplicate_field'], operation.id);
    }
  });

  test('refuses a body with a field it does not know, and stores nothing of it (checklist 4)', async () => {
    for (const operation of operations.filter(({ request }) => request.body !== undefined)) {
      const token = await tokenFor(operation);
      const body = { ...(operation.examples?.body as object), surprise: 1 };
      const answer = await call(operation, { token, body });
      assert.deepEqual([answer.status, answer.body.code], [400, 'unknown_field'], operation.id);
    }
  });

  test('that takes no body refuses one that says something, and bears an empty one', async () => {
    const bodiless = operations.filter(
      ({ method, request, signed }) => method !== 'GET' && !request.body && !signed,
    );
    assert.ok(bodiless.length >= 8);
    for (const operation of bodiless) {
      const token = await tokenFor(operation);
      const refused = await call(operation, { token, body: { surprise: 1 } });
      assert.deepEqual([refused.status, refused.body.code], [400, 'unknown_field'], operation.id);
      const list = await call(operation, { token, body: [1] });
      assert.deepEqual([list.status, list.body.code], [400, 'invalid_request'], operation.id);
      const empty = await call(operation, { token, body: {} });
      const isNamed = operation.request.params !== undefined;
      const code = isNamed ? 'not_found' : NOTHING_THERE[operation.id];
      assert.deepEqual([empty.body?.code, empty.status < 300], [code, code === undefined], operation.id);
    }
  });

  test('that lists refuses a cursor it never gave out, and a limit out of bounds (checklist 8)', async () => {
    const lists = operations.filter(({ request }) => request.query && 'cursor' in request.query.shape);
    assert.ok(lists.length >= 9);
    for (const operation of lists) {
      const token = await tokenFor(operation);
      for (const cursor of ['abc', '!', 'A'.repeat(21), `${'A'.repeat(21)}B`, "'; drop table"]) {
        const answer = await call(operation, { token, query: { cursor } });
        assert.deepEqual(
          [answer.status, answer.body.code],
          [400, 'invalid_cursor'],
          `${operation.id} ${cursor}`,
        );
      }
      for (const limit of ['0', '201', '-1', '1e2', ' 5', '']) {
        const answer = await call(operation, { token, query: { limit } });
        assert.equal(answer.status, 400, `${operation.id} limit=${limit}`);
      }
      const full = await call(operation, { token, query: { limit: '200' } });
      // What lists something of a thing answers of one that is not there.
      const expected = prefixOf(operation) === null ? 200 : 404;
      assert.equal(full.status, expected, `${operation.id} ${full.text}`);
    }
  });

  test('carries security headers and is not cached, errors included (checklist 32, 33)', async () => {
    for (const operation of operations) {
      const { headers } = await call(operation);
      assert.equal(headers['x-content-type-options'], 'nosniff', operation.id);
      assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/, operation.id);
      assert.equal(headers['cache-control'], 'no-store', operation.id);
    }
  });

  test('lets no other origin in: no CORS header, no preflight, errors included (checklist 31)', async () => {
    const origin = 'https://elsewhere.example';
    const preflight = { origin, 'access-control-request-method': 'POST' };
    for (const operation of operations) {
      const { headers } = await call(operation, { headers: { origin } });
      const asked = await app.server.fastify.inject({
        method: 'OPTIONS',
        url: operation.path.replace(/\{[a-z_]+\}/, 'missing'),
        headers: preflight,
      });
      assert.ok(asked.statusCode === 405 || asked.statusCode === 404, `${operation.id} ${asked.statusCode}`);
      for (const name of [...Object.keys(headers), ...Object.keys(asked.headers)])
        assert.ok(!name.startsWith('access-control-'), `${operation.id} answers ${name}`);
    }
  });

  test('has its place in the tree under its id', () => {
    for (const { id } of operations) {
      let node: unknown = api;
      for (const step of id.split('.')) node = (node as Record<string, unknown>)[step];
      assert.ok(isOperation(node as Operation), id);
    }
  });
});
