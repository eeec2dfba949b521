import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, isOperation, type OperationTree, operations } from '@sotto/contract';
import { type Client, createClient } from '@sotto/sdk';
import { json, scripted } from './scripted-fetch.ts';

const id = 'msg_01jd3rh8e7fv2r0kqvw4m9xt5c';
const page = { data: [], next_cursor: null };

test('every operation is a method at the place its id names', () => {
  const client = createClient({ baseUrl: 'https://sms.example.com' });
  const walk = (tree: OperationTree, node: unknown): number =>
    Object.entries(tree).reduce((count, [name, part]) => {
      const mine = (node as Record<string, unknown>)[name];
      if (!isOperation(part)) return count + walk(part, mine);
      assert.equal(typeof mine, 'function', part.id);
      return count + 1;
    }, 0);
  assert.equal(walk(api, client), operations.length);
});

test('a send goes out as JSON with key and Idempotency-Key, and its answer comes back', async () => {
  const answer = { id, status: 'accepted' };
  const { client, asked } = scripted([json(202, answer)]);
  const body = { to: '+4915123456789', text: 'Hello' };
  assert.deepEqual(await client.messages.send(body, { idempotencyKey: 'order-17' }), answer);
  assert.equal(asked.length, 1);
  const [one] = asked;
  assert.equal(one?.method, 'POST');
  assert.equal(one?.url, 'https://sms.example.com/base/v1/messages');
  assert.deepEqual(one?.body, body);
  assert.equal(one?.headers.get('authorization'), 'Bearer sotto_test_key');
  assert.equal(one?.headers.get('content-type'), 'application/json');
  assert.equal(one?.headers.get('idempotency-key'), 'order-17');
});

test('ids go into the path, queries into the address, and what is undefined goes nowhere', async () => {
  const { client, asked } = scripted([
    json(200, {}),
    json(200, page),
    json(200, page),
    json(200, {}),
    json(201, {}),
  ]);
  await client.messages.get(id);
  await client.messages.list({ limit: 5, status: 'delivered', cursor: undefined });
  await client.inbound.list();
  await client.admin.carriers.update('con_01jd3rh8e7fv2r0kqvw4m9xt5c', { enabled: false });
  await client.admin.workspaces.credit('wrk_01jd3rh8e7fv2r0kqvw4m9xt5c', {
    amount: { amount: '5.00', currency: 'EUR' },
    reason: 'bank_transfer',
  });
  assert.deepEqual(
    asked.map((one) => `${one.method} ${one.url.slice('https://sms.example.com/base'.length)}`),
    [
      `GET /v1/messages/${id}`,
      'GET /v1/messages?limit=5&status=delivered',
      'GET /v1/inbound',
      'PATCH /v1/admin/carriers/con_01jd3rh8e7fv2r0kqvw4m9xt5c',
      'POST /v1/admin/workspaces/wrk_01jd3rh8e7fv2r0kqvw4m9xt5c/credit',
    ],
  );
  assert.equal(asked[0]?.headers.has('idempotency-key'), false);
  assert.equal(asked[0]?.headers.has('content-type'), false);
  assert.equal(asked[4]?.headers.has('idempotency-key'), true);
});

test('every POST gets an Idempotency-Key of its own when the caller gives none', async () => {
  const { client, asked } = scripted([json(202, {}), json(202, {})]);
  await client.messages.send({ to: '+4915123456789', text: 'a' });
  await client.messages.send({ to: '+4915123456789', text: 'a' });
  const keys = asked.map((one) => one.headers.get('idempotency-key'));
  assert.match(keys[0] ?? '', /^[0-9a-f-]{36}$/);
  assert.notEqual(keys[0], keys[1]);
});

test('an id that would reach another operation is refused before anything is sent', async () => {
  const { client, asked } = scripted([]);
  for (const bad of ['', '..', '.', 'batch', `${id}/cancel`, `${id}?x`, 'wrk_01jd3rh8e7fv2r0kqvw4m9xt5c']) {
    await assert.rejects(client.messages.get(bad), TypeError, bad);
  }
  assert.equal(asked.length, 0);
});

test('a key that is no header value is refused before anything is sent', async () => {
  const { client, asked } = scripted([]);
  for (const idempotencyKey of ['', 'a b', 'a\r\nb', 'ä', 'x'.repeat(256)]) {
    await assert.rejects(
      client.messages.send({ to: '+4915123456789', text: 'a' }, { idempotencyKey }),
      TypeError,
    );
  }
  assert.equal(asked.length, 0);
});

test('an empty answer is undefined, and text is text', async () => {
  const { client } = scripted([
    new Response(null, { status: 204 }),
    new Response('up 1\n', { headers: { 'content-type': 'text/plain; version=0.0.4' } }),
  ]);
  assert.equal(await client.messages.delete(id), undefined);
  assert.equal(await client.service.metrics(), 'up 1\n');
});

test('not ready is an answer of the readiness operation, not an error', async () => {
  const notReady = { status: 'not_ready', checks: [{ name: 'oldest_job', ok: false, detail: '95 s' }] };
  const { client, asked } = scripted([json(503, notReady)]);
  assert.deepEqual(await client.service.readiness(), notReady);
  assert.equal(
    asked[0]?.headers.has('authorization'),
    false,
    'a public operation needs no key and gets none',
  );
});

test('the key travels over plain http to this machine only', () => {
  for (const baseUrl of [
    'http://localhost:3000',
    'http://127.0.0.1:3000',
    'http://[::1]:3000',
    'https://a.example.com',
  ]) {
    assert.ok(createClient({ baseUrl }));
  }
  for (const baseUrl of [
    'http://sms.example.com',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'ftp://localhost',
    'sms.example.com',
    '',
    'https://user:secret@sms.example.com',
    'https://sms.example.com/?a=1',
    'https://sms.example.com/#a',
  ]) {
    assert.throws(() => createClient({ baseUrl }), TypeError, baseUrl);
  }
  assert.ok(createClient({ baseUrl: 'http://api:3000', insecureHttp: true }));
});

test('methods are typed by their operations', () => {
  type Send = Client['messages']['send'];
  const takesBody: Parameters<Send>[0] = { to: '+4915123456789', text: 'Hello' };
  void takesBody;
  // @ts-expect-error there is no such class
  const wrongClass: Parameters<Send>[0] = { to: '+4915123456789', text: 'Hello', class: 'urgent' };
  void wrongClass;
  // @ts-expect-error a read takes an id
  const noId: Parameters<Client['messages']['get']> = [];
  void noId;
  type Listed = Awaited<ReturnType<Client['messages']['list']>>;
  const status = (list: Listed) => list.data[0]?.status satisfies 'delivered' | string | undefined;
  void status;
  // @ts-expect-error the operation does not exist
  type Missing = Client['messages']['resend'];
  assert.ok(true as boolean | Missing);
});
