// What tests of bad input stand on: an API over which a good request would be accepted and charged, and a way to hold
// a bad one to the promise.
import assert from 'node:assert/strict';
import { before } from 'node:test';
import { type ErrorCode, encodeId, errorCatalogue } from '@sotto/contract';
import { problemSchema } from '@sotto/contract/problem';
import { credit } from '#ledger';
import { newId } from '#platform/ids';
import { useApi } from '../../../test/api.ts';

export const TO = '+4915550123456';
/** The request that all bad ones differ from. */
export const good = { to: TO, text: 'Hello' };

export interface Asked {
  readonly token?: string | null;
  readonly url?: string;
  readonly method?: 'POST' | 'GET' | 'PUT' | 'DELETE' | 'OPTIONS' | 'HEAD' | 'PATCH';
  readonly headers?: Record<string, string>;
}

/** Call it at describe level; use what it returns inside tests. */
export function useRefusals() {
  const app = useApi();
  const connectorId = newId();

  before(async () => {
    await app.database.sql(
      `insert into carriers.connector (id, name, host, port, system_id) values ($1, 'line', 'smpp.example.com', 2775, 'sotto')`,
      [connectorId],
    );
    const post = async (url: string, payload: object) => {
      const answer = await app.server.fastify.inject({
        method: 'POST',
        url,
        payload,
        headers: { authorization: `Bearer ${app.admin}` },
      });
      assert.equal(answer.statusCode, 201, answer.payload);
    };
    await post('/v1/admin/prices', {
      prefix: '49',
      class: null,
      price: { amount: '0.0075', currency: 'EUR' },
      cost: null,
    });
    await post('/v1/admin/routes', {
      prefix: '49',
      class: null,
      connector_id: encodeId('con', connectorId),
      rank: 0,
      weight: 1,
      sender: null,
    });
    await app.database.db.batch((tx) =>
      credit(tx, 'top_up', {
        workspaceId: app.shop.id,
        amountMicros: 1_000_000n,
        currency: 'EUR',
        key: 'first',
      }),
    );
  });

  const send = (
    payload: string | Buffer | object | undefined,
    { token = app.shop.token, ...asked }: Asked = {},
  ) =>
    app.server.fastify.inject({
      method: asked.method ?? 'POST',
      url: asked.url ?? '/v1/messages',
      headers: {
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...asked.headers,
      },
      ...(payload === undefined ? {} : { payload }),
    });

  /** Everything that a request could leave behind. */
  const traces = () =>
    app.database.sql(
      `select (select count(*) from messages.message) as messages, (select count(*) from messages.queue) as queued,
            (select count(*) from ledger.hold) as holds, (select count(*) from ledger.transaction) as transactions,
            (select count(*) from platform.idempotency) as keys, (select count(*) from platform.outbox) as events`,
    );

  /** Sends it with a key, and holds the answer and the database to the promise. */
  async function refuses(
    expected: ErrorCode,
    field: string | null,
    payload: Parameters<typeof send>[0],
    asked: Asked = {},
  ): Promise<void> {
    const earlier = await traces();
    const answer = await send(payload, { ...asked, headers: { 'idempotency-key': 'bad', ...asked.headers } });
    const text = answer.payload;
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/, text);
    const problem = problemSchema.parse(JSON.parse(text));
    assert.deepEqual([problem.code, problem.status], [expected, errorCatalogue[expected].status], text);
    assert.equal(answer.statusCode, problem.status);
    assert.equal(problem.field ?? problem.errors?.[0]?.field ?? null, field, text);
    assert.ok(
      problem.detail?.includes(errorCatalogue[expected].wayOut) || problem.errors !== undefined,
      text,
    );
    assert.match(String(answer.headers['request-id']), /^req_/);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    assert.deepEqual(await traces(), earlier, 'something was stored or charged');
    // What was sent is not sent back: values of a request have no place in an error (invariant 6).
    assert.ok(!text.includes('15550123456') && !text.includes('Hello'), text);
  }

  return { app, send, refuses };
}
