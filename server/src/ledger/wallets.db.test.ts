import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { newId } from '#platform/ids';
import { useDatabase } from '../../test/harness.ts';
import { balances, hold, place, wallet } from './fixtures/arrange.ts';
import {
  balance,
  listTransactions,
  lockWallets,
  openWallet,
  setCreditLimit,
  spendableMicros,
} from './ledger.ts';

describe('ledger: wallets', () => {
  const base = useDatabase();

  test('a wallet opens once, empty, and keeps its currency', async () => {
    const workspaceId = newId();
    const open = (currency: string) => base.db.batch((tx) => openWallet(tx, workspaceId, currency));
    const first = await open('EUR');
    assert.deepEqual(first, {
      outcome: 'opened',
      wallet: {
        workspaceId,
        currency: 'EUR',
        availableMicros: 0n,
        heldMicros: 0n,
        bonusMicros: 0n,
        creditLimitMicros: 0n,
      },
    });
    assert.deepEqual(await open('EUR'), { ...first, outcome: 'already' });
    assert.deepEqual(await open('SAR'), { ...first, outcome: 'conflict' });
    await assert.rejects(open('euro'));
  });

  test('parallel openings make one wallet', async () => {
    const workspaceId = newId();
    const openings = await Promise.all(
      Array.from({ length: 8 }, () => base.db.batch((tx) => openWallet(tx, workspaceId, 'EUR'))),
    );
    assert.equal(openings.filter((opening) => opening.outcome === 'opened').length, 1);
    assert.equal(openings.filter((opening) => opening.outcome === 'already').length, 7);
  });

  test('locking leaves out workspaces without a wallet and takes duplicates', async () => {
    const workspaceId = await wallet(base.db, { available: 7n, bonus: 2n, creditLimit: 5n });
    const locked = await base.db.batch((tx) => lockWallets(tx, [workspaceId, newId(), workspaceId]));
    assert.equal(locked.length, 1);
    assert.equal(spendableMicros(locked[0]!), 14n);
  });

  test('the credit limit is how far available goes below zero, and not less than is drawn', async () => {
    const workspaceId = await wallet(base.db, { available: 10n });
    const limit = (micros: bigint) => base.db.batch((tx) => setCreditLimit(tx, workspaceId, micros));
    const ask = () => [{ id: newId(), workspaceId, amountMicros: 15n }];
    assert.deepEqual(await place(base.db, ask()), [false]);
    assert.equal(await limit(5n), 'set');
    assert.deepEqual(await place(base.db, ask()), [true]);
    assert.deepEqual(await balances(base.db, workspaceId), [-5n, 0n, 15n]);
    assert.equal(await limit(4n), 'insufficient_funds');
    assert.equal(await limit(5n), 'set');
    assert.deepEqual(await place(base.db, [{ id: newId(), workspaceId, amountMicros: 1n }]), [false]);
    await assert.rejects(
      base.db.batch((tx) => setCreditLimit(tx, newId(), 1n)),
      { code: 'not_found' },
    );
    await assert.rejects(limit(-1n));
  });

  test('a tenant sees its own wallet and books and no other', async () => {
    const [mine, other] = [
      await wallet(base.db, { available: 5n }),
      await wallet(base.db, { available: 9n }),
    ];
    const held = await hold(base.db, other, 1n);
    await base.db.tenant(mine, async (tx) => {
      assert.equal((await balance(tx, mine))?.availableMicros, 5n);
      assert.equal(await balance(tx, other), undefined);
      assert.equal((await listTransactions(tx, { workspaceId: mine, limit: 10 })).length, 1);
      assert.deepEqual(await listTransactions(tx, { workspaceId: other, limit: 10 }), []);
      const see = (text: string) => tx.exec<{ n: bigint }>({ name: '', purpose: 'operations', text }, []);
      assert.equal(
        (await see('select count(*) as n from ledger.entry where workspace_id is null'))[0]!.n,
        0n,
      );
      assert.equal((await see(`select count(*) as n from ledger.hold where id = '${held}'`))[0]!.n, 0n);
    });
  });
});
