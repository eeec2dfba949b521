import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { test } from 'node:test';
import { HttpConnection } from './http-connection.ts';

/** A server that answers every chunk with the given pieces, each a write of its own. */
async function answering(pieces: readonly string[]): Promise<{ port: number; server: Server }> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('data', () => {
      void (async () => {
        for (const piece of pieces) {
          socket.write(piece);
          // The next piece goes out after the peer had a turn to read this one.
          await new Promise(setImmediate);
        }
      })();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as { port: number }).port, server };
}

test('an answer cut anywhere is read whole, and the next one begins after it', async () => {
  const body = '{"id":"msg_1"}';
  const answer = `HTTP/1.1 202 Accepted\r\ncontent-LENGTH: ${body.length}\r\nX: y\r\n\r\n${body}`;
  for (const cut of [1, 20, 40, answer.length - 20, answer.length - 1]) {
    const { port, server } = await answering([answer.slice(0, cut), answer.slice(cut)]);
    const seen: string[] = [];
    await new Promise<void>((done) => {
      const connection = new HttpConnection(port, '127.0.0.1', {
        onAnswer({ status, octets, bodyStart }) {
          seen.push(`${status} ${octets.toString('latin1', bodyStart)}`);
          if (seen.length < 3) connection.send('again');
          else connection.close();
        },
        onEnd: () => done(),
      });
      connection.send('request');
    });
    assert.deepEqual(seen, Array(3).fill(`202 ${body}`), `cut at ${cut}`);
    server.close();
  }
});

test('a connection that ends before its answer says that a request was pending', async () => {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const pending = await new Promise<boolean>((done) => {
    const connection = new HttpConnection(port, '127.0.0.1', {
      onAnswer: () => assert.fail('nothing was answered'),
      onEnd: done,
    });
    connection.send('request');
  });
  assert.equal(pending, true);
  server.close();
});

test('an answer nobody asked for ends the connection and is not counted', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end('HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const pending = await new Promise<boolean>((done) => {
    new HttpConnection(port, '127.0.0.1', { onAnswer: () => assert.fail('nothing was asked'), onEnd: done });
  });
  assert.equal(pending, false);
  server.close();
});
