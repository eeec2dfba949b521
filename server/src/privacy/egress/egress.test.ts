import assert from 'node:assert/strict';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createSocketServer } from 'node:net';
import { test } from 'node:test';
import { createEgress, type EgressRequest, type Recipients } from './egress.ts';
import { listening, post, withServer } from './test/egress-server.ts';
import { selfSigned } from './test/self-signed.ts';

test('a declared call arrives with its fields and brings back the answer, and both are counted', () =>
  withServer(undefined, async ({ port, seen, open }) => {
    const door = open();
    const outcome = await door.send('example', {
      url: `http://localhost:${port}/v1/send?to=x`,
      method: 'POST',
      headers: { Authorization: 'Bearer t' },
      body: {
        json: {
          to: '+4915123450001',
          message: { text: 'Grüße' },
          items: [{ id: 1 }],
          tags: ['a'],
          metadata: { any: { thing: 1 } },
        },
      },
    });
    assert.ok(outcome.outcome === 'answered');
    assert.equal(outcome.status, 200);
    assert.equal(outcome.headers['x-answer'], '1');
    assert.deepEqual(JSON.parse(outcome.body.toString()), { ok: true });
    assert.equal(seen[0]!.url, '/v1/send?to=x');
    assert.equal(seen[0]!.headers.authorization, 'Bearer t');
    assert.equal(seen[0]!.headers['content-type'], 'application/json');
    assert.equal(JSON.parse(seen[0]!.body).message.text, 'Grüße');
    await door.send('example', post(`http://localhost:${port}/`, { form: { to: 'a b' } }));
    assert.equal(seen[1]!.body, 'to=a+b');
    const signed = '{"to" : "exactly these bytes"}';
    await door.send('example', post(`http://localhost:${port}/`, { jsonText: signed }));
    assert.equal(seen[2]!.body, signed);
    const { answered, failed, refused, bytesSent } = door.counts().get('example')!;
    assert.deepEqual({ answered, failed, refused }, { answered: 3, failed: 0, refused: 0 });
    assert.ok(bytesSent > signed.length);
  }));

test('of lines of JSON every line is held to the declared fields, and each arrives on a line of its own', () =>
  withServer(undefined, async ({ port, seen, open }) => {
    const door = open();
    const url = `http://localhost:${port}/`;
    await door.send('example', {
      ...post(url, { jsonLines: [{ to: 'a\nb' }, { tags: ['x'] }] }),
      headers: { 'content-type': 'application/x-lines' },
    });
    assert.equal(seen[0]!.body, '{"to":"a\\nb"}\n{"tags":["x"]}\n');
    assert.equal(seen[0]!.headers['content-type'], 'application/x-lines');
    await assert.rejects(door.send('example', post(url, { jsonLines: [{ to: 'a' }, { secret: 1 }] })), {
      code: 'E-REC-PAYLOAD',
    });
    assert.equal(seen.length, 1);
  }));

