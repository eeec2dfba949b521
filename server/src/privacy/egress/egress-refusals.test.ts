import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openConnections } from './connections.ts';
import type { EgressRequest } from './egress.ts';
import { fieldsOf } from './payload.ts';
import { EgressRefusal } from './recipients.ts';
import { post, withServer } from './test/egress-server.ts';

const refusal = (code: EgressRefusal['code']) => (error: unknown) => {
  assert.ok(error instanceof EgressRefusal, String(error));
  assert.equal(error.code, code);
  return true;
};

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

test('no spelling of a private address is called, also where customers name the host (checklist 41)', () =>
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

test('a name that is rebound between two calls is refused at the second (checklist 41)', () =>
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

test('a request beyond its cap is refused', () =>
  withServer(undefined, async ({ port, connections, open }) => {
    const body = { json: { to: 'x'.repeat(1024 * 1024) } };
    await assert.rejects(
      open().send('example', post(`http://localhost:${port}/`, body)),
      refusal('request_too_large'),
    );
    assert.equal(connections(), 0);
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
