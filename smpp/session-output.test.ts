import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import { encodeHeader } from './encode.ts';
import { SessionOutput } from './session-output.ts';

/** A socket whose buffer is full after one octet, and which takes one write at a time, when told to. */
class NarrowSocket extends Duplex {
  readonly sequences: number[] = [];
  ended = false;
  #taken: (() => void)[] = [];

  constructor() {
    super({ writableHighWaterMark: 1 });
  }

  override _read(): void {
    // Nothing is ever read from this socket.
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    for (let at = 0; at < chunk.length; at += 16) this.sequences.push(chunk.readUInt32BE(at + 12));
    this.#taken.push(done);
  }

  override _final(done: () => void): void {
    this.ended = true;
    done();
  }

  /** Takes everything that waits, now and in the following turns. */
  async drain(): Promise<void> {
    while (this.#taken.length > 0) {
      for (const done of this.#taken.splice(0)) done();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

const put = (output: SessionOutput, lane: 'main' | 'control', sequence: number) => {
  encodeHeader(output[lane], 0x15, 0, sequence);
  output.encoded();
};
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('a full socket holds messages back, not enquire_link, and gets them in order when it drains', async () => {
  const socket = new NarrowSocket();
  const output = new SessionOutput(socket);
  socket.on('drain', () => output.drained());
  put(output, 'main', 1);
  await turn();
  assert.equal(output.congested, true);
  put(output, 'main', 2);
  put(output, 'main', 3);
  const held = output.position;
  put(output, 'control', 100);
  await turn();
  assert.equal(output.wasHanded(16), true);
  assert.equal(output.wasHanded(held), false, 'what is held is known to be unsent');
  await socket.drain();
  assert.deepEqual(socket.sequences, [1, 100, 2, 3]);
  assert.equal(output.wasHanded(held), true);
});

test('the end writes what is held, and FIN behind it', async () => {
  const socket = new NarrowSocket();
  const output = new SessionOutput(socket);
  put(output, 'main', 1);
  await turn();
  put(output, 'main', 2);
  output.end();
  put(output, 'main', 3);
  await socket.drain();
  assert.deepEqual(socket.sequences, [1, 2]);
  assert.equal(socket.ended, true);
});

test('a batch that has grown large is written within its turn', async () => {
  const socket = new NarrowSocket();
  const output = new SessionOutput(socket);
  for (let sequence = 1; sequence <= 4_095; sequence++) put(output, 'main', sequence);
  assert.equal(socket.sequences.length, 0);
  put(output, 'main', 4_096);
  assert.equal(socket.sequences.length, 4_096, 'at 64 KiB');
  await socket.drain();
});
