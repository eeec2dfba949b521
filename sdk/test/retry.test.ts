import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConnectionError, each, SottoError } from '@sotto/sdk';
import fc from 'fast-check';
import { retryAfterSecondsMax, retryAfterSecondsOf, retryDelayMs, systemTimers } from '../retry.ts';
import { json, refusal, requestId, type Scripted, scripted } from './scripted-fetch.ts';

const id = 'msg_01jd3rh8e7fv2r0kqvw4m9xt5c';
const hello = { to: '+4915123456789', text: 'Hello' };
const broken = () => new TypeError('fetch failed');

async function thrown<Kind extends Error>(
  kind: new (...args: never[]) => Kind,
  call: Promise<unknown>,
): Promise<Kind> {
  const error = await call.then(
    () => assert.fail('the call should have failed'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof kind, String(error));
  return error;
}

test('a refusal is thrown with its code, field and request id, and is not repeated', async () => {
  const { client, asked } = scripted([refusal('insufficient_funds')]);
  const error = await thrown(SottoError, client.messages.send(hello));
  assert.equal(error.code, 'insufficient_funds');
  assert.equal(error.status, 402);
  assert.equal(error.requestId, requestId);
  assert.equal(error.retryable, false);
  assert.equal(asked.length, 1);
});

test('a repeated POST carries the same key and the same body, so that it takes effect once', async () => {
  const { client, asked, waits } = scripted([refusal('unavailable'), broken(), json(202, { id })]);
  assert.deepEqual(await client.messages.send(hello), { id });
  assert.equal(asked.length, 3);
  assert.equal(new Set(asked.map((one) => one.headers.get('idempotency-key'))).size, 1);
  assert.deepEqual(
    asked.map((one) => one.body),
    [hello, hello, hello],
  );
  assert.deepEqual(waits, [250, 500]);
});

test('Retry-After is waited in full, with jitter on top', async () => {
  const { client, waits } = scripted([refusal('rate_limited', { 'retry-after': '7' }), json(200, {})]);
  await client.messages.get(id);
  assert.deepEqual(waits, [7250]);
});

test('a wait longer than a minute is left to the caller', async () => {
  const { client, asked, waits } = scripted([refusal('rate_limited', { 'retry-after': '61' })]);
  const error = await thrown(SottoError, client.messages.get(id));
  assert.equal(error.retryAfterSeconds, 61);
  assert.equal(asked.length, 1);
  assert.deepEqual(waits, []);
});

test('repeats end, and the last refusal is thrown', async () => {
  const { client, asked } = scripted([
    refusal('unavailable'),
    refusal('unavailable'),
    refusal('unavailable'),
  ]);
  const error = await thrown(SottoError, client.wallet.get());
  assert.equal(error.code, 'unavailable');
  assert.equal(error.retryable, true);
  assert.equal(asked.length, 3);
  const none = scripted([refusal('unavailable')], { retriesMax: 0 });
  await thrown(SottoError, none.client.wallet.get());
  assert.equal(none.asked.length, 1);
});

test('only what may succeed without a change is repeated', async () => {
  const answers: [Scripted, number][] = [
    [refusal('rate_limited'), 2],
    [refusal('unavailable'), 2],
    [refusal('idempotency_undecided'), 2],
    [broken(), 2],
    [new Response('<html>', { status: 503, headers: { 'content-type': 'text/html' } }), 2],
    [refusal('internal'), 1],
    [refusal('conflict'), 1],
    [refusal('invalid_request'), 1],
    [refusal('unauthorized'), 1],
    [new Response('<html>', { status: 502, headers: { 'content-type': 'text/html' } }), 1],
  ];
  for (const [answer, times] of answers) {
    const { client, asked } = scripted([answer, json(202, {})]);
    await client.messages.send(hello).catch(() => undefined);
    assert.equal(asked.length, times, answer instanceof Response ? String(answer.status) : 'broken');
  }
});

test('an answer that is not of this API is never taken for success', async () => {
  const answers = [
    new Response('<html>welcome</html>', { status: 200, headers: { 'content-type': 'text/html' } }),
    new Response('{"id": "ms', { status: 202, headers: { 'content-type': 'application/json' } }),
    json(200, { id }),
    new Response('', { status: 202 }),
    json(500, { error: 'proxy' }),
    new Response('not json', { status: 400, headers: { 'content-type': 'application/problem+json' } }),
    new Response('{"code": 1}', { status: 400, headers: { 'content-type': 'application/problem+json' } }),
  ];
  for (const answer of answers) {
    const { client } = scripted([answer]);
    const error = await thrown(ConnectionError, client.messages.send(hello, { idempotencyKey: 'k' }));
    assert.equal(error.fault, 'unreadable');
    assert.equal(error.status, answer.status);
    assert.equal(error.idempotencyKey, 'k');
  }
});

test('a code newer than this client is passed on', async () => {
  const problem = {
    type: '/docs/errors#new',
    title: 'New',
    status: 422,
    code: 'new',
    detail: 'New.',
    request_id: requestId,
  };
  const { client } = scripted([
    new Response(JSON.stringify(problem), {
      status: 422,
      headers: { 'content-type': 'application/problem+json' },
    }),
  ]);
  const error = await thrown(SottoError, client.messages.send(hello));
  assert.equal(error.code, 'new');
  assert.equal(error.retryable, false);
});

test('an attempt that takes too long ends, says how to repeat it, and is not repeated by itself', async () => {
  const never: Scripted = (_, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  const { client, asked } = scripted([never], { timeoutMs: 1 });
  const error = await thrown(ConnectionError, client.messages.send(hello, { idempotencyKey: 'k' }));
  assert.equal(error.fault, 'timeout');
  assert.equal(error.idempotencyKey, 'k');
  assert.equal(asked.length, 1);
});

test('an aborted signal ends the call with its own reason, during an attempt and between attempts', async () => {
  const reason = new Error('the user left');
  const during = new AbortController();
  const first = scripted([
    (_, signal) => {
      during.abort(reason);
      return Promise.reject(signal.reason);
    },
  ]);
  await assert.rejects(first.client.wallet.get({ signal: during.signal }), reason);

  const between = new AbortController();
  const second = scripted([
    () => {
      queueMicrotask(() => between.abort(reason));
      return refusal('unavailable');
    },
  ]);
  await assert.rejects(second.client.wallet.get({ signal: between.signal }), reason);
  assert.equal(second.asked.length, 1);

  const before = scripted([]);
  await assert.rejects(before.client.wallet.get({ signal: AbortSignal.abort(reason) }), reason);
  assert.equal(before.asked.length, 0);
});

test('a wait ends at once when its signal is aborted, and leaves no timer behind', async () => {
  const reason = new Error('stop');
  const controller = new AbortController();
  const wait = systemTimers.wait(3_600_000, controller.signal);
  controller.abort(reason);
  await assert.rejects(wait, reason);
  await assert.rejects(systemTimers.wait(3_600_000, AbortSignal.abort(reason)), reason);
  await systemTimers.wait(0, undefined);
});

test('delays are bounded, and never shorter than what the platform asks for', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.option(fc.integer({ min: 0, max: 10_000 })),
      fc.double({ min: 0, max: 0.999_999, noNaN: true }),
      (repeat, asked, random) => {
        const delay = retryDelayMs(repeat, asked, () => random);
        if (asked !== null && asked > retryAfterSecondsMax) return assert.equal(delay, null);
        assert.ok(delay !== null && delay >= (asked ?? 0) * 1000 && delay <= (asked ?? 0) * 1000 + 8_000);
      },
    ),
  );
});

