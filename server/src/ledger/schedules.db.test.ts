// Random schedules: one after another against a sequential model, and many at once against what each caller was
// told. Afterwards the books must be exact to the micro.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { newId } from '#platform/ids';
import { useDatabase } from '../../test/harness.ts';
import { assertBooksExact, balances, CURRENCY, inAnHour, place, runs, wallet } from './fixtures/arrange.ts';
import { Model } from './fixtures/model.ts';
import {
  captureHolds,
  credit,
  expireHolds,
  grantBonus,
  openWallet,
  releaseHolds,
  reverse,
  setCreditLimit,
} from './ledger.ts';

describe('ledger: schedules', () => {
  const base = useDatabase({ connections: 16 });
  const WORKSPACES = 3;

  const index = fc.nat({ max: 1_000 });
  const amount = fc.bigInt({ min: 0n, max: 30n });
  const positive = fc.bigInt({ min: 1n, max: 60n });
  const workspace = fc.nat({ max: WORKSPACES - 1 });

  const command = fc.oneof(
    fc.record({
      do: fc.constantFrom('credit' as const, 'bonus' as const),
      workspace,
      key: fc.nat({ max: 3 }),
      amount: positive,
    }),
    fc.record({
      do: fc.constant('place' as const),
      asks: fc.array(fc.record({ workspace, amount, overdue: fc.boolean() }), { maxLength: 8 }),
    }),
    fc.record({
      do: fc.constantFrom('capture' as const, 'release' as const),
      picks: fc.array(fc.record({ index, amount }), { maxLength: 8 }),
    }),
    fc.record({ do: fc.constant('expire' as const) }),
    fc.record({ do: fc.constant('reverse' as const), index }),
    fc.record({ do: fc.constant('limit' as const), workspace, amount }),
  );
  type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

  /** The one that an index names, of those there are; undefined when there are none. */
  const pick = <T>(all: readonly T[], at: number): T | undefined => all[at % Math.max(1, all.length)];

  /** Runs one command on both and compares what they say. */
  async function step(model: Model, transactions: Map<string, string>, todo: Command): Promise<void> {
    const { db } = base;
    const spaces = [...model.wallets.keys()];
    switch (todo.do) {
      case 'credit':
      case 'bonus': {
        const given = {
          workspaceId: spaces[todo.workspace]!,
          amountMicros: todo.amount,
          currency: CURRENCY,
          key: `key:${todo.key}`,
        };
        const said = await db.batch((tx) =>
          todo.do === 'credit' ? credit(tx, 'top_up', given) : grantBonus(tx, given),
        );
        const account = todo.do === 'credit' ? 'available' : 'bonus';
        assert.equal(said.outcome, model.give(given.workspaceId, given.key, account, todo.amount));
        assert.ok('transactionId' in said);
        const name = `${given.workspaceId} ${given.key}`;
        if (said.outcome === 'posted') transactions.set(name, said.transactionId);
        assert.equal(said.transactionId, transactions.get(name));
        return;
      }
      case 'place': {
        const asks = todo.asks.map((ask) => ({
          id: newId(),
          workspaceId: spaces[ask.workspace]!,
          amountMicros: ask.amount,
          overdue: ask.overdue,
          expiresAt: ask.overdue ? new Date(0) : inAnHour(),
        }));
        const expected = asks.map((ask) =>
          model.place(ask.id, ask.workspaceId, ask.amountMicros, ask.overdue),
        );
        assert.deepEqual(await place(db, asks), expected);
        return;
      }
      case 'capture':
      case 'release': {
        const asked = todo.picks.map((one) => {
          const [id, hold] = pick([...model.holds], one.index) ?? [newId(), undefined];
          return { id, workspaceId: hold?.workspaceId ?? spaces[0]!, amountMicros: one.amount };
        });
        const said = await db.batch((tx) =>
          todo.do === 'capture' ? captureHolds(tx, asked) : releaseHolds(tx, asked),
        );
        // Of an id named twice in a batch the first one decides.
        const decided = new Set<string>();
        for (const [at, outcome] of said.entries()) {
          const { id, amountMicros } = asked[at]!;
          if (decided.has(id)) {
            const first = said[asked.findIndex((one) => one.id === id)]!.outcome;
            assert.equal(outcome.outcome, first === 'resolved' ? 'already' : first);
            continue;
          }
          decided.add(id);
          const state = todo.do === 'capture' ? 'captured' : 'released';
          const taken = todo.do === 'capture' ? amountMicros : 0n;
          const expected: string = model.resolve(id, state, taken);
          assert.equal(outcome.outcome, expected);
          if ('state' in outcome) {
            const hold = model.holds.get(id)!;
            assert.deepEqual([outcome.state, outcome.capturedMicros], [hold.state, hold.captured]);
          }
        }
        return;
      }
      case 'expire': {
        const sweep = await db.batch((tx) => expireHolds(tx, 1_000));
        const ours = sweep.holds.filter((outcome) => model.holds.has(outcome.id));
        assert.deepEqual(ours.map((outcome) => outcome.id).toSorted(), model.overdue().toSorted());
        for (const outcome of ours) assert.equal(outcome.outcome, model.resolve(outcome.id, 'expired', 0n));
        return;
      }
      case 'reverse': {
        const [name, posting] = pick([...model.postings], todo.index) ?? [];
        if (!name || !posting) return;
        const said = await db.batch((tx) => reverse(tx, { transactionId: transactions.get(name)! }));
        assert.equal(said.outcome, model.reverse(posting));
        return;
      }
      case 'limit': {
        const workspaceId = spaces[todo.workspace]!;
        const said = await db.batch((tx) => setCreditLimit(tx, workspaceId, todo.amount));
        assert.equal(said, model.limit(workspaceId, todo.amount));
      }
    }
  }

  test('any schedule says and leaves what a sequential model says and leaves', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 40 }), async (commands) => {
        const model = new Model(WORKSPACES);
        const transactions = new Map<string, string>();
        await base.db.batch((tx) =>
          Promise.all([...model.wallets.keys()].map((workspaceId) => openWallet(tx, workspaceId, CURRENCY))),
        );
        for (const todo of commands) await step(model, transactions, todo);
        for (const [workspaceId, expected] of model.wallets) {
          assert.deepEqual(await balances(base.db, workspaceId), [
            expected.available,
            expected.bonus,
            expected.held,
          ]);
        }
      }),
      { numRuns: runs(60) },
    );
    await assertBooksExact(base.db);
  });

  test('many callers at once: what they were told explains every balance, and nobody deadlocks', async () => {
    const given = 60n;
    // One caller: which asks it places, in which order, and what it then does with the holds it got.
    const caller = fc.record({
      asks: fc.array(fc.record({ workspace, amount }), { minLength: 1, maxLength: 12 }),
      afterwards: fc.array(
        fc.record({ do: fc.constantFrom('capture', 'release', 'expire', 'credit'), index, amount }),
        {
          maxLength: 6,
        },
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(caller, { minLength: 6, maxLength: 14 }), async (callers) => {
        const spaces = await Promise.all(
          Array.from({ length: WORKSPACES }, () => wallet(base.db, { available: given, bonus: 9n })),
        );
        const placed = new Map<string, { workspaceId: string; amountMicros: bigint }>();
        const resolved = new Map<string, bigint>();
        const credited = new Map(spaces.map((workspaceId) => [workspaceId, 0n]));
        await Promise.all(
          callers.map(async ({ asks, afterwards }, number) => {
            const wanted = asks.map((ask) => ({
              id: newId(),
              workspaceId: spaces[ask.workspace]!,
              amountMicros: ask.amount,
              expiresAt: number % 2 === 0 ? new Date(0) : inAnHour(),
            }));
            const granted = await place(base.db, wanted);
            for (const [at, ask] of wanted.entries()) if (granted[at]) placed.set(ask.id, ask);
            for (const [turn, todo] of afterwards.entries()) {
              if (todo.do === 'credit') {
                const workspaceId = spaces[todo.index % WORKSPACES]!;
                const outcome = await base.db.batch((tx) =>
                  credit(tx, 'top_up', {
                    workspaceId,
                    amountMicros: 1n,
                    currency: CURRENCY,
                    key: `${number}:${turn}`,
                  }),
                );
                assert.equal(outcome.outcome, 'posted');
                credited.set(workspaceId, credited.get(workspaceId)! + 1n);
                continue;
              }
              // Several holds from anywhere in the map, own ones and others', so that callers collide.
              const known = [...placed];
              const batch = Array.from({ length: 5 }, (_, at) => pick(known, todo.index + at * 3)).flatMap(
                (one) =>
                  one ? [{ id: one[0], workspaceId: one[1].workspaceId, amountMicros: todo.amount }] : [],
              );
              const outcomes = await base.db.batch(async (tx) => {
                if (todo.do === 'capture') return captureHolds(tx, batch);
                if (todo.do === 'release') return releaseHolds(tx, batch);
                return (await expireHolds(tx, 20)).holds;
              });
              for (const outcome of outcomes) {
                if (outcome.outcome !== 'resolved') continue;
                assert.ok(!resolved.has(outcome.id), 'a hold resolved twice');
                resolved.set(outcome.id, outcome.capturedMicros);
              }
            }
          }),
        );
        for (const workspaceId of spaces) {
          const mine = [...placed].filter(([, hold]) => hold.workspaceId === workspaceId);
          const spent = mine.reduce((sum, [id]) => sum + (resolved.get(id) ?? 0n), 0n);
          const open = mine.reduce(
            (sum, [id, hold]) => sum + (resolved.has(id) ? 0n : hold.amountMicros),
            0n,
          );
          const [available, bonus, held] = await balances(base.db, workspaceId);
          assert.equal(held, open);
          assert.equal(available + bonus, given + 9n + credited.get(workspaceId)! - spent - open);
          assert.ok(available >= 0n && bonus >= 0n && bonus <= 9n);
        }
        // What this run left open must not expire in the next one, whose maps do not know it.
        assert.equal((await base.db.batch((tx) => expireHolds(tx, 10_000))).more, false);
      }),
      // A race does not come again because it is made smaller, so a failure is shown as it was found.
      { numRuns: runs(20), endOnFailure: true },
    );
    await assertBooksExact(base.db);
  });
});
