import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitedNetwork, RateLimiter } from './rate-limit.ts';

test('a bucket gives what it holds and then refuses, saying when to come back', () => {
  const limiter = new RateLimiter(1, 3);
  assert.deepEqual(
    [1, 2, 3].map(() => limiter.take('key').remaining),
    [2, 1, 0],
  );
  assert.deepEqual(limiter.take('key'), { allowed: false, limit: 3, remaining: 0, resetSeconds: 1 });
  assert.equal(limiter.take('other').allowed, true, 'another key has its own');
});

test('a key may have a rate of its own below that of all, and none above', () => {
  const limiter = new RateLimiter(10, 20);
  assert.deepEqual(limiter.take('slow', 1, 1), { allowed: true, limit: 2, remaining: 1, resetSeconds: 1 });
  limiter.take('slow', 1, 1);
  assert.equal(limiter.take('slow', 1, 1).allowed, false);
  assert.equal(limiter.take('other', 1, Infinity).limit, 20);
  assert.equal(limiter.take('third', 1, 1_000).limit, 20);
});

test('a refusal takes nothing, and looking takes nothing', () => {
  const limiter = new RateLimiter(0.001, 2);
  limiter.take('key');
  assert.equal(limiter.take('key', 2).allowed, false);
  for (let n = 0; n < 10; n++) assert.equal(limiter.has('key'), true);
  assert.equal(limiter.take('key').allowed, true);
  assert.equal(limiter.has('key'), false);
});

test('a bucket fills with time and never beyond its size', () => {
  const limiter = new RateLimiter(1_000_000, 2);
  limiter.take('key', 2);
  const end = performance.now() + 1;
  while (performance.now() < end);
  assert.equal(limiter.take('key', 2).allowed, true);
  assert.equal(limiter.take('key', 3).allowed, false);
});

test('a hundred thousand names take no more room than the bound, and what was spent is forgiven, not forbidden', () => {
  const limiter = new RateLimiter(0.001, 1);
  for (let n = 0; n < 100_000; n++) assert.equal(limiter.take(`address ${n}`).allowed, true);
  assert.equal(limiter.take('address 99999').allowed, false, 'the newest are remembered');
});

test('an address is limited by itself, an IPv6 address by its /64', () => {
  assert.equal(limitedNetwork('192.0.2.1'), '192.0.2.1');
  assert.equal(limitedNetwork('::ffff:192.0.2.1'), '192.0.2.1');
  assert.equal(limitedNetwork('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2');
  assert.equal(limitedNetwork('2001:db8:1:2::6'), limitedNetwork('2001:db8:1:2:ffff::'));
  assert.equal(limitedNetwork('2001:db8::1'), '2001:db8:0:0');
  assert.equal(limitedNetwork('::1'), '0:0:0:0');
});
