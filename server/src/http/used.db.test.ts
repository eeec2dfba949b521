// What the edge tells of use: templates and ids of operations, after the answer, of callers who were let in.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { encodeId } from '@sotto/contract';
import { newId } from '#platform/ids';
import { createLog } from '#platform/log';
import { createTelemetry } from '#telemetry';
import { useApi } from '../../test/api.ts';
import { createHttpServer, type EdgeUse } from './http.ts';

describe('what the edge tells of use', () => {
  const app = useApi();
  const log = createLog({ level: 'silent' });
  const closers: (() => Promise<void>)[] = [];
  after(async () => {
    for (const close of closers) await close();
  });

  function server(onUsed: (use: EdgeUse) => void) {
    const made = createHttpServer({
      db: app.database.db,
      keyring: app.keyring,
      log,
      authenticator: app.authenticator,
      routes: app.routes,
      trustedProxies: [],
      requireHttps: false,
      bodyLimitBytes: 65_536,
      onUsed,
    });
    closers.push(() => made.close());
    return (url: string, token: string | null, userAgent = 'curl/8.5.0', method: 'GET' | 'POST' = 'GET') =>
      made.fastify.inject({
        method,
        url,
        headers: {
          'user-agent': userAgent,
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        },
      });
  }

  test('a use names operation and template, never the path, and the workspace that used it', async () => {
    const uses: EdgeUse[] = [];
    const ask = server((use) => uses.push(use));
    const id = encodeId('msg', newId());
    await ask(`/v1/messages/${id}`, app.shop.token);
    await ask('/v1/messages?limit=1', app.shop.token);
    await ask('/healthz', null);
    assert.deepEqual(
      uses.map(({ feature, page }) => [feature, page]),
      [
        ['messages.get', '/v1/messages/{id}'],
        ['messages.list', '/v1/messages'],
        ['service.liveness', '/healthz'],
      ],
    );
    assert.ok(!JSON.stringify(uses).includes(id));
    assert.equal(uses[0]!.subject, uses[1]!.subject);
    assert.equal(uses[2]!.subject, '127.0.0.1', 'of one whom nobody knows, the address, to be hashed');
  });

  test('who is not let in, and what is no operation, is told of to nobody', async () => {
    const uses: EdgeUse[] = [];
    const ask = server((use) => uses.push(use));
    await ask('/v1/messages', null);
    await ask('/v1/messages', 'sotto_live_nobody');
    await ask('/no/such/page?to=x', app.shop.token);
    await ask('/v1/messages/%zz', app.shop.token);
    assert.deepEqual(uses, []);
  });

  test('of requests with canaries in path, query, header and body no canary reaches the tables', async () => {
    const telemetry = createTelemetry({
      db: app.database.db,
      log,
      permissions: { isOn: () => true, allows: () => true, mayCount: () => true, mayForward: () => false },
      peopleMin: 2,
    });
    const ask = server(telemetry.used);
    for (const token of [app.shop.token, app.admin]) {
      await ask('/v1/messages/canary-path?canary=query', token, 'canary-agent Mozilla/5.0');
      await ask('/healthz', token, `Mozilla/5.0 (Windows; canary) Chrome/131 canary`);
    }
    telemetry.failed(new Error('canary in a message'));
    await telemetry.stop();
    const rows = await app.database.sql<{ row: string }>(
      'select u::text as row from telemetry.usage_count u union all select e::text from telemetry.error_report e',
    );
    assert.ok(rows.length >= 1);
    assert.doesNotMatch(JSON.stringify(rows), /canary|127\.0\.0\.1/);
  });
});
