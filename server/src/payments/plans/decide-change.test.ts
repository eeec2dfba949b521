import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { changeOf, type Terms } from './decide-change.ts';

const terms = (priceMicros: bigint, creditMicros: bigint): Terms => ({ priceMicros, creditMicros });

test('a dearer plan takes effect at once, a cheaper one at the end of the period', () => {
  assert.equal(changeOf(terms(10n, 0n), terms(11n, 0n)), 'now');
  assert.equal(changeOf(terms(10n, 0n), terms(9n, 100n)), 'at_the_end');
  assert.equal(changeOf(terms(10n, 5n), terms(10n, 6n)), 'now');
  assert.equal(changeOf(terms(10n, 5n), terms(10n, 4n)), 'at_the_end');
});

test('of two plans that differ in price or credit, one way or the other waits for the end of the period', () => {
  const some = fc.bigInt({ min: 0n, max: 5n });
  fc.assert(
    fc.property(some, some, some, some, (p, c, q, d) => {
      const [a, b] = [terms(p, c), terms(q, d)];
      const both = [changeOf(a, b), changeOf(b, a)];
      const same = p === q && c === d;
      assert.equal(both.filter((when) => when === 'now').length, same ? 2 : 1);
    }),
  );
});
