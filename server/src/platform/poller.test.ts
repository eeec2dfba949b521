import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Poller } from './poller.ts';

const unexpected = (error: unknown) => {
  throw error;
};

test('a poller works on while there is more, and again when it is woken', async () => {
  let left = 3;
  let rounds = 0;
  let idle = Promise.withResolvers<void>();
  const poller = new Poller({
    minMs: 60_000,
    maxMs: 60_000,
    onError: unexpected,
    work: async () => {
      rounds += 1;
      if (left > 0) left -= 1;
      if (left === 0) idle.resolve();
      return left > 0;
    },
  });
  poller.start();
  await idle.promise;
  assert.equal(rounds, 3);
  idle = Promise.withResolvers();
  left = 1;
  await new Promise(setImmediate);
  poller.wake();
  await idle.promise;
  assert.equal(rounds, 4);
  await poller.stop();
});

test('a ring that comes while the poller works is not lost', async () => {
  let rounds = 0;
  const twice = Promise.withResolvers<void>();
  const poller: Poller = new Poller({
    minMs: 60_000,
    maxMs: 60_000,
    onError: unexpected,
    work: async () => {
      rounds += 1;
      if (rounds === 1) poller.wake();
      else twice.resolve();
      return false;
    },
  });
  poller.start();
  await twice.promise;
  await poller.stop();
  assert.equal(rounds, 2);
});

test('a failing piece of work is told and does not end the loop', async () => {
  const errors: unknown[] = [];
  let rounds = 0;
  const again = Promise.withResolvers<void>();
  const poller = new Poller({
    minMs: 1,
    maxMs: 1,
    onError: (error) => errors.push(error),
    work: async () => {
      rounds += 1;
      if (rounds === 1) throw new Error('away');
      again.resolve();
      return false;
    },
  });
  poller.start();
  await again.promise;
  await poller.stop();
  assert.equal(errors.length, 1);
});

test('a poller that stops finishes the piece under way and begins none', async () => {
  let rounds = 0;
  const begun = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const poller = new Poller({
    onError: unexpected,
    work: async (signal) => {
      rounds += 1;
      begun.resolve();
      await go.promise;
      assert.equal(signal.aborted, true);
      return true;
    },
  });
  poller.start();
  await begun.promise;
  const stopping = poller.stop();
  poller.wake();
  go.resolve();
  await stopping;
  assert.equal(rounds, 1);
});
