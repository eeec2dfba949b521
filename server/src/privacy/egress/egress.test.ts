import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createSocketServer, type Server } from 'node:net';
import { test } from 'node:test';
import { openConnections } from './connections.ts';
import { createEgress, type EgressOptions, type EgressRequest, type Recipients } from './egress.ts';
import { fieldsOf } from './payload.ts';
import { EgressRefusal } from './recipients.ts';
import { selfSigned } from './test/self-signed.ts';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A real server on this machine, and a door that may call it as `example` in development. */
async function withServer(
  answer: RequestListener | undefined,
  body: (world: {
    port: number;
    seen: Seen[];
    connections: () => number;
    open: (
      recipient?: Partial<Recipients[string]>,
      options?: EgressOptions,
    ) => ReturnType<typeof createEgress>;
  }) => Promise<void>,
): Promise<void> {
  const seen: Seen[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({
        method: request.method!,
        url: request.url!,
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      });
      if (answer) answer(request, response);
      else response.setHeader('x-answer', '1').end('{"ok":true}');
    });
  });
  server.on('connection', () => {
    connections += 1;
  });
  const port = await listening(server);
  const doors: ReturnType<typeof createEgress>[] = [];
  try {
    await body({
      port,
      seen,
      connections: () => connections,
      open: (recipient, options) => {
        const recipients: Recipients = {
          example: {
            purpose: 'delivery',
            hosts: [{ host: 'localhost', ports: [port] }],
            fields: ['to', 'message.text', 'items[].id', 'tags', 'metadata.*'],
            headers: ['authorization'],
            loopbackInDevelopment: true,
            ...recipient,
          },
        };
        const door = createEgress(recipients, {
          development: true,
          resolve: async () => ['127.0.0.1'],
          ...options,
        });
        doors.push(door);
        return door;
      },
    });
  } finally {
    await Promise.all(doors.map((door) => door.close()));
    server.closeAllConnections();
    server.close();
  }
}

const post = (url: string, body: EgressRequest['body']): EgressRequest =>
  body ? { url, method: 'POST', body } : { url, method: 'POST' };

const refusal = (code: EgressRefusal['code']) => (error: unknown) => {
  assert.ok(error instanceof EgressRefusal, String(error));
  assert.equal(error.code, code);
  return true;
};

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

test('a recipient, host, port or scheme that is not declared is not called', () =>
  withServer(undefined, async ({ port, connections, open }) => {
    const door = open();
    const url = `http://localhost:${port}/`;
    await assert.rejects(door.send('stranger', { url, method: 'GET' }), refusal('E-REC-UNDECLARED'));
    await assert.rejects(door.send('toString', { url, method: 'GET' }), refusal('E-REC-UNDECLARED'));
    const cases: [string, EgressRefusal['code']][] = [
      [`http://127.0.0.1:${port}/`, 'E-REC-UNDECLARED'],
      [`http://localhost:${port + 1}/`, 'E-REC-UNDECLARED'],
      [`https://localhost/`, 'E-REC-UNDECLARED'],
      [`http://example.com:${port}/`, 'E-TLS'],
      [`ftp://localhost:${port}/`, 'url_invalid'],
      [`http://user:secret@localhost:${port}/`, 'url_invalid'],
      ['not a url', 'url_invalid'],
    ];
    for (const [wrong, code] of cases) {
      await assert.rejects(door.send('example', { url: wrong, method: 'GET' }), refusal(code), wrong);
    }
    assert.equal(connections(), 0);
    assert.equal(door.counts().get('undeclared')!.refused, 2);
    assert.equal(door.counts().get('example')!.refused, cases.length);
  }));

test('a field, query key or header that is not declared stops the request before a connection', () =>
  withServer(undefined, async ({ port, connections, open }) => {
    const door = open();
    const url = `http://localhost:${port}/`;
    const surplus: EgressRequest['body'][] = [
      { json: { to: 'x', email: 'a@example.com' } },
      { json: { message: { text: 'x', sender: 'y' } } },
      { json: { message: 'now a text' } },
      { json: { items: [{ id: 1 }, { id: 2, name: 'x' }] } },
      { json: { metadatas: { x: 1 } } },
      { json: [{ to: 'x' }] },
      { jsonText: '{"to":"x","__proto__":{"a":1}}' },
      { jsonText: 'to=x' },
      { jsonText: '"x"' },
      { form: { to: 'x', code: '1' } },
      { json: { toJSON: () => ({ email: 'hidden until it is written' }) } },
    ];
    for (const body of surplus)
      await assert.rejects(door.send('example', post(url, body)), refusal('E-REC-PAYLOAD'));
    await assert.rejects(door.send('example', post(`${url}?email=a`, undefined)), refusal('E-REC-PAYLOAD'));
    for (const header of ['X-Forwarded-For', 'Cookie', 'Host', 'Transfer-Encoding']) {
      await assert.rejects(
        door.send('example', { url, method: 'GET', headers: { [header]: 'x' } }),
        refusal('E-REC-PAYLOAD'),
        header,
      );
    }
    let nested: object = {};
    for (let depth = 0; depth < 40; depth += 1) nested = { metadata: nested };
    await assert.rejects(door.send('example', post(url, { json: nested })), refusal('E-REC-PAYLOAD'));
    assert.equal(connections(), 0);
  }));

