// A bucket against what it stands for: tokens in a bucket, counted in exact fractions by a model that knows nothing of
// the moment a bucket is full.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { judge } from './bucket.ts';
import { MemoryBuckets } from './memory-buckets.ts';

/** Tokens times `tokenMs`, so that all is whole. */
class TokenModel {
  #filled: number;
  #atMs = 0;
  readonly capacityMs: number;
  constructor(capacityMs: number) {
    this.capacityMs = capacityMs;
    this.#filled = capacityMs;
  }
  #fill(nowMs: number): void {
    this.#filled = Math.min(this.capacityMs, this.#filled + nowMs - this.#atMs);
    this.#atMs = nowMs;
  }
  has(nowMs: number, costMs: number): boolean {
    this.#fill(nowMs);
    return this.#filled >= costMs;
  }
  take(nowMs: number, costMs: number): void {
    this.#fill(nowMs);
    this.#filled -= costMs;
  }
  giveBack(nowMs: number, costMs: number): void {
    this.#fill(nowMs);
    this.#filled = Math.min(this.capacityMs, this.#filled + costMs);
  }
}

const step = fc.record({
  waitMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5_000 })),
  tokens: fc.integer({ min: 1, max: 4 }),
  returns: fc.boolean(),
});

test('any schedule of taking, waiting and giving back passes exactly what a bucket of tokens passes', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 2_000 }),
      fc.array(step, { maxLength: 60 }),
      (burst, tokenMs, steps) => {
        const buckets = new MemoryBuckets();
        const model = new TokenModel(burst * tokenMs);
        let nowMs = 1_000_000;
        model.has(nowMs, 0);
        for (const { waitMs, tokens, returns } of steps) {
          nowMs += waitMs;
          const ask = { key: 'one', costMs: tokens * tokenMs, capacityMs: burst * tokenMs };
          const expected = model.has(nowMs, ask.costMs);
          const [wait] = buckets.take(nowMs, [ask]);
          assert.equal(wait === 0, expected);
          if (!expected && tokens <= burst) {
            // The wait that is told is the shortest that helps.
            assert.equal(model.has(nowMs + wait! - 1, ask.costMs), false);
            assert.equal(judge(0, nowMs, ask).waitMs, 0);
          }
          if (expected) model.take(nowMs, ask.costMs);
          if (expected && returns) {
            buckets.giveBack([ask]);
            model.giveBack(nowMs, ask.costMs);
          }
          if (!expected) nowMs += Math.max(0, wait! - 1);
        }
      },
    ),
  );
});

test('of several buckets all are taken or none, whatever else they hold', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.nat(4), { minLength: 1, maxLength: 4 }), { maxLength: 40 }), (asked) => {
      const buckets = new MemoryBuckets();
      const left = [3, 3, 3, 3, 3];
      for (const wanted of asked.map((places) => [...new Set(places)])) {
        const expected = wanted.every((place) => left[place]! > 0);
        const waits = buckets.take(
          5_000,
          wanted.map((place) => ({ key: String(place), costMs: 1_000, capacityMs: 3_000 })),
        );
        assert.equal(
          waits.every((waitMs) => waitMs === 0),
          expected,
        );
        if (expected) for (const place of wanted) left[place]!--;
      }
    }),
  );
});

test('a flood of new subjects frees nobody who is refused, and memory stays bounded', () => {
  const buckets = new MemoryBuckets(1_000);
  const taken = { costMs: 1_000, capacityMs: 10_000 };
  for (let tried = 0; tried < 10; tried++) buckets.take(0, [{ key: 'guesser', ...taken }]);
  for (let other = 0; other < 5_000; other++) buckets.take(0, [{ key: `other ${other}`, ...taken }]);
  assert.ok(buckets.size <= 1_000);
  assert.ok(buckets.take(0, [{ key: 'guesser', ...taken }])[0]! > 0);
});

test('keys in memory tell nothing of the subject, and differ in every process', () => {
  const [one, other] = [new MemoryBuckets(), new MemoryBuckets()];
  assert.equal(one.keyOf('192.0.2.1'), one.keyOf('192.0.2.1'));
  assert.notEqual(one.keyOf('192.0.2.1'), other.keyOf('192.0.2.1'));
});
