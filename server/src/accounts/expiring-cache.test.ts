import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ExpiringCache } from './expiring-cache.ts';

function cacheAt(entriesMax: number) {
  const clock = { ms: 0 };
  return { clock, cache: new ExpiringCache<number>({ entriesMax, nowMs: () => clock.ms }) };
}

test('an entry is gone when its time is over, however often it was read', () => {
  const { clock, cache } = cacheAt(10);
  cache.set('a', 1, 2_000);
  for (clock.ms = 0; clock.ms < 2_000; clock.ms += 500) assert.equal(cache.get('a'), 1);
  assert.equal(cache.get('a'), undefined);
  assert.equal(cache.size, 0);
});

test('the cache never holds more than its bound, and the oldest entry leaves first', () => {
  const { cache } = cacheAt(3);
  for (const [value, key] of ['a', 'b', 'c', 'd'].entries()) cache.set(key, value, 100);
  assert.equal(cache.size, 3);
  assert.equal(cache.get('a'), undefined);
  assert.deepEqual(
    ['b', 'c', 'd'].map((key) => cache.get(key)),
    [1, 2, 3],
  );
});

test('setting an entry again replaces it and makes it the youngest', () => {
  const { cache } = cacheAt(2);
  cache.set('a', 1, 100);
  cache.set('b', 2, 100);
  cache.set('a', 3, 100);
  cache.set('c', 4, 100);
  assert.equal(cache.get('b'), undefined);
  assert.equal(cache.get('a'), 3);
});

test('a value without any time to live is not kept, and displaces the one before it', () => {
  const { cache } = cacheAt(2);
  cache.set('a', 1, 100);
  for (const ttlMs of [0, -1, Number.NaN]) cache.set('a', 2, ttlMs);
  assert.equal(cache.get('a'), undefined);
});

test('entries are dropped by what they hold', () => {
  const { cache } = cacheAt(10);
  for (const [value, key] of ['a', 'b', 'c'].entries()) cache.set(key, value % 2, 100);
  cache.dropWhere((value) => value === 0);
  assert.deepEqual(
    ['a', 'b', 'c'].map((key) => cache.get(key)),
    [undefined, 1, undefined],
  );
});
