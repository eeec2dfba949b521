import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Books, judge } from './books.sql.ts';

const PRICE = 7_500n;
const right: Books = {
  messages: 100,
  delivered: 100,
  queued: 0,
  captured: 100,
  parkedReceipts: 0,
  spentMicros: 750_000n,
  heldMicros: 0n,
  imbalanceMicros: 0n,
};

test('books in which every accepted message is delivered and charged once are right', () => {
  assert.deepEqual(judge(right, 100, PRICE), { lost: 0, mischarged: 0 });
});

test('an accepted message without a delivered part is lost', () => {
  assert.deepEqual(judge({ ...right, delivered: 98, captured: 98, spentMicros: 735_000n }, 100, PRICE), {
    lost: 2,
    mischarged: 0,
  });
});

test('a delivered message that was not captured, or a capture too many, is a wrong charge', () => {
  assert.equal(judge({ ...right, captured: 97, spentMicros: 727_500n }, 100, PRICE).mischarged, 3);
  assert.equal(judge({ ...right, captured: 101, spentMicros: 757_500n }, 100, PRICE).mischarged, 1);
});

test('revenue beside the holds, money still held and unbalanced entries are noticed', () => {
  assert.equal(judge({ ...right, spentMicros: 757_500n }, 100, PRICE).mischarged, -1);
  assert.equal(judge({ ...right, heldMicros: 7_500n }, 100, PRICE).mischarged, -1);
  assert.equal(judge({ ...right, imbalanceMicros: 1n }, 100, PRICE).mischarged, -1);
});
