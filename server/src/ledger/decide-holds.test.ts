import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { smaller } from './amounts.ts';
import { decideHolds, openPurse } from './decide-holds.ts';
import { spendableMicros, type Wallet } from './wallet.ts';

const walletOf = (workspaceId: string, available: bigint, bonus = 0n, creditLimit = 0n): Wallet => ({
  workspaceId,
  currency: 'EUR',
  availableMicros: available,
  heldMicros: 0n,
  bonusMicros: bonus,
  creditLimitMicros: creditLimit,
});

const granted = (wallets: Wallet[], amounts: bigint[]) =>
  decideHolds(
    wallets,
    amounts.map((amountMicros) => ({ workspaceId: 'a', amountMicros })),
  ).map((decision) => decision.outcome === 'granted');

test('a refused ask takes nothing, so smaller ones after it still fit', () => {
  assert.deepEqual(granted([walletOf('a', 20n)], [8n, 15n, 5n, 2n, 6n, 5n]), [
    true,
    false,
    true,
    true,
    false,
    true,
  ]);
});

test('the bonus is spent first, and an ask may take from both', () => {
  const decisions = decideHolds(
    [walletOf('a', 10n, 5n)],
    [3n, 4n, 8n, 1n].map((amountMicros) => ({ workspaceId: 'a', amountMicros })),
  );
  assert.deepEqual(decisions, [
    { outcome: 'granted', fromBonusMicros: 3n },
    { outcome: 'granted', fromBonusMicros: 2n },
    { outcome: 'granted', fromBonusMicros: 0n },
    { outcome: 'insufficient_funds' },
  ]);
});

test('credit counts as funds, drawn credit as spent', () => {
  assert.deepEqual(granted([walletOf('a', -4n, 0n, 10n)], [7n, 6n]), [false, true]);
});

test('nothing is granted to a workspace without a wallet but a hold of nothing', () => {
  assert.deepEqual(granted([], [0n, 1n]), [true, false]);
});

test('one workspace never spends the funds of another', () => {
  const purse = openPurse([walletOf('a', 5n), walletOf('b', 5n)]);
  assert.equal(purse.take('a', 5n).outcome, 'granted');
  assert.equal(purse.take('a', 1n).outcome, 'insufficient_funds');
  assert.equal(purse.take('b', 5n).outcome, 'granted');
});

test('an amount below zero or above the bound is a fault of the caller', () => {
  assert.throws(() => granted([walletOf('a', 5n)], [-1n]));
  assert.throws(() => granted([walletOf('a', 5n)], [1_000_000_000_000_001n]));
});

test('what is granted never exceeds the funds, and what is refused did not fit at its turn', () => {
  const amount = fc.bigInt({ min: 0n, max: 40n });
  fc.assert(
    fc.property(amount, amount, amount, fc.array(amount, { maxLength: 30 }), (paid, bonus, limit, asks) => {
      const wallet = walletOf('a', paid - limit, bonus, limit);
      const decisions = decideHolds(
        [wallet],
        asks.map((amountMicros) => ({ workspaceId: 'a', amountMicros })),
      );
      let left = spendableMicros(wallet);
      let bonusLeft = bonus;
      for (const [at, decision] of decisions.entries()) {
        const asked = asks[at]!;
        assert.equal(decision.outcome === 'granted', asked <= left);
        if (decision.outcome !== 'granted') continue;
        assert.equal(decision.fromBonusMicros, smaller(asked, bonusLeft));
        left -= asked;
        bonusLeft -= decision.fromBonusMicros;
      }
      assert.ok(left >= 0n && bonusLeft >= 0n);
    }),
  );
});