test('Retry-After is seconds or nothing', () => {
  assert.equal(retryAfterSecondsOf('0'), 0);
  assert.equal(retryAfterSecondsOf('120'), 120);
  for (const bad of [null, '', '-1', '1.5', 'Wed, 21 Oct 2026 07:28:00 GMT', '9'.repeat(10)]) {
    assert.equal(retryAfterSecondsOf(bad), null);
  }
});

test('each walks every page once, in order, and asks for a page only when it is needed', async () => {
  const pages = [
    json(200, { data: [{ id: 'a' }, { id: 'b' }], next_cursor: 'c1' }),
    json(200, { data: [], next_cursor: 'c2' }),
    json(200, { data: [{ id: 'c' }], next_cursor: null }),
  ];
  const { client, asked } = scripted(pages);
  const seen: string[] = [];
  for await (const message of each(client.messages.list, { limit: 2 })) {
    if (seen.length === 0) assert.equal(asked.length, 1);
    seen.push(message.id satisfies `msg_${string}`);
  }
  assert.deepEqual(seen, ['a', 'b', 'c']);
  assert.deepEqual(
    asked.map((one) => new URL(one.url).search),
    ['?limit=2', '?limit=2&cursor=c1', '?limit=2&cursor=c2'],
  );
});

test('each walks a search by number, whose cursor travels in the body', async () => {
  const { client, asked } = scripted([
    json(200, { data: [{ id: 'a' }], next_cursor: 'c1' }),
    json(200, { data: [{ id: 'b' }], next_cursor: null }),
  ]);
  const seen = [];
  for await (const message of each(client.messages.search, { to: hello.to })) seen.push(message.id);
  assert.deepEqual(seen, ['a', 'b']);
  assert.deepEqual(
    asked.map((one) => one.body),
    [{ to: hello.to }, { to: hello.to, cursor: 'c1' }],
  );
  assert.ok(asked.every((one) => !one.url.includes('491512')));
});

test('a list that gives the same cursor twice ends with an error, not never', async () => {
  const same = () => json(200, { data: [], next_cursor: 'c1' });
  const { client } = scripted([same(), same(), same()]);
  await assert.rejects(each(client.keys.list, {}).next(), RangeError);
});
