import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MEMORY_BOUNDS, type MemoryBounds } from './budget.ts';
import { type Arrival, InboundMemory } from './inbound-memory.ts';
import { PARTS_MS_MAX } from './part-memory.ts';
import { aPiece, handClock, longPieces, WORKSPACE } from './test/hand-clock.ts';
import { UNREAD_MS_MAX } from './text-memory.ts';

const GRACE_MS = 60_000;
const PAGE = { only: null, before: null, limit: 100, given: 100, receivedFrom: null, receivedBefore: null };

function aMemory(bounds: Partial<MemoryBounds> = {}) {
  const clock = handClock();
  const memory = new InboundMemory({
    nowMs: clock.nowMs,
    dateMs: clock.nowMs,
    readGraceMs: GRACE_MS,
    bounds: { ...MEMORY_BOUNDS, ...bounds },
  });
  const arrivals: Arrival[] = [];
  return {
    memory,
    arrivals,
    advance: clock.advance,
    take: (...pieces: Parameters<InboundMemory['take']>[0][]) =>
      pieces.map((piece) => memory.take(piece, arrivals)),
    texts: (workspaceId = WORKSPACE) =>
      memory.read(workspaceId, PAGE).map(({ content }) => content.toString()),
    sweep: () => memory.sweep(arrivals),
  };
}

test('a text can be read until the grace after its first reading is over, and no longer', () => {
  const { memory, take, texts, advance } = aMemory();
  assert.deepEqual(take(aPiece('quince')), ['stored']);
  assert.equal(memory.atRisk, 1);
  assert.deepEqual(texts(), ['quince']);
  advance(GRACE_MS - 1);
  assert.deepEqual(texts(), ['quince']);
  advance(1);
  assert.deepEqual(texts(), []);
  assert.deepEqual([memory.atRisk, memory.bytes], [0, 0]);
});

test('a text nobody reads is wiped when it has waited too long', () => {
  const { memory, take, texts, advance, sweep } = aMemory();
  take(aPiece('quince'));
  advance(UNREAD_MS_MAX);
  assert.deepEqual(sweep(), { read: 0, aged: 1 });
  assert.deepEqual(texts(), []);
  assert.equal(memory.bytes, 0);
});

test('only what a page gave out counts as read', () => {
  const { memory, take, texts, advance } = aMemory();
  take(aPiece('first'), aPiece('second'), aPiece('third'));
  const page = memory.read(WORKSPACE, { ...PAGE, limit: 3, given: 2 });
  assert.deepEqual(
    page.map(({ content }) => content.toString()),
    ['third', 'second', 'first'],
  );
  assert.equal(memory.atRisk, 1);
  advance(GRACE_MS);
  assert.deepEqual(texts(), ['first']);
});

test('a page goes on below an id and keeps to its times', () => {
  const { memory, take, advance } = aMemory();
  take(aPiece('a'));
  advance(1_000);
  take(aPiece('b'));
  const [newest, oldest] = memory.read(WORKSPACE, PAGE);
  const texts = (page: Partial<typeof PAGE> & object) =>
    memory.read(WORKSPACE, { ...PAGE, ...page }).map(({ content }) => content.toString());
  assert.deepEqual(texts({ before: newest!.id as never }), ['a']);
  assert.deepEqual(texts({ receivedFrom: newest!.receivedAt as never }), ['b']);
  assert.deepEqual(texts({ receivedBefore: newest!.receivedAt as never }), ['a']);
  assert.equal(texts({ before: oldest!.id as never }).length, 0);
});

test('a workspace sees nothing of another one', () => {
  const { take, texts } = aMemory();
  take(aPiece('mine'));
  assert.deepEqual(texts('01890000-0000-7000-8000-000000000002'), []);
});

test('parts in any order become one text, and nothing is held of them afterwards', () => {
  const { memory, arrivals, take, texts } = aMemory();
  const [a, b, c] = longPieces(['quince ', 'and med', 'lar 😀'.slice(0, -1)], 7);
  assert.deepEqual(take(c!, a!), ['waiting', 'waiting']);
  assert.equal(arrivals.length, 0);
  assert.deepEqual(take(b!), ['stored']);
  assert.deepEqual(texts(), ['quince and medlar \ufffd']);
  assert.equal(memory.bytes, Buffer.byteLength('quince and medlar \ufffd'));
  assert.equal(arrivals.length, 1);
});

test('a surrogate pair cut between two parts is whole again', () => {
  const { take, texts } = aMemory();
  take(...longPieces(['fig 😀'.slice(0, 5), '😀'.slice(1)], 1));
  assert.deepEqual(texts(), ['fig 😀']);
});

test('a part sent again is known for one, also after its text was read and wiped', () => {
  const { take, texts, advance } = aMemory();
  const parts = longPieces(['quince ', 'jelly'], 9);
  take(...parts);
  texts();
  advance(GRACE_MS);
  assert.deepEqual(take(...parts), ['duplicate', 'duplicate']);
  assert.deepEqual(texts(), []);
});

test('the same word twice is two texts, unless the connector is in doubt', () => {
  const { take, texts } = aMemory();
  assert.deepEqual(take(aPiece('yes'), aPiece('yes')), ['stored', 'stored']);
  assert.deepEqual(take(aPiece('yes', { possibleRepeat: true })), ['duplicate']);
  assert.equal(texts().length, 2);
});

test('parts that wait in vain are given out incomplete', () => {
  const { arrivals, memory, take, texts, advance, sweep } = aMemory();
  take(longPieces(['quince ', 'gone', ' cheese'], 3)[0]!, longPieces(['quince ', 'gone', ' cheese'], 3)[2]!);
  assert.equal(memory.atRisk, 1);
  advance(PARTS_MS_MAX);
  sweep();
  assert.equal(arrivals.length, 1);
  assert.deepEqual(texts(), ['quince … cheese']);
});

test('a flood of beginnings from one sender is given out, oldest first, and bounded', () => {
  const { memory, take, texts } = aMemory();
  for (let reference = 0; reference < 40; reference++)
    take(longPieces([`${reference}`, 'never'], reference)[0]!);
  assert.equal(texts().length, 24);
  assert.equal(memory.atRisk, 16);
});

test('what does not fit is refused and pushes nothing out; it fits once something was wiped', () => {
  const { take, texts, advance } = aMemory({ itemsOfWorkspaceMax: 2 });
  assert.deepEqual(take(aPiece('a'), aPiece('b'), aPiece('c')), ['stored', 'stored', 'refused']);
  assert.deepEqual(texts(), ['b', 'a']);
  advance(GRACE_MS);
  texts();
  assert.deepEqual(take(aPiece('c')), ['stored']);
});

test('bytes are bounded for a workspace, and for all of them together', () => {
  const own = aMemory({ bytesOfWorkspaceMax: 10 });
  assert.deepEqual(own.take(aPiece('12345678'), aPiece('123')), ['stored', 'refused']);
  const all = aMemory({ bytesMax: 10 });
  const other = '01890000-0000-7000-8000-000000000002';
  assert.deepEqual(all.take(aPiece('12345678'), aPiece('123', { workspaceId: other })), [
    'stored',
    'refused',
  ]);
});

test('wiping leaves nothing', () => {
  const { memory, take, texts } = aMemory();
  take(aPiece('quince'), longPieces(['a', 'b'], 1)[0]!);
  memory.wipe();
  assert.deepEqual([memory.bytes, memory.atRisk, texts()], [0, 0, []]);
});
