import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { TcpProxy } from './tcp-proxy.ts';

/** Sends back what it gets and remembers how its connections ended. */
const echo = createServer({ allowHalfOpen: true });
const received: Buffer[] = [];
let proxy: TcpProxy;

before(async () => {
  echo.on('connection', (socket: Socket) => {
    socket.on('data', (chunk: Buffer) => {
      received.push(chunk);
      socket.write(chunk);
    });
    socket.on('end', () => socket.end());
    socket.on('error', () => undefined);
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await TcpProxy.start({ host: '127.0.0.1', port: (echo.address() as { port: number }).port });
});

after(async () => {
  await proxy.stop();
  echo.close();
});

interface Heard {
  readonly socket: Socket;
  text: string;
  ended: boolean;
  error: string | null;
}

async function talk(): Promise<Heard> {
  received.length = 0;
  const socket = connect({ host: '127.0.0.1', port: proxy.port, allowHalfOpen: true });
  const heard: Heard = { socket, text: '', ended: false, error: null };
  socket.on('data', (chunk) => {
    heard.text += chunk;
  });
  socket.on('end', () => {
    heard.ended = true;
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    heard.error = error.code ?? 'error';
  });
  await once(socket, 'connect');
  return heard;
}

async function until(holds: () => boolean): Promise<void> {
  const limit = performance.now() + 5_000;
  while (!holds()) {
    assert.ok(performance.now() < limit, 'did not come about within 5 s');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('octets pass unchanged in both directions', async () => {
  const heard = await talk();
  heard.socket.write('hello');
  await until(() => heard.text === 'hello');
  heard.socket.destroy();
  await until(() => proxy.connections === 0);
});

test('a cut lets exactly its octets pass, then resets both sides', async () => {
  const heard = await talk();
  const fired = proxy.arm({ direction: 'outward', octets: 7, how: 'rst' });
  heard.socket.write('hello');
  await until(() => heard.text === 'hello');
  heard.socket.write('world');
  await fired;
  await until(() => heard.error !== null);
  assert.equal(heard.error, 'ECONNRESET');
  await until(() => Buffer.concat(received).length >= 7);
  assert.equal(Buffer.concat(received).toString(), 'hellowo');
});

test('a cut of the answers loses them after the octets it lets pass, and ends in order', async () => {
  const heard = await talk();
  const fired = proxy.arm({ direction: 'homeward', octets: 3, how: 'fin' });
  heard.socket.write('hello');
  await fired;
  await until(() => heard.ended);
  assert.equal(heard.text, 'hel');
  assert.equal(Buffer.concat(received).toString(), 'hello');
  heard.socket.destroy();
});

test('half closed, the client hears the end and its octets still arrive', async () => {
  const heard = await talk();
  proxy.cutAll('half_close');
  await until(() => heard.ended);
  heard.socket.write('still here');
  await until(() => Buffer.concat(received).toString() === 'still here');
  heard.socket.destroy();
});

test('swallowing keeps the connection and passes nothing', async () => {
  const heard = await talk();
  proxy.swallow(true);
  heard.socket.write('hello');
  const other = await talk();
  other.socket.write('hello');
  proxy.swallow(false);
  const third = await talk();
  third.socket.write('passes');
  await until(() => third.text === 'passes');
  assert.deepEqual([heard.text, heard.ended, other.text, other.ended], ['', false, '', false]);
  proxy.endSilence();
  await until(() => heard.error !== null && other.error !== null);
  assert.equal(third.error, null);
  third.socket.destroy();
});

test('refusing, every new connection is reset', async () => {
  proxy.refuse(true);
  const socket = connect({ host: '127.0.0.1', port: proxy.port });
  const [error] = await once(socket, 'error').catch((thrown) => [thrown]);
  assert.equal((error as NodeJS.ErrnoException).code, 'ECONNRESET');
  proxy.refuse(false);
});
