// What the edge promises to every route of a kind, tried with routes made for the purpose.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { operation } from '@sotto/contract';
import { noContent, textBody } from '@sotto/contract/bodies';
import * as z from 'zod';
import type { Authenticator, Principal } from '#accounts';
import { AppError } from '#platform/errors';
import { log } from '#platform/log';
import { byItself, inTransaction, type Route, reads, Shaped, withHeaders, withStatus } from '#platform/route';
import type { Statement } from '#platform/statement';
import { openKeyring } from '#privacy';
import { openMemoryKeyStore } from '#privacy/memory-key-store';
import { useDatabase } from '../../test/harness.ts';
import { callOperation } from '../../test/route-contract.ts';
import { createHttpServer, type HttpServer } from './server.ts';

const made = z.strictObject({ value: z.string(), secret: z.string().nullable() });
const shared = {
  scope: 'admin:jobs',
  summary: '.',
  description: '.',
  purpose: 'operations',
  errors: ['conflict'],
  idempotent: false,
} as const;
const make = operation({
  ...shared,
  id: 'test.make',
  method: 'POST',
  path: '/v1/test/make',
  request: { body: z.strictObject({ value: z.string() }) },
  responses: { 201: made },
});
const read = operation({
  ...shared,
  id: 'test.read',
  method: 'GET',
  path: '/v1/test/read',
  request: {},
  responses: { 200: made, 503: made },
  idempotent: true,
});
const page = operation({
  ...shared,
  id: 'test.page',
  method: 'GET',
  path: '/v1/test/page',
  request: {},
  responses: { 200: textBody('text/plain', '.') },
  idempotent: true,
});
const remove = operation({
  ...shared,
  id: 'test.remove',
  method: 'DELETE',
  path: '/v1/test/remove',
  request: {},
  responses: { 204: noContent },
  idempotent: true,
});
const notice = operation({
  ...shared,
  scope: null,
  id: 'test.notice',
  method: 'POST',
  path: '/v1/test/notice',
  request: {},
  responses: { 200: z.strictObject({ octets: z.string(), headers: z.record(z.string(), z.string()) }) },
  bodyBytesMax: 100,
  signed: { headers: ['x-signature'] },
});

const ADMIN: Principal = {
  kind: 'admin',
  keyId: '0190b6d3-0000-7000-8000-000000000001',
  workspaceId: null,
  personId: null,
  scopes: new Set(['admin:jobs']),
  test: false,
  currency: null,
};
const authenticator = {
  authenticate: async () => ({ outcome: 'accepted', principal: ADMIN }),
} as unknown as Authenticator;

/** A row whose presence says that the transaction was committed. Not registered: it is this file's alone. */
const INSERT: Statement<never> = {
  name: 'test.insert_row',
  purpose: 'operations',
  text: `insert into platform.outbox (id, name, payload) values (gen_random_uuid(), $1::text, '{}')`,
};

