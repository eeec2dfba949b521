// The edge on real sockets: what never becomes a request, who is let through, and what every answer carries.
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { after, describe, test } from 'node:test';
import { problemSchema } from '@sotto/contract/problem';
import { AppError } from '#platform/errors';
import { createLog } from '#platform/log';
import type { Route } from '#platform/route';
import { useApi } from '../../test/api.ts';
import { createHttpServer, type HttpOptions, type HttpServer } from './http.ts';

describe('the edge', () => {
  const app = useApi();
  const logged: string[] = [];
  const started: HttpServer[] = [];
  after(async () => {
    for (const server of started) await server.close();
  });

  function server(change: Partial<HttpOptions> = {}): HttpServer {
    const made = createHttpServer({
      db: app.database.db,
      keyring: app.keyring,
      log: createLog({ level: 'debug', destination: { write: (line) => void logged.push(line) } }),
      authenticator: app.authenticator,
      routes: app.routes,
      trustedProxies: [],
      requireHttps: false,
      bodyLimitBytes: 65_536,
      limits: { perKey: 100_000, failuresPerMinute: 100_000 },
      ...change,
    });
    started.push(made);
    return made;
  }

  const get = (
    from: HttpServer,
    headers: Record<string, string> = {},
    token: string | null = app.shop.token,
  ) =>
    from.fastify.inject({
      method: 'GET',
      url: '/v1/messages',
      headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers },
    });

  /** Writes octets as they are and reads until the server closes. */
  async function raw(port: number, write: (socket: Socket) => void): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', () => undefined);
    await new Promise<void>((open) => socket.once('connect', () => open()));
    const closed = new Promise<void>((done) => socket.once('close', () => done()));
    write(socket);
    const limit = setTimeout(() => socket.destroy(), 5_000);
    await closed;
    clearTimeout(limit);
    return text;
  }
  const portOf = async (of: HttpServer) => Number(new URL(await of.listen('127.0.0.1', 0)).port);

  /** The only answer on the connection, which must be a problem with every header of an answer. */
  function problemIn(text: string): string {
    const [head = '', body = ''] = text.split('\r\n\r\n', 2);
    const problem = problemSchema.parse(JSON.parse(body));
    assert.match(head, new RegExp(`^HTTP/1.1 ${problem.status} `));
    assert.match(head, /content-type: application\/problem\+json/i);
    assert.match(head, /request-id: req_/i);
    assert.match(head, /x-content-type-options: nosniff/i);
    assert.match(head, /content-security-policy: default-src 'none'/i);
    assert.match(head, /connection: close/i);
    assert.equal(text.match(/HTTP\/1\.1 \d{3} /g)!.length, 1, 'one answer only');
    return problem.code;
  }

  describe('smuggling', () => {
    const good = '{"to":"+4915550123456","text":"x"}';
    const head = 'POST /v1/messages HTTP/1.1\r\nHost: example.com\r\nContent-Type: application/json\r\n';
    const second = 'GET /healthz HTTP/1.1\r\nHost: example.com\r\n\r\n';
    const cases: readonly [string, string][] = [
      [
        'a length and chunks',
        `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${second}`,
      ],
      ['two lengths', `${head}Content-Length: ${good.length}\r\nContent-Length: 3\r\n\r\n${good}${second}`],
      ['a length with a sign', `${head}Content-Length: +5\r\n\r\n${good}${second}`],
      ['a bare line feed', `POST /v1/messages HTTP/1.1\nHost: example.com\nContent-Length: 0\n\n${second}`],
      ['a space before the colon', `${head}Content-Length : 5\r\n\r\n${good}${second}`],
      ['a folded header', `${head}X-A: b\r\n c\r\nContent-Length: 0\r\n\r\n${second}`],
      ['chunks of another coding', `${head}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${second}`],
      ['a chunk without a length', `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n${second}`],
      ['a method nobody knows', `FETCH /v1/messages HTTP/1.1\r\nHost: example.com\r\n\r\n${second}`],
      ['an endless head', `GET /healthz HTTP/1.1\r\nX-A: ${'a'.repeat(40_000)}\r\n\r\n${second}`],
      ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ];
    let port: Promise<number> | undefined;
    for (const [what, octets] of cases) {
      test(`by ${what} is refused once, and the connection closed (checklist 14, 38)`, async () => {
        port ??= portOf(server());
        const text = await raw(await port, (socket) => socket.write(octets, 'latin1'));
        assert.equal(problemIn(text), 'invalid_request');
      });
    }
  });

  test('TRACE and CONNECT are refused and echo nothing (checklist 39)', async () => {
    const port = await portOf(server());
    for (const method of ['TRACE', 'CONNECT']) {
      const text = await raw(port, (socket) =>
        socket.write(
          `${method} /v1/messages HTTP/1.1\r\nHost: a\r\nX-Canary: 7f3a\r\nConnection: close\r\n\r\n`,
        ),
      );
      assert.match(text, /^(HTTP\/1\.1 40[045] |$)/, method);
      assert.ok(!text.includes('7f3a'), text);
    }
  });

  test('a client that sends its head or its body too slowly is told so and cut off', async () => {
    const port = await portOf(server({ timeouts: { headersMs: 60, requestMs: 120 } }));
    const slowHead = await raw(port, (socket) => socket.write('GET /healthz HTTP/1.1\r\nHost: exam'));
    assert.equal(problemIn(slowHead), 'request_timeout');
    const slowBody = await raw(port, (socket) =>
      socket.write(
        'POST /v1/messages HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
      ),
    );
    assert.equal(problemIn(slowBody), 'request_timeout');
  });

  test('a client that goes away in the middle of a body costs nothing', async () => {
    const quick = server();
    const port = await portOf(quick);
    await raw(port, (socket) => {
      socket.write(
        'POST /v1/messages HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
      );
      setImmediate(() => socket.destroy());
    });
    assert.equal((await get(quick)).statusCode, 200);
  });

  describe('TLS', () => {
    test('is asked for in production: plain HTTP is refused, not redirected, and says what is at stake (checklist 37)', async () => {
      const answer = await get(server({ requireHttps: true }));
      assert.deepEqual([answer.statusCode, answer.json().code], [403, 'https_required']);
      assert.match(answer.json().detail, /replace the key/);
      assert.equal(answer.headers.location, undefined);
    });

    test('is asked for before a signed body is looked at, for a secret may stand in its headers', async () => {
      const answer = await server({ requireHttps: true }).fastify.inject({
        method: 'POST',
        url: '/v1/payment-notices/stripe',
      });
      assert.deepEqual([answer.statusCode, answer.json().code], [403, 'https_required']);
    });

    test('is believed of a trusted proxy, and of nobody else (checklist 36)', async () => {
      const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.7' };
      const behind = server({ requireHttps: true, trustedProxies: ['127.0.0.1'] });
      assert.equal((await get(behind, forwarded)).statusCode, 200);
      assert.equal((await get(behind)).statusCode, 403);
      assert.equal((await get(server({ requireHttps: true }), forwarded)).statusCode, 403);
      const elsewhere = server({ requireHttps: true, trustedProxies: ['192.0.2.99'] });
      assert.equal((await get(elsewhere, forwarded)).statusCode, 403);
    });

    test('alone brings Strict-Transport-Security (checklist 32)', async () => {
      const forwarded = { 'x-forwarded-proto': 'https' };
      const behind = server({ trustedProxies: ['127.0.0.1'] });
      assert.match(
        String((await get(behind, forwarded)).headers['strict-transport-security']),
        /max-age=\d{8}/,
      );
      assert.equal((await get(behind)).headers['strict-transport-security'], undefined);
      assert.equal((await get(server(), forwarded)).headers['strict-transport-security'], undefined);
    });
  });

  describe('limits', () => {
    test('refuse a key beyond its rate and say when to come back; another key goes on (checklist 56)', async () => {
      const limited = server({ limits: { perKey: 1, failuresPerMinute: 100 } });
      const first = await get(limited);
      assert.deepEqual(
        [first.statusCode, first.headers['ratelimit-limit'], first.headers['ratelimit-remaining']],
        [200, '2', '1'],
      );
      await get(limited);
      const refused = await get(limited);
      assert.deepEqual([refused.statusCode, refused.json().code], [429, 'rate_limited']);
      assert.ok(Number(refused.headers['retry-after']) >= 1);
      assert.equal(refused.headers['ratelimit-remaining'], '0');
      assert.equal((await get(limited, {}, app.stranger.token)).statusCode, 200);
    });

    test('refuse an address after too many wrong keys, the right key too, and say when to come back', async () => {
      const limited = server({ limits: { perKey: 100, failuresPerMinute: 3 } });
      for (let left = 2; left >= 0; left--) {
        const refused = await get(limited, {}, 'wrong');
        assert.deepEqual([refused.statusCode, refused.headers['ratelimit-remaining']], [401, String(left)]);
      }
      for (const token of ['wrong', null, app.shop.token]) {
        const refused = await get(limited, {}, token);
        assert.deepEqual([refused.statusCode, refused.json().code], [429, 'rate_limited']);
        assert.ok(Number(refused.headers['retry-after']) >= 1);
      }
    });

    test('count the address a trusted proxy names, and ignore what others claim (checklist 36)', async () => {
      const limits = { perKey: 100, failuresPerMinute: 1 };
      const from = (address: string) => ({ 'x-forwarded-for': address });
      const behind = server({ limits, trustedProxies: ['127.0.0.1'] });
      assert.equal((await get(behind, from('192.0.2.1'), 'wrong')).statusCode, 401);
      assert.equal((await get(behind, from('192.0.2.1'), 'wrong')).statusCode, 429);
      assert.equal((await get(behind, from('192.0.2.2'), 'wrong')).statusCode, 401);
      const bare = server({ limits });
      assert.equal((await get(bare, from('192.0.2.1'), 'wrong')).statusCode, 401);
      assert.equal((await get(bare, from('192.0.2.2'), 'wrong')).statusCode, 429);
    });
  });

  describe('a failure of our own', () => {
    const secret = 'postgres://owner:secret@db.example.com/sotto +4915550424242';
    const failing = (error: unknown): readonly Route[] =>
      app.routes.map((route) =>
        route.operation.path === '/v1/messages' && route.operation.method === 'GET'
          ? ({ ...route, handle: () => Promise.reject(error) } as Route)
          : route,
      );

    test('shows its request and nothing of itself, neither to the caller nor to the log (checklist 48)', async () => {
      logged.length = 0;
      for (const error of [
        new Error(secret),
        new TypeError(secret),
        Object.assign(new Error(secret), { code: '42P01' }),
        secret,
        null,
      ]) {
        const answer = await get(server({ routes: failing(error) }));
        assert.deepEqual([answer.statusCode, answer.json().code], [500, 'internal']);
        const shown = answer.payload + JSON.stringify(answer.headers) + logged.join('');
        for (const part of ['secret', 'postgres', '4915550424242', 'TypeError: ', '42P01 ']) {
          assert.ok(!shown.includes(part), `${part} is in ${shown}`);
        }
        assert.ok(
          logged.some((line) => line.includes('http.failed')),
          'an operator can find it',
        );
      }
    });

    test('of the database is called unavailable, with a time to come back', async () => {
      for (const error of [
        Object.assign(new Error(secret), { code: 'ECONNREFUSED' }),
        Object.assign(new Error(secret), { code: '57P01' }),
        new AppError('unavailable', { internal: secret, retryAfterSeconds: 1 }),
      ]) {
        const answer = await get(server({ routes: failing(error) }));
        assert.deepEqual(
          [answer.statusCode, answer.json().code, answer.headers['retry-after']],
          [503, 'unavailable', '1'],
        );
        assert.ok(!answer.payload.includes('secret'));
      }
    });
  });
});
