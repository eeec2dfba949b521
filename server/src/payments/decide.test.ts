import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { advances, creditOf, type PaymentStatus, refundableMicros, shareOf, takingOf } from './decide.ts';

const STATUSES: readonly PaymentStatus[] = ['open', 'pending', 'expired', 'failed', 'review', 'paid'];
const ascending = (a: bigint, b: bigint) => (a < b ? -1 : 1);
const amount = fc.bigInt({ min: 0n, max: 10n ** 12n });

test('a payment goes to the right only, and nothing leaves paid', () => {
  for (const [at, from] of STATUSES.entries()) {
    for (const [to, status] of STATUSES.entries()) assert.equal(advances(from, status), to > at);
  }
  assert.ok(STATUSES.every((status) => !advances('paid', status)));
});

test('what is taken back is never more than was asked, credited or unspent, and the rest of it is lost', () => {
  fc.assert(
    fc.property(
      amount,
      amount,
      fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
      amount,
      (credited, gone, available, asked) => {
        const goneMicros = [gone, credited].sort(ascending)[0]!;
        const standing = { creditedMicros: credited, goneMicros, availableMicros: available };
        const { takenMicros, lostMicros } = takingOf(standing, asked);
        assert.ok(takenMicros >= 0n && lostMicros >= 0n);
        assert.ok(takenMicros <= (available > 0n ? available : 0n));
        const wanted = [asked, credited - goneMicros].sort(ascending)[0]!;
        assert.equal(takenMicros + lostMicros, wanted);
        if (lostMicros > 0n) assert.ok(available <= takenMicros);
        assert.ok(refundableMicros(standing) <= credited - goneMicros);
      },
    ),
  );
});

test('money is credited in the currency of the workspace alone, and never nothing', () => {
  assert.equal(creditOf({ micros: 5n, currency: 'EUR' }, 'EUR'), 5n);
  assert.equal(creditOf({ micros: 5n, currency: 'USD' }, 'EUR'), null);
  assert.equal(creditOf({ micros: 0n, currency: 'EUR' }, 'EUR'), null);
  assert.equal(creditOf({ micros: 10n ** 30n, currency: 'EUR' }, 'EUR'), null);
});

test('of a payment a person priced, a part that goes back is the same part of what was credited', () => {
  assert.equal(shareOf(10n, 10n, 3n), 3n);
  assert.equal(shareOf(18_500_000n, 20_000_000n, 20_000_000n), 18_500_000n);
  assert.equal(shareOf(18_500_000n, 20_000_000n, 10_000_000n), 9_250_000n);
  assert.equal(shareOf(1n, 3n, 1n), 1n, 'rounded up');
});
