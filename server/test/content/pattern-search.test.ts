import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { createPatternSearch } from './pattern-search.ts';

/** Few letters, so that patterns overlap, repeat and nearly match. */
const octets = (minLength: number, maxLength: number) =>
  fc.array(fc.constantFrom(0, 1, 2, 255), { minLength, maxLength }).map((list) => Buffer.from(list));

test('what is found is what looking for each pattern by itself finds', () => {
  fc.assert(
    fc.property(fc.array(octets(3, 9), { minLength: 1, maxLength: 8 }), octets(0, 60), (patterns, text) => {
      const alone = patterns.flatMap((pattern, at) => (text.includes(pattern) ? [at] : []));
      assert.deepEqual([...createPatternSearch(patterns)(text)].sort(), alone);
    }),
    { numRuns: 2_000 },
  );
});

test('a pattern is found at the first octet, at the last and anywhere between', () => {
  const patterns = [randomBytes(6), randomBytes(20), randomBytes(300)];
  const search = createPatternSearch(patterns);
  for (const [at, pattern] of patterns.entries())
    for (let before = 0; before < 40; before++) {
      const text = Buffer.concat([Buffer.alloc(before), pattern, Buffer.alloc(40 - before)]);
      assert.deepEqual([...search(text)], [at]);
      assert.deepEqual([...search(text.subarray(0, before + pattern.length - 1))], []);
    }
});

test('a pattern of two octets is refused, and of none nothing is found', () => {
  assert.throws(() => createPatternSearch([Buffer.from('ab')]), RangeError);
  assert.deepEqual([...createPatternSearch([])(randomBytes(100))], []);
});