test('redirects are answers and are not followed (checklist 41)', () =>
  withServer(
    (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
    async ({ port, seen, open }) => {
      const outcome = await open().send('example', { url: `http://localhost:${port}/`, method: 'GET' });
      assert.ok(outcome.outcome === 'answered' && outcome.status === 302);
      assert.equal(seen.length, 1);
    },
  ));

test('an answer beyond its cap is cut off and not kept (checklist 58)', () =>
  withServer(
    (_, response) => response.end(Buffer.alloc(300_000)),
    async ({ port, open }) => {
      const outcome = await open().send('example', { url: `http://localhost:${port}/`, method: 'GET' });
      assert.deepEqual(outcome, { outcome: 'failed', reason: 'response_too_large', mayHaveArrived: true });
      const roomy = open({ responseBytesMax: 300_000 });
      assert.equal(
        (await roomy.send('example', { url: `http://localhost:${port}/`, method: 'GET' })).outcome,
        'answered',
      );
    },
  ));

test('silence, an abort, a broken connection and a closed port are told apart', () =>
  withServer(
    (request, response) => {
      if (request.url === '/broken') response.destroy();
      if (request.url === '/half')
        response.writeHead(200, { 'content-length': '10' }).write('half', () => response.destroy());
    },
    async ({ port, open }) => {
      const url = `http://localhost:${port}`;
      const hurried = open({ timeoutMs: 50 });
      assert.deepEqual(await hurried.send('example', { url: `${url}/silent`, method: 'GET' }), {
        outcome: 'failed',
        reason: 'timeout',
        mayHaveArrived: true,
      });
      const door = open();
      const aborter = new AbortController();
      const aborted = door.send('example', { url: `${url}/silent`, method: 'GET', signal: aborter.signal });
      aborter.abort();
      assert.deepEqual(await aborted, { outcome: 'failed', reason: 'aborted', mayHaveArrived: true });
      for (const path of ['/broken', '/half']) {
        assert.deepEqual(await door.send('example', { url: url + path, method: 'GET' }), {
          outcome: 'failed',
          reason: 'broken',
          mayHaveArrived: true,
        });
      }
      const closed = createSocketServer();
      const free = await listening(closed);
      await new Promise((resolve) => closed.close(resolve));
      const elsewhere = open({ hosts: [{ host: 'localhost', ports: [free] }] });
      assert.deepEqual(await elsewhere.send('example', { url: `http://localhost:${free}/`, method: 'GET' }), {
        outcome: 'failed',
        reason: 'unreachable',
        mayHaveArrived: false,
      });
      const nowhere = open({}, { resolve: async () => [] });
      assert.deepEqual(await nowhere.send('example', { url: `${url}/`, method: 'GET' }), {
        outcome: 'failed',
        reason: 'unreachable',
        mayHaveArrived: false,
      });
      assert.equal(door.counts().get('example')!.failed, 3);
    },
  ));

test('a certificate must be trusted and carry the name, whatever the environment says (checklist 42)', async () => {
  const good = selfSigned('localhost');
  const server = createTlsServer(good, (_, response) => response.end('over TLS'));
  const port = await listening(server);
  const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  const recipients: Recipients = {
    example: {
      purpose: 'delivery',
      hosts: [
        { host: 'localhost', ports: [port] },
        { host: 'other.localhost', ports: [port] },
      ],
      fields: [],
      loopbackInDevelopment: true,
    },
  };
  const options = { development: true, resolve: async () => ['127.0.0.1'] };
  const trusting = createEgress(recipients, { ...options, ca: good.cert });
  const doubting = createEgress(recipients, options);
  try {
    const outcome = await trusting.send('example', { url: `https://localhost:${port}/`, method: 'GET' });
    assert.ok(
      outcome.outcome === 'answered' && outcome.body.toString() === 'over TLS',
      JSON.stringify(outcome),
    );
    const refused = { outcome: 'failed', reason: 'tls', mayHaveArrived: false };
    const request = (host: string): EgressRequest => ({ url: `https://${host}:${port}/`, method: 'GET' });
    assert.deepEqual(await trusting.send('example', request('other.localhost')), refused);
    assert.deepEqual(await doubting.send('example', request('localhost')), refused);
  } finally {
    if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
    await trusting.close();
    await doubting.close();
    server.closeAllConnections();
    server.close();
  }
});

test('the proxy variables of the environment are not read', () =>
  withServer(undefined, async ({ port, seen, open }) => {
    const names = [
      'HTTP_PROXY',
      'HTTPS_PROXY',
      'ALL_PROXY',
      'http_proxy',
      'https_proxy',
      'NODE_USE_ENV_PROXY',
    ];
    const before = names.map((name) => process.env[name]);
    for (const name of names) process.env[name] = 'http://127.0.0.1:9';
    try {
      const outcome = await open().send('example', { url: `http://localhost:${port}/`, method: 'GET' });
      assert.equal(outcome.outcome, 'answered');
      assert.equal(seen.length, 1);
    } finally {
      names.forEach((name, index) => {
        if (before[index] === undefined) delete process.env[name];
        else process.env[name] = before[index];
      });
    }
  }));
