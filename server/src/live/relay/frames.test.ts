import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { FRAME_BYTES_MAX, type Frame, FrameFault, FrameReader, writeFrame } from './frames.ts';

const read = (...chunks: Buffer[]): Frame[] => {
  const reader = new FrameReader();
  return chunks.flatMap((chunk) => [...reader.push(chunk)]);
};
const values = (frames: readonly Frame[]) =>
  frames.map(({ request, kind, body }) => [request, kind, JSON.parse(body.toString())]);

const FRAMES = () => [
  writeFrame(1, 'deposit', { text: 'half a pair \ud83d' }),
  writeFrame(0xffff_ffff, 'read', null),
  writeFrame(0, 'fault', []),
];
const VALUES = [
  [1, 'deposit', { text: 'half a pair \ud83d' }],
  [0xffff_ffff, 'read', null],
  [0, 'fault', []],
];

test('frames come out as they went in, wherever the stream is cut', () => {
  const stream = Buffer.concat(FRAMES());
  assert.deepEqual(values(read(stream)), VALUES);
  for (let at = 0; at <= stream.length; at++) {
    assert.deepEqual(values(read(stream.subarray(0, at), stream.subarray(at))), VALUES);
  }
  assert.deepEqual(values(read(...[...stream].map((octet) => Buffer.from([octet])))), VALUES);
});

test('a stream that ends within a frame gives the frames before it, and nothing of that one', () => {
  const [first, second] = FRAMES() as [Buffer, Buffer];
  for (let octets = 0; octets < second.length; octets++) {
    assert.equal(read(Buffer.concat([first, second.subarray(0, octets)])).length, 1);
  }
});

test('a length beyond the bound is refused before its body is waited for', () => {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(FRAME_BYTES_MAX + 1);
  assert.throws(() => read(head), FrameFault);
  assert.throws(() => writeFrame(1, 'answer', 'x'.repeat(FRAME_BYTES_MAX)), FrameFault);
});

test('an unknown kind and a length below the head are refused', () => {
  const frame = writeFrame(1, 'answer', 1);
  frame.writeUInt8(9, 8);
  assert.throws(() => read(frame), FrameFault);
  assert.throws(() => read(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0])), FrameFault);
});

test('random octets end in a fault or wait for more; they never come out as more than they are', () => {
  for (let run = 0; run < 500; run++) {
    const octets = randomBytes(64);
    try {
      for (const { body } of read(octets)) assert.ok(body.length < octets.length);
    } catch (error) {
      assert.ok(error instanceof FrameFault);
    }
  }
});
