import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { openPurse, type Wallet } from '#ledger';
import { decide, keyName, type Remembered, type Unit } from './decide.ts';
import { runs } from './test/arrange.ts';

const mac = (text: string) => Buffer.alloc(16, text);
const key = (name: string, request = 'r') => ({ keyMac: mac(name), requestMac: mac(request) });
const walletOf = (workspaceId: string, availableMicros: bigint, bonusMicros = 0n): Wallet => ({
  workspaceId,
  currency: 'EUR',
  availableMicros,
  heldMicros: 0n,
  bonusMicros,
  creditLimitMicros: 0n,
});
const single = (cost: bigint, change: Partial<Unit> = {}): Unit => ({
  workspaceId: 'w',
  key: null,
  costs: [cost],
  keepsRefusals: false,
  ...change,
});
const NONE: ReadonlyMap<string, Remembered> = new Map();
const over = (units: readonly Unit[], available: bigint, known = NONE, bonus = 0n) =>
  decide(units, openPurse([walletOf('w', available, bonus)]), known);

test('a refusal leaves its money for the next unit', () => {
  assert.deepEqual(over([single(60n), single(60n), single(40n)], 100n), [
    { kind: 'decided', fromBonus: [0n], keep: false },
    { kind: 'decided', fromBonus: [null], keep: false },
    { kind: 'decided', fromBonus: [0n], keep: false },
  ]);
});

test('the bonus pays first, and each item knows its part of it', () => {
  const [decision] = over([single(0n, { costs: [7n, 7n, 7n] })], 10n, NONE, 10n);
  assert.deepEqual(decision, { kind: 'decided', fromBonus: [7n, 3n, null], keep: false });
});

test('a single request without funds is not kept, so that a retry after a top-up is decided anew', () => {
  assert.deepEqual(over([single(5n, { key: key('k') })], 4n), [
    { kind: 'decided', fromBonus: [null], keep: false },
  ]);
  assert.deepEqual(over([single(5n, { key: key('k') })], 5n), [
    { kind: 'decided', fromBonus: [0n], keep: true },
  ]);
});

test('a batch is kept with its refusals, so that its answer can be repeated', () => {
  const batch = single(0n, { costs: [5n, 5n], key: key('k'), keepsRefusals: true });
  assert.deepEqual(over([batch], 5n), [{ kind: 'decided', fromBonus: [0n, null], keep: true }]);
});

test('duplicates in one flush: the first is decided, the others get its answer, another body conflicts', () => {
  const units = [
    single(5n, { key: key('k') }),
    single(5n, { key: key('k') }),
    single(5n, { key: key('k', 'other') }),
    single(5n, { key: key('k') }),
  ];
  assert.deepEqual(over(units, 100n), [
    { kind: 'decided', fromBonus: [0n], keep: true },
    { kind: 'same_as', index: 0 },
    { kind: 'conflict' },
    { kind: 'same_as', index: 0 },
  ]);
});

test('the same key of two workspaces is two keys', () => {
  const purse = openPurse([walletOf('v', 10n), walletOf('w', 10n)]);
  const units = [single(5n, { key: key('k') }), single(5n, { key: key('k', 'other'), workspaceId: 'v' })];
  assert.deepEqual(
    decide(units, purse, NONE).map(({ kind }) => kind),
    ['decided', 'decided'],
  );
});

test('a key that is stored replays or conflicts, and takes no money', () => {
  const stored: Remembered = { id: 'row', requestMac: mac('r'), answer: Buffer.from('x') };
  const known = new Map([[keyName('w', mac('k')), stored]]);
  const units = [single(5n, { key: key('k') }), single(5n, { key: key('k', 'other') }), single(5n)];
  assert.deepEqual(over(units, 5n, known), [
    { kind: 'replayed', of: stored },
    { kind: 'conflict' },
    { kind: 'decided', fromBonus: [0n], keep: false },
  ]);
});

test('a flush decides as if its units came one after the other', () => {
  const names = ['a', 'b', 'c'];
  const unit = fc.record({
    name: fc.option(fc.constantFrom(...names)),
    request: fc.constantFrom('r', 's'),
    costs: fc.array(fc.bigInt({ min: 0n, max: 50n }), { minLength: 1, maxLength: 4 }),
    keepsRefusals: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 20 }), fc.bigInt({ min: 0n, max: 300n }), (given, available) => {
      const units = given.map(({ name, request, costs, keepsRefusals }) =>
        single(0n, { key: name === null ? null : key(name, request), costs, keepsRefusals }),
      );
      // The model: one wallet, one map of keys, one unit at a time.
      let left = available;
      const kept = new Map<string, { request: string; granted: boolean[] }>();
      const expected = given.map(({ name, request, costs, keepsRefusals }) => {
        const before = name === null ? undefined : kept.get(name);
        if (before) return before.request === request ? before.granted : 'conflict';
        const granted = costs.map((cost) => {
          if (cost > left) return false;
          left -= cost;
          return true;
        });
        if (name !== null && (keepsRefusals || granted.every(Boolean))) kept.set(name, { request, granted });
        return granted;
      });
      const decisions = over(units, available);
      const actual = decisions.map((decision) => {
        const of = decision.kind === 'same_as' ? decisions[decision.index]! : decision;
        return of.kind === 'decided' ? of.fromBonus.map((part) => part !== null) : of.kind;
      });
      assert.deepEqual(actual, expected);
    }),
    { numRuns: runs(500) },
  );
});
