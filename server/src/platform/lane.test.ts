import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLane } from './lane.ts';

/** Some turns of the event loop: enough for a lane to take up what it may. */
const turn = async () => {
  for (let n = 0; n < 4; n++) await new Promise((next) => setImmediate(next));
};

/** A flush that ends when told. */
function gate<Item>() {
  const flushes: { items: Item[]; end: () => void }[] = [];
  const flush = (items: Item[]) =>
    new Promise<void>((end) => {
      flushes.push({ items: [...items], end });
    });
  return { flushes, flush };
}

test('what arrives in one turn shares a flush, what arrives during it shares the next', async () => {
  const { flushes, flush } = gate<number>();
  const lane = createLane(flush, { weightMax: 10 });
  lane.push(1);
  lane.push(2);
  await turn();
  lane.push(3);
  lane.push(4);
  await turn();
  assert.deepEqual(
    flushes.map(({ items }) => items),
    [[1, 2]],
  );
  assert.equal(lane.depth, 4);
  flushes[0]!.end();
  await turn();
  assert.deepEqual(
    flushes.map(({ items }) => items),
    [
      [1, 2],
      [3, 4],
    ],
  );
  flushes[1]!.end();
  await lane.flushed();
  assert.equal(lane.depth, 0);
});

test('a flush holds no more than its weight, a heavier item goes alone, and the order is kept', async () => {
  const seen: number[][] = [];
  const lane = createLane<number>(async (items) => void seen.push([...items]), {
    weightMax: 10,
    weigh: (item) => item,
  });
  for (const item of [4, 4, 4, 25, 1, 9, 1]) lane.push(item);
  await lane.flushed();
  assert.deepEqual(seen, [[4, 4], [4], [25], [1, 9], [1]]);
});

test('a lane that rests gathers what arrives meanwhile, and does not rest with a full flush waiting', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const restMs = 60_000;
  const seen: number[][] = [];
  const lane = createLane<number>(async (items) => void seen.push([...items]), { weightMax: 3, restMs });
  lane.push(0);
  await lane.flushed();
  lane.push(1);
  await turn();
  lane.push(2);
  await turn();
  assert.deepEqual(seen, [[0]], 'it rests');
  context.mock.timers.tick(restMs);
  await lane.flushed();
  assert.deepEqual(seen, [[0], [1, 2]]);
  for (const item of [3, 4, 5, 6, 7, 8]) lane.push(item);
  await turn();
  context.mock.timers.tick(restMs);
  await lane.flushed();
  assert.deepEqual(seen.slice(2), [
    [3, 4, 5],
    [6, 7, 8],
  ]);
});

test('flushed resolves at once when nothing was taken', async () => {
  await createLane(async () => undefined, { weightMax: 1 }).flushed();
});

test('flushed waits for what was taken before it was asked, not for what keeps arriving', async () => {
  const { flushes, flush } = gate<number>();
  const lane = createLane(flush, { weightMax: 1 });
  lane.push(1);
  lane.push(2);
  let settled = false;
  const waited = lane.flushed().then(() => {
    settled = true;
  });
  await turn();
  flushes[0]!.end();
  await turn();
  lane.push(3);
  assert.equal(settled, false, 'the second item is not flushed yet');
  flushes[1]!.end();
  await waited;
  assert.equal(lane.depth, 1, 'the third still waits');
  await turn();
  flushes[2]!.end();
  await lane.flushed();
});

test('callers that come back after an answer share the next flush with those who waited', async () => {
  const { flushes, flush } = gate<number>();
  const lane = createLane(flush, { weightMax: 100, gatherMs: 1_000 });
  for (let n = 0; n < 10; n++) lane.push(n);
  await turn();
  for (let n = 10; n < 20; n++) lane.push(n);
  flushes[0]!.end();
  await turn();
  assert.equal(flushes.length, 1, 'the ten who waited wait for the ten who were answered');
  for (let n = 20; n < 28; n++) lane.push(n);
  await turn();
  assert.equal(flushes[1]!.items.length, 18, 'nine of ten are enough');
  flushes[1]!.end();
});

test('nothing is gathered after a flush of few items', async () => {
  const { flushes, flush } = gate<number>();
  const lane = createLane(flush, { weightMax: 100, gatherMs: 1_000 });
  lane.push(1);
  await turn();
  lane.push(2);
  flushes[0]!.end();
  await turn();
  assert.deepEqual(flushes[1]!.items, [2]);
  flushes[1]!.end();
});
