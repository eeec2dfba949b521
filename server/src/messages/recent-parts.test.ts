import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRecentParts } from './recent-parts.ts';

const part = (n: number) => ({ messageId: `message-${n}`, sequence: 1 });

test('a part is found by connector and carrier id, until it is forgotten', () => {
  const recent = createRecentParts();
  recent.remember('one', 'a', part(1));
  recent.remember('two', 'a', part(2));
  assert.equal(recent.find('one', 'a')?.messageId, 'message-1');
  assert.equal(recent.find('two', 'a')?.messageId, 'message-2');
  assert.equal(recent.find('one', 'b'), undefined);
  recent.forget('one', 'a');
  assert.equal(recent.find('one', 'a'), undefined);
  assert.equal(recent.find('two', 'a')?.messageId, 'message-2');
});

test('an id used again means the newest message', () => {
  const recent = createRecentParts();
  recent.remember('one', 'a', part(1));
  recent.remember('one', 'a', part(2));
  assert.equal(recent.find('one', 'a')?.messageId, 'message-2');
});

test('a full memory gives up its oldest part', () => {
  const recent = createRecentParts(2);
  recent.remember('one', 'a', part(1));
  recent.remember('one', 'b', part(2));
  recent.remember('one', 'a', part(3));
  recent.remember('one', 'c', part(4));
  assert.equal(recent.find('one', 'b'), undefined, 'it was the oldest');
  assert.equal(recent.find('one', 'a')?.messageId, 'message-3');
  assert.equal(recent.find('one', 'c')?.messageId, 'message-4');
});

test('what is too old is not found', () => {
  const recent = createRecentParts(10, 0);
  recent.remember('one', 'a', part(1));
  assert.equal(recent.find('one', 'a'), undefined);
});
