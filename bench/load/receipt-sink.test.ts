import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { ReceiptSink } from './receipt-sink.ts';

test('each message is counted once, by its final state, in requests cut anywhere', async () => {
  const sink = new ReceiptSink(1_000);
  const port = await sink.listen();
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const get = (id: number, type: number) =>
    `GET /dlr?id=${id}&t=${type} HTTP/1.1\r\nHost: x\r\nUser-Agent: y\r\n\r\n`;
  const text = get(1_000, 1) + get(1_001, 2) + get(1_000, 1) + get(1_009, 1);
  let answers = '';
  const answered = new Promise<void>((done) => {
    socket.on('data', (octets: Buffer) => {
      answers += octets.toString('latin1');
      if (answers.split('HTTP/1.1 200 OK').length - 1 === 4) done();
    });
  });
  for (let at = 0; at < text.length; at += 37) socket.write(text.slice(at, at + 37));
  await answered;
  assert.deepEqual(sink.counts, { delivered: 2, failed: 1, repeated: 1 });
  socket.destroy();
  sink.close();
});