describe('a route', () => {
  const database = useDatabase();
  let server: HttpServer;
  let handled = 0;
  let taken = 0;
  let committing: () => Promise<unknown> = async () => undefined;
  let answer: Shaped | { value: string; secret: null } = { value: 'v', secret: null };

  const rows = async () =>
    (await database.sql<{ name: string }>('select name from platform.outbox')).map(({ name }) => name);
  const routes: readonly Route[] = [
    inTransaction(
      make,
      async ({ body }, tx) => {
        handled++;
        await tx.exec(INSERT, [body.value]);
        if (body.value === 'refused') throw new AppError('conflict');
        return { value: body.value, secret: 'shown once' };
      },
      {
        kept: (made) => ({ ...made, secret: null }),
        committed: async () => {
          taken++;
          await committing();
        },
      },
    ),
    reads(read, async () => answer),
    reads(page, async () =>
      withHeaders({ 'cache-control': 'public', 'content-type': 'text/plain; x=1' }, 'text'),
    ),
    inTransaction(remove, async () => undefined),
    byItself(notice, async ({ signed, idempotency, body }) => {
      handled++;
      assert.deepEqual([idempotency, body], [null, undefined]);
      const { octets, headers } = signed!;
      return { octets: octets.toString('hex'), headers: JSON.parse(JSON.stringify(headers)) };
    }),
  ];
  const call = (which: Parameters<typeof callOperation>[1], request: object = {}) =>
    callOperation(server, which, { token: 't', ...request });
  const key = (name: string) => ({ headers: { 'idempotency-key': name } });

  before(async () => {
    server = createHttpServer({
      db: database.db,
      keyring: await openKeyring(openMemoryKeyStore()),
      log,
      authenticator,
      routes,
      trustedProxies: [],
      requireHttps: false,
      bodyLimitBytes: 100_000,
    });
  });
  after(() => server?.close());
  beforeEach(async () => {
    await database.sql('delete from platform.outbox');
    handled = 0;
    taken = 0;
    committing = async () => undefined;
  });

  test('that works in a transaction is committed before it is answered, with and without a key', async () => {
    let seen: string[] = [];
    committing = async () => {
      seen = await rows();
    };
    assert.equal((await call(make, { body: { value: 'plain' } })).status, 201);
    assert.deepEqual(seen, ['plain']);
    assert.equal((await call(make, { body: { value: 'keyed' }, ...key('a') })).status, 201);
    assert.deepEqual(seen.sort(), ['keyed', 'plain']);
  });

  test('that refuses leaves nothing, and its key may be tried again', async () => {
    const request = { body: { value: 'refused' }, ...key('b') };
    for (let turn = 1; turn <= 2; turn++) {
      const refused = await call(make, request);
      assert.deepEqual([refused.status, refused.body.code], [409, 'conflict']);
      assert.equal(handled, turn);
    }
    assert.deepEqual(await rows(), []);
    assert.equal(taken, 0);
  });

  test('under a key is handled once and taken up once; what it keeps is all that is repeated', async () => {
    const request = { body: { value: 'once' }, ...key('c') };
    const first = await call(make, request);
    const second = await call(make, request);
    assert.deepEqual(first.body, { value: 'once', secret: 'shown once' });
    assert.deepEqual([second.status, second.body], [201, { value: 'once', secret: null }]);
    assert.deepEqual([handled, taken, await rows()], [1, 1, ['once']]);
  });

  test('whose change this process could not take up is answered all the same: it is committed', async () => {
    committing = async () => {
      throw new Error('away');
    };
    for (const headers of [{}, key('d')]) {
      const { status, body } = await call(make, { body: { value: 'kept' }, ...headers });
      assert.deepEqual([status, body.value], [201, 'kept']);
    }
    assert.deepEqual(await rows(), ['kept', 'kept']);
  });

  test('may answer under another status, and with headers in place of the usual ones', async () => {
    answer = { value: 'fine', secret: null };
    assert.equal((await call(read)).status, 200);
    answer = withStatus(503, { value: 'not now', secret: null });
    const busy = await call(read);
    assert.deepEqual([busy.status, busy.body.value], [503, 'not now']);
    const { headers, text } = await call(page);
    assert.deepEqual(
      [headers['cache-control'], headers['content-type'], headers['x-content-type-options'], text],
      ['public', 'text/plain; x=1', 'nosniff', 'text'],
    );
  });

  test('may answer with octets written beforehand, or with nothing', async () => {
    answer = new Shaped(Buffer.from('{"value":"ö","secret":null}'), {});
    const written = await call(read);
    assert.deepEqual(written.body, { value: 'ö', secret: null });
    assert.match(String(written.headers['content-type']), /^application\/json/);
    const gone = await call(remove);
    assert.deepEqual([gone.status, gone.text], [204, '']);
  });

  test('with a signed body is given its octets as they came, its own headers, and no meaning of a key', async () => {
    const send = (payload: Buffer, headers: Record<string, string> = {}) =>
      server.fastify.inject({
        method: 'POST',
        url: notice.path,
        headers: { 'content-type': 'application/json', 'idempotency-key': 'same', ...headers },
        payload,
      });
    const odd = Buffer.from('{"a":1,"a":2} \xff', 'latin1');
    const signed = await send(odd, { 'X-Signature': 's', authorization: 'Bearer t', cookie: 'c=1' });
    assert.deepEqual(signed.json(), { octets: odd.toString('hex'), headers: { 'x-signature': 's' } });
    const before = handled;
    await send(odd);
    await send(Buffer.from('other'));
    assert.equal(handled, before + 2, 'each is handled, whatever key it carries');
    assert.equal((await send(Buffer.alloc(101))).json().code, 'body_too_large');
    assert.equal(handled, before + 2);
  });
});
