import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AcknowledgedBatches, BATCH_MAX, BATCHES_IN_FLIGHT_MAX } from './acknowledged-batches.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const retryable = () => Object.assign(new Error('down'), { retryable: true });

test('what arrives in one turn is stored in one batch and acknowledged only after it', async () => {
  const gates: (() => void)[] = [];
  const batches: number[][] = [];
  const stored = new AcknowledgedBatches<number>(
    (batch) => {
      batches.push([...batch]);
      return new Promise<void>((resolve) => gates.push(resolve));
    },
    () => assert.fail('nothing fails here'),
  );
  const settled: boolean[] = [];
  for (const item of [1, 2, 3]) stored.add(item, (ok) => settled.push(ok));
  await turn();
  assert.deepEqual(batches, [[1, 2, 3]]);
  assert.deepEqual(settled, []);
  gates[0]!();
  await stored.idle();
  assert.deepEqual(settled, [true, true, true]);
});

test('batches are bounded, and so is how many are under way', async () => {
  const gates: (() => void)[] = [];
  const sizes: number[] = [];
  const stored = new AcknowledgedBatches<number>(
    (batch) => {
      sizes.push(batch.length);
      return new Promise<void>((resolve) => gates.push(resolve));
    },
    () => undefined,
  );
  let settled = 0;
  const total = BATCH_MAX * 6 + 10;
  for (let item = 0; item < total; item++)
    stored.add(item, () => {
      settled += 1;
    });
  await turn();
  assert.deepEqual(sizes, Array(BATCHES_IN_FLIGHT_MAX).fill(BATCH_MAX));
  while (settled < total) {
    for (const open of gates.splice(0)) open();
    await turn();
  }
  await stored.idle();
  assert.equal(
    sizes.reduce((sum, size) => sum + size, 0),
    total,
  );
  assert.ok(sizes.every((size) => size <= BATCH_MAX));
});

test('when the database is away every item of the batch comes again', async () => {
  let calls = 0;
  const failures: number[] = [];
  const stored = new AcknowledgedBatches<number>(
    async () => {
      calls += 1;
      throw retryable();
    },
    (_error, items) => failures.push(items),
  );
  const settled: boolean[] = [];
  for (let item = 0; item < 8; item++) stored.add(item, (ok) => settled.push(ok));
  await stored.idle();
  assert.equal(calls, 1);
  assert.deepEqual(settled, Array(8).fill(false));
  assert.deepEqual(failures, [8]);
});

test('one item that cannot be stored does not keep the others from being acknowledged', async () => {
  const stored = new AcknowledgedBatches<number>(
    async (batch) => {
      if (batch.includes(100)) throw new Error('22P05');
    },
    () => undefined,
  );
  const refused: number[] = [];
  let kept = 0;
  for (let item = 0; item < BATCH_MAX; item++)
    stored.add(item, (ok) => {
      if (ok) kept += 1;
      else refused.push(item);
    });
  await stored.idle();
  assert.deepEqual(refused, [100]);
  assert.equal(kept, BATCH_MAX - 1);
});

test('a store that answers for each item has each acknowledged by its answer', async () => {
  const stored = new AcknowledgedBatches<number>(
    async (batch) => batch.map((item) => item % 2 === 0),
    () => assert.fail('nothing failed'),
  );
  const settled = new Map<number, boolean>();
  for (let item = 0; item < 6; item++) stored.add(item, (ok) => settled.set(item, ok));
  await stored.idle();
  assert.deepEqual([...settled.values()], [true, false, true, false, true, false]);
});