test('the paths of a payload name every leaf', () => {
  assert.deepEqual(fieldsOf({ a: 1, b: { c: null, d: [1, 2] }, e: [{ f: 1 }], g: {}, h: [] }), [
    'a',
    'b.c',
    'b.d',
    'b.d',
    'e[].f',
    'g',
    'h',
  ]);
});

test('no spelling of a private address is called, also where customers name the host', () =>
  withServer(undefined, async ({ connections, open }) => {
    const door = open({ hosts: 'customer_endpoints', loopbackInDevelopment: false });
    const hosts = [
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f.1',
      '017700000001',
      '①②⑦.⓪.⓪.①',
      '0.0.0.0',
      '10.0.0.1',
      '169.254.169.254',
      '192.168.1.1',
      '[::1]',
      '[::]',
      '[::ffff:127.0.0.1]',
      '[::ffff:169.254.169.254]',
      '[::127.0.0.1]',
      '[64:ff9b::7f00:1]',
      '[fd00::1]',
      '[fe80::1]',
      '127.0.0.1.',
    ];
    for (const host of hosts) {
      await assert.rejects(
        door.send('example', { url: `https://${host}/`, method: 'GET' }),
        refusal('address_not_public'),
        host,
      );
    }
    for (const port of [80, 22, 6379, 5432]) {
      await assert.rejects(
        door.send('example', { url: `https://example.com:${port}/`, method: 'GET' }),
        refusal('E-REC-UNDECLARED'),
      );
    }
    assert.equal(connections(), 0);
  }));

test('a name is refused when one of its addresses is not public, and every attempt resolves anew', () =>
  withServer(undefined, async ({ open }) => {
    const answers = [
      ['127.0.0.1'],
      ['93.184.216.34', '10.0.0.1'],
      ['2606:4700::1111', '::1'],
      ['::ffff:93.184.216.34'],
      ['localhost'],
    ];
    let asked = 0;
    const door = open(
      { hosts: 'customer_endpoints', loopbackInDevelopment: false },
      { resolve: async () => answers[asked++]! },
    );
    for (const answer of answers) {
      await assert.rejects(
        door.send('example', { url: 'https://hooks.example.com/', method: 'POST' }),
        refusal('address_not_public'),
        String(answer),
      );
    }
    assert.equal(asked, answers.length);
  }));

test('a name that is rebound between two calls is refused at the second', () =>
  withServer(
    (_, response) => response.setHeader('connection', 'close').end(),
    async ({ port, connections, open }) => {
      const answers = [['127.0.0.1'], ['10.0.0.1']];
      const door = open({}, { resolve: async () => answers.shift()! });
      const request: EgressRequest = { url: `http://localhost:${port}/`, method: 'GET' };
      assert.equal((await door.send('example', request)).outcome, 'answered');
      await assert.rejects(door.send('example', request), refusal('address_not_public'));
      assert.equal(connections(), 1);
    },
  ));

test('the address of the peer is checked again once the connection stands', () =>
  withServer(undefined, async ({ port, seen }) => {
    const pool = openConnections({ resolve: async () => [], loopback: false, connectTimeoutMs: 1000 });
    const call = pool.request({ origin: `http://127.0.0.1:${port}`, path: '/', method: 'GET' });
    await assert.rejects(call, refusal('address_not_public'));
    assert.equal(seen.length, 0);
    await pool.destroy();
  }));

test('loopback is for development and for recipients that declare it', () =>
  withServer(undefined, async ({ port, connections, open }) => {
    const request: EgressRequest = { url: `http://localhost:${port}/`, method: 'GET' };
    await assert.rejects(open({}, { development: false }).send('example', request), refusal('E-TLS'));
    await assert.rejects(open({ loopbackInDevelopment: false }).send('example', request), refusal('E-TLS'));
    assert.equal(connections(), 0);
  }));

test('redirects are answers and are not followed', () =>
  withServer(
    (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
    async ({ port, seen, open }) => {
      const outcome = await open().send('example', { url: `http://localhost:${port}/`, method: 'GET' });
      assert.ok(outcome.outcome === 'answered' && outcome.status === 302);
      assert.equal(seen.length, 1);
    },
  ));

test('an answer beyond its cap is cut off and not kept', () =>
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

test('a request beyond its cap is refused', () =>
  withServer(undefined, async ({ port, connections, open }) => {
    const body = { json: { to: 'x'.repeat(1024 * 1024) } };
    await assert.rejects(
      open().send('example', post(`http://localhost:${port}/`, body)),
      refusal('request_too_large'),
    );
    assert.equal(connections(), 0);
  }));

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

test('a certificate must be trusted and carry the name, whatever the environment says', async () => {
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

test('a refusal names neither the URL nor a value', () =>
  withServer(undefined, async ({ port, open }) => {
    const door = open();
    const secrets = ['+4915123450001', 'token-493021'];
    const calls: EgressRequest[] = [
      { url: `http://localhost:${port + 1}/${secrets[0]}?to=${secrets[1]}`, method: 'GET' },
      post(`http://localhost:${port}/`, { json: { phone: secrets[0], to: secrets[1] } }),
      { url: `https://${secrets[1]}.example.com/`, method: 'GET' },
    ];
    for (const call of calls) {
      await assert.rejects(door.send('example', call), (error: Error) => {
        for (const secret of secrets) assert.ok(!String(error.stack).includes(secret));
        return true;
      });
    }
  }));
