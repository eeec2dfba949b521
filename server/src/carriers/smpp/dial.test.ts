import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { after, test } from 'node:test';
import { testSettings } from '../test/under-test.ts';
import { dial } from './dial.ts';

const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close();
});

/** A port that accepts and says nothing. */
async function silentPort(): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as { port: number }).port;
}

const code = (expected: string) => (error: unknown) => (error as { code?: string }).code === expected;

test('a handshake that never ends is given up in time', async () => {
  const settings = testSettings(await silentPort(), { tls: 'verify' });
  await assert.rejects(dial(settings, new AbortController().signal, 50), code('ETIMEDOUT'));
});

test('an abort ends the attempt with its own reason', async () => {
  const settings = testSettings(await silentPort(), { tls: 'verify' });
  const stop = new AbortController();
  const attempt = dial(settings, stop.signal);
  const reason = new Error('stopping');
  stop.abort(reason);
  await assert.rejects(attempt, reason);
  await assert.rejects(dial(settings, stop.signal), reason);
});

test('a closed port is refused by name', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  await assert.rejects(dial(testSettings(port), new AbortController().signal), code('ECONNREFUSED'));
});

test('a connected socket has no listeners left of the attempt', async () => {
  const socket = await dial(testSettings(await silentPort()), new AbortController().signal);
  assert.equal(socket.listenerCount('error') + socket.listenerCount('close'), 0);
  socket.destroy();
});
