import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BALANCE_MICROS_MAX } from './amounts.ts';
import { assertPosting, digestOf, type Entry, fitOf, type Posting } from './posting.ts';
import type { Wallet } from './wallet.ts';

const workspaceId = '01a1fc14-037c-7132-a73c-6aeb0a43c5b9';
const given = (changes: Partial<Posting> = {}): Posting => ({
  key: 'payment:1',
  kind: 'top_up',
  workspaceId,
  currency: 'EUR',
  entries: [
    { account: 'available', workspaceId, amountMicros: 5n },
    { account: 'deposits', amountMicros: -5n },
  ],
  ...changes,
});

test('a posting that does not sum to zero, or has one side, is a fault of the caller', () => {
  assertPosting(given());
  assert.throws(() => assertPosting(given({ entries: [{ account: 'deposits', amountMicros: 5n }] })));
  assert.throws(() =>
    assertPosting(
      given({
        entries: [
          { account: 'available', workspaceId, amountMicros: 5n },
          { account: 'deposits', amountMicros: -4n },
        ],
      }),
    ),
  );
});

test('a posting never touches held amounts, an account twice, or the wallet of another workspace', () => {
  const wrong: Entry[][] = [
    [
      { account: 'held', workspaceId, amountMicros: 5n },
      { account: 'deposits', amountMicros: -5n },
    ],
    [
      { account: 'deposits', amountMicros: 5n },
      { account: 'deposits', amountMicros: -5n },
    ],
    [
      { account: 'available', workspaceId: '01a1fc14-0000-7000-8000-000000000000', amountMicros: 5n },
      { account: 'deposits', amountMicros: -5n },
    ],
  ];
  for (const entries of wrong) assert.throws(() => assertPosting(given({ entries })));
});

test('a reason is a code and a key is made of visible characters, so neither can carry a text', () => {
  assert.throws(() => assertPosting(given({ reason: 'Because she asked' })));
  assert.throws(() => assertPosting(given({ key: 'two words' })));
  assert.throws(() => assertPosting(given({ key: '' })));
});

test('the digest ignores the order of entries and the key, and sees every other change', () => {
  const digest = digestOf(given()).toString('hex');
  assert.equal(digestOf(given({ entries: given().entries.toReversed() })).toString('hex'), digest);
  assert.equal(digestOf(given({ key: 'payment:2' })).toString('hex'), digest);
  const others: Partial<Posting>[] = [
    { kind: 'adjustment' },
    { currency: 'SAR' },
    { workspaceId: null },
    { reason: 'goodwill' },
    { reference: workspaceId },
    {
      entries: [
        { account: 'available', workspaceId, amountMicros: 6n },
        { account: 'deposits', amountMicros: -6n },
      ],
    },
  ];
  for (const change of others) assert.notEqual(digestOf(given(change)).toString('hex'), digest);
});

test('a wallet takes what keeps it within its credit limit and the bound of a balance', () => {
  const micros = fc.bigInt({ min: -60n, max: 60n }).filter((amount) => amount !== 0n);
  const sizes = fc.bigInt({ min: 0n, max: 50n });
  fc.assert(
    fc.property(sizes, sizes, sizes, sizes, micros, (paid, bonus, held, limit, change) => {
      const wallet: Wallet = {
        workspaceId,
        currency: 'EUR',
        availableMicros: paid - limit,
        bonusMicros: bonus,
        heldMicros: held,
        creditLimitMicros: limit,
      };
      const fit = fitOf(wallet, [{ account: 'available', workspaceId, amountMicros: change }]);
      assert.equal(fit, paid + change >= 0n ? 'fits' : 'insufficient_funds');
      const given = fitOf(wallet, [{ account: 'bonus', workspaceId, amountMicros: change }]);
      assert.equal(given, bonus + change >= 0n ? 'fits' : 'insufficient_funds');
      const rich = { ...wallet, availableMicros: BALANCE_MICROS_MAX - bonus - held };
      const more = fitOf(rich, [{ account: 'available', workspaceId, amountMicros: change }]);
      assert.equal(more, change > 0n ? 'balance_too_large' : 'fits');
    }),
  );
});
