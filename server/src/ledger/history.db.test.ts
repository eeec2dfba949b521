import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { idTimeMs } from '#platform/ids';
import { useDatabase } from '../../test/harness.ts';
import { CURRENCY, capture, hold, wallet } from './fixtures/arrange.ts';
import {
  balance,
  credit,
  findTransaction,
  listTransactions,
  sumStatement,
  type WalletTransaction,
} from './ledger.ts';

describe('ledger: history', () => {
  const base = useDatabase();

  /** A workspace with eight transactions: a top-up, a bonus, three holds, three captures. */
  async function busyWorkspace(): Promise<string> {
    const workspaceId = await wallet(base.db, { available: 100n, bonus: 6n });
    for (const amount of [5n, 10n, 20n]) {
      await capture(base.db, workspaceId, await hold(base.db, workspaceId, amount), amount - 1n);
    }
    return workspaceId;
  }

  test('pages go through every transaction once, newest first, and later ones do not shift them', async () => {
    const workspaceId = await busyWorkspace();
    const seen: WalletTransaction[] = [];
    for (let before: string | undefined; ; before = seen.at(-1)!.id) {
      const page = await base.db.tenant(workspaceId, (tx) =>
        listTransactions(tx, { workspaceId, limit: 3, ...(before ? { before } : {}) }),
      );
      if (page.length === 0) break;
      seen.push(...page);
      await base.db.batch((tx) =>
        credit(tx, 'top_up', {
          workspaceId,
          amountMicros: 1n,
          currency: CURRENCY,
          key: `late:${seen.length}`,
        }),
      );
    }
    assert.deepEqual(
      seen.map((transaction) => transaction.kind),
      ['capture', 'hold', 'capture', 'hold', 'capture', 'hold', 'bonus', 'top_up'],
    );
    assert.deepEqual(
      [...seen].map((transaction) => transaction.id),
      seen
        .map((transaction) => transaction.id)
        .toSorted()
        .reverse(),
    );
  });

  test('the movements a workspace sees add up to its balance, column by column', async () => {
    const workspaceId = await busyWorkspace();
    await base.db.tenant(workspaceId, async (tx) => {
      const all = await listTransactions(tx, { workspaceId, limit: 100 });
      const total = (of: (transaction: WalletTransaction) => bigint) =>
        all.reduce((sum, transaction) => sum + of(transaction), 0n);
      const wallet = await balance(tx, workspaceId);
      assert.equal(
        total((t) => t.availableMicros),
        wallet?.availableMicros,
      );
      assert.equal(
        total((t) => t.bonusMicros),
        wallet?.bonusMicros,
      );
      assert.equal(
        total((t) => t.heldMicros),
        wallet?.heldMicros,
      );
    });
  });

  test('a statement opens where the last one closed, and its movements explain the difference', async () => {
    const workspaceId = await busyWorkspace();
    await base.db.tenant(workspaceId, async (tx) => {
      const all = (await listTransactions(tx, { workspaceId, limit: 100 })).reverse();
      const start = new Date(0);
      const cut = new Date(idTimeMs(all[4]!.id));
      const end = new Date(idTimeMs(all.at(-1)!.id) + 1);
      const first = await sumStatement(tx, { workspaceId, from: start, to: cut });
      const second = await sumStatement(tx, { workspaceId, from: cut, to: end });
      const whole = await sumStatement(tx, { workspaceId, from: start, to: end });
      assert.deepEqual(first.opening, { availableMicros: 0n, heldMicros: 0n, bonusMicros: 0n });
      assert.deepEqual(second.opening, first.closing);
      assert.deepEqual(second.closing, whole.closing);
      assert.deepEqual(whole.closing, { availableMicros: 74n, heldMicros: 0n, bonusMicros: 0n });
      assert.deepEqual(whole.moved.get('capture'), {
        availableMicros: 2n,
        heldMicros: -35n,
        bonusMicros: 1n,
      });
      assert.deepEqual([...whole.moved.keys()].sort(), ['bonus', 'capture', 'hold', 'top_up']);
      for (const statement of [first, second, whole]) {
        const moved = [...statement.moved.values()].reduce((sum, change) => sum + change.availableMicros, 0n);
        assert.equal(statement.opening.availableMicros + moved, statement.closing.availableMicros);
      }
    });
  });

  test('a transaction is found by its own workspace and by no other', async () => {
    const [mine, other] = [await busyWorkspace(), await wallet(base.db)];
    const [newest] = await base.db.tenant(mine, (tx) =>
      listTransactions(tx, { workspaceId: mine, limit: 1 }),
    );
    assert.ok(newest);
    assert.deepEqual(await base.db.tenant(mine, (tx) => findTransaction(tx, mine, newest.id)), newest);
    assert.equal(await base.db.tenant(other, (tx) => findTransaction(tx, other, newest.id)), undefined);
    assert.equal(await base.db.tenant(other, (tx) => findTransaction(tx, mine, newest.id)), undefined);
  });
});
