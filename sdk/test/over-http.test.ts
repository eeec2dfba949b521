// The client over real sockets: what a scripted fetch cannot show.
import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { ConnectionError, createClient } from '@sotto/sdk';

const servers: ReturnType<typeof createServer>[] = [];
after(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const timers = { random: () => 0, wait: async () => undefined };

test('a connection cut before the answer is repeated with the same key, and the answer arrives', async () => {
  const keys: unknown[] = [];
  const baseUrl = await listen((request, response) => {
    keys.push(request.headers['idempotency-key']);
    if (keys.length === 1) return void request.socket.destroy();
    response
      .writeHead(202, { 'content-type': 'application/json' })
      .end('{"id":"msg_01jd3rh8e7fv2r0kqvw4m9xt5c"}');
  });
  const client = createClient({ baseUrl, apiKey: 'k', timers });
  const sent = await client.messages.send({ to: '+4915123456789', text: 'Grüße 😀' });
  assert.equal(sent.id, 'msg_01jd3rh8e7fv2r0kqvw4m9xt5c');
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
});

test('an answer cut in the middle is not taken for an answer', async () => {
  const baseUrl = await listen((request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"available":', () => request.socket.destroy());
  });
  const client = createClient({ baseUrl, apiKey: 'k', timers, retriesMax: 1 });
  await assert.rejects(client.wallet.get(), ConnectionError);
});

test('a redirect is not followed, so the key goes nowhere else', async () => {
  let elsewhere = 0;
  const other = await listen((_, response) => {
    elsewhere++;
    response.end();
  });
  const baseUrl = await listen(
    (_, response) => void response.writeHead(307, { location: `${other}/` }).end(),
  );
  const client = createClient({ baseUrl, apiKey: 'k', timers, retriesMax: 0 });
  await assert.rejects(client.messages.send({ to: '+4915123456789', text: 'Hello' }), ConnectionError);
  assert.equal(elsewhere, 0);
});

test('nobody listening is unreachable, with the key to repeat the call by', async () => {
  const baseUrl = await listen(() => undefined);
  await new Promise((resolve) => servers.at(-1)?.close(resolve));
  const client = createClient({ baseUrl, apiKey: 'k', timers });
  await assert.rejects(
    client.messages.send({ to: '+4915123456789', text: 'Hello' }, { idempotencyKey: 'order-17' }),
    (error) =>
      error instanceof ConnectionError &&
      error.fault === 'unreachable' &&
      error.idempotencyKey === 'order-17',
  );
});
