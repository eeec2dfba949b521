// Both loops against a small server that counts what it was asked.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { type ClosedLoop, runClosedLoop } from './closed-loop.ts';
import { runOpenLoop } from './open-loop.ts';
import { FIRST_NUMBER, postSpec } from './request-spec.ts';

interface Counted {
  readonly port: number;
  readonly numbers: string[];
  stop(): void;
}

/** Accepts messages; each request with number `refused` is refused. */
async function counting(refused = ''): Promise<Counted> {
  const numbers: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (text: Buffer) => {
      body += text.toString();
    });
    request.on('end', () => {
      const { messages } = JSON.parse(body) as { messages: { to: string }[] };
      const data = messages.map(({ to }) => (to === refused ? { error: {} } : { message: { to } }));
      numbers.push(...messages.map(({ to }) => to));
      const answer = JSON.stringify({ data });
      response.writeHead(202, { 'content-length': answer.length }).end(answer);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as { port: number }).port,
    numbers,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const request = (items: number) =>
  postSpec({
    path: '/',
    host: 'localhost',
    token: 'none',
    open: '{"messages":[',
    item: ['{"to":"', '"}'],
    close: ']}',
    items,
  });

const closed = (port: number, change: Partial<ClosedLoop>): ClosedLoop => ({
  kind: 'closed',
  host: '127.0.0.1',
  port,
  connections: 4,
  request: request(5),
  durationMs: 5_000,
  messagesMax: 100,
  acceptedMark: '{"message":{',
  firstIndex: 0,
  ...change,
});

test('a closed loop sends each destination once and stops at its bound', async () => {
  const server = await counting();
  const result = await runClosedLoop(closed(server.port, { firstIndex: 7 }));
  assert.equal(result.accepted, 100);
  assert.equal(result.messagesSent, 100);
  assert.deepEqual(result.statuses, { 202: 20 });
  assert.equal(result.latency.count, 20);
  const wanted = Array.from({ length: 100 }, (_, at) => String(FIRST_NUMBER + 7 + at));
  assert.deepEqual(server.numbers.sort(), wanted);
  server.stop();
});

test('messages that an answer refuses are not counted as accepted', async () => {
  const server = await counting(String(FIRST_NUMBER + 3));
  const result = await runClosedLoop(closed(server.port, { connections: 1, messagesMax: 10 }));
  assert.equal(result.messagesSent, 10);
  assert.equal(result.accepted, 9);
  server.stop();
});

test('a closed loop whose server is gone fails instead of trying for ever', async () => {
  const server = await counting();
  server.stop();
  await assert.rejects(
    runClosedLoop(closed(server.port, { connections: 2, messagesMax: 10_000 })),
    /lost their connection/,
  );
});

test('an open loop keeps to its seed, measures every request and says when each began', async () => {
  const server = await counting();
  const load = {
    kind: 'open',
    host: '127.0.0.1',
    port: server.port,
    connections: 2,
    connectionsMax: 16,
    request: request(1),
    requestsPerSecond: 500,
    durationMs: 200,
    warmUpMs: 0,
    seed: 42,
    firstIndex: 0,
    keepTimes: true,
  } as const;
  const first = await runOpenLoop(load);
  const second = await runOpenLoop(load);
  assert.equal(first.messagesSent, second.messagesSent, 'the same seed plans the same requests');
  assert.ok(first.messagesSent > 60 && first.messagesSent < 140, `about a hundred: ${first.messagesSent}`);
  assert.equal(first.accepted, first.messagesSent);
  assert.equal(first.latency.count, first.messagesSent);
  assert.equal(first.beganAtMs.length, first.messagesSent);
  assert.equal(first.unanswered, 0);
  server.stop();
});
