// What the database itself refuses, whatever the code above it does. Statements run as the role of the product
// where they must lack the right, and as the owner where a trigger or constraint must stop even the owner.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { useDatabase } from '../../test/harness.ts';
import { assertBooksExact, balances, capture, hold, wallet } from './fixtures/arrange.ts';
import { auditBooks } from './ledger.ts';

describe('ledger: books', () => {
  const base = useDatabase();
  const DENIED = { code: '42501' };

  /** Runs SQL as the role that writes the product's rows. */
  const asProduct = (text: string, values: readonly unknown[] = []) =>
    base.db.batch((tx: Tx) => tx.exec({ name: '', purpose: 'operations', text }, values));

  const insertEntries = (workspaceId: string, amounts: Record<string, bigint>, currency = 'EUR') =>
    `with t as (
     insert into ledger.transaction (id, kind, workspace_id, created_at)
     values ('${newId()}', 'adjustment', '${workspaceId}', platform.clock())
     returning id
   )
   insert into ledger.entry (transaction_id, workspace_id, account, currency, amount)
   select t.id, e.workspace_id::uuid, e.account::ledger.account, '${currency}', e.amount
     from t cross join (values ${Object.entries(amounts)
       .map(([account, amount]) => {
         const owned = ['available', 'held', 'bonus'].includes(account);
         return `(${owned ? `'${workspaceId}'` : 'null'}, '${account}', ${amount})`;
       })
       .join(', ')}) as e(workspace_id, account, amount)`;

  test('posted transactions and entries cannot be changed, deleted or emptied, not even by the owner (checklist 55)', async () => {
    await wallet(base.db, { available: 10n });
    for (const table of ['transaction', 'entry']) {
      const column = table === 'entry' ? 'amount = amount' : 'created_at = created_at';
      const attempts = [
        `update ledger.${table} set ${column}`,
        `delete from ledger.${table}`,
        `truncate ledger.${table}`,
      ];
      for (const attempt of attempts) {
        await assert.rejects(asProduct(attempt), DENIED, attempt);
        await assert.rejects(base.sql(attempt), { code: '23000' }, attempt);
      }
      const [partition] = await base.sql<{ name: string }>(
        `select tableoid::regclass::text as name from ledger.${table} limit 1`,
      );
      await assert.rejects(base.sql(`delete from ${partition!.name}`), { code: '23000' });
      await assert.rejects(base.sql(`update ${partition!.name} set ${column}`), { code: '23000' });
    }
  });

  test('the product has no right to write a balance: entries alone move it (checklist 55)', async () => {
    const workspaceId = await wallet(base.db, { available: 10n });
    for (const account of ['available', 'held', 'bonus']) {
      await assert.rejects(asProduct(`update ledger.wallet set ${account} = 1000`), DENIED);
    }
    await assert.rejects(
      asProduct('insert into ledger.wallet (workspace_id, currency, available) values ($1, $2, $3)', [
        newId(),
        'EUR',
        1000,
      ]),
      DENIED,
    );
    await assert.rejects(asProduct('delete from ledger.wallet'), DENIED);
    await assert.rejects(asProduct('delete from ledger.posting_key'), DENIED);
    await assert.rejects(asProduct('delete from ledger.hold'), DENIED);
    await asProduct(insertEntries(workspaceId, { available: 5n, adjustments: -5n }));
    assert.deepEqual(await balances(base.db, workspaceId), [15n, 0n, 0n]);
  });

  test('an overdraft is refused by the constraint even when SQL posts it directly', async () => {
    const workspaceId = await wallet(base.db, { available: 10n, bonus: 3n, creditLimit: 4n });
    const post = (amounts: Record<string, bigint>) => asProduct(insertEntries(workspaceId, amounts));
    const refused = (constraint: string) => ({ code: '23514', constraint });
    await assert.rejects(post({ available: -15n, adjustments: 15n }), refused('available_covers'));
    await assert.rejects(post({ bonus: -4n, adjustments: 4n }), refused('bonus_not_negative'));
    await assert.rejects(post({ held: -1n, adjustments: 1n }), refused('held_not_negative'));
    await assert.rejects(
      asProduct('update ledger.wallet set credit_limit = -1'),
      refused('credit_limit_bounds'),
    );
    await post({ available: -14n, adjustments: 14n });
    await assert.rejects(
      asProduct(`update ledger.wallet set credit_limit = 3 where workspace_id = '${workspaceId}'`),
      refused('available_covers'),
    );
  });

  test('entries that do not sum to zero, or move nothing, are refused whoever inserts them', async () => {
    const workspaceId = await wallet(base.db, { available: 10n });
    for (const run of [asProduct, base.sql.bind(base)]) {
      await assert.rejects(run(insertEntries(workspaceId, { available: 5n, adjustments: -4n })), {
        code: '23514',
        constraint: 'entries_balance',
      });
      await assert.rejects(run(insertEntries(workspaceId, { available: 5n })), {
        constraint: 'entries_balance',
      });
      await assert.rejects(run(insertEntries(workspaceId, { available: 0n })), {
        constraint: 'entry_amount_bounds',
      });
    }
    assert.deepEqual(await balances(base.db, workspaceId), [10n, 0n, 0n]);
  });

  test('entries name a wallet that exists in their currency', async () => {
    const workspaceId = await wallet(base.db, { available: 10n });
    const moves = { available: 5n, adjustments: -5n };
    await assert.rejects(asProduct(insertEntries(workspaceId, moves, 'SAR')), { constraint: 'entry_wallet' });
    await assert.rejects(asProduct(insertEntries(newId(), moves)), { constraint: 'entry_wallet' });
  });

  test('a resolved hold cannot be resolved again or reopened, not even by the owner', async () => {
    const workspaceId = await wallet(base.db, { available: 10n });
    const id = await hold(base.db, workspaceId, 5n);
    await capture(base.db, workspaceId, id, 5n);
    const attempts = [
      `update ledger.hold set state = 'open', captured = 0, resolved_by = null where id = '${id}'`,
      `update ledger.hold set state = 'released', captured = 0 where id = '${id}'`,
      `update ledger.hold set captured = 4 where id = '${id}'`,
    ];
    for (const attempt of attempts) {
      await assert.rejects(asProduct(attempt), { code: '23000' });
      await assert.rejects(base.sql(attempt), { code: '23000' });
    }
    await assert.rejects(asProduct(`update ledger.hold set amount = 1 where id = '${id}'`), DENIED);
    await assert.rejects(base.sql(`delete from ledger.hold where id = '${id}'`), { code: '23000' });
  });

  test('the audit finds books that were tampered with', async () => {
    await assertBooksExact(base.db);
    const workspaceId = await wallet(base.db, { available: 100n });
    const id = await hold(base.db, workspaceId, 5n);
    const transactionId = newId();
    await base.sql('alter table ledger.entry disable trigger entries_apply');
    await base.sql(
      `insert into ledger.entry (transaction_id, account, currency, amount) values ('${transactionId}', 'revenue', 'EUR', 1)`,
    );
    await base.sql('alter table ledger.entry enable trigger entries_apply');
    await base.sql(
      `update ledger.wallet set available = available + 1 where workspace_id = '${workspaceId}'`,
    );
    await base.sql(
      `update ledger.hold set state = 'released', resolved_by = '${transactionId}' where id = '${id}'`,
    );
    const faults = await base.db.batch((tx) => auditBooks(tx));
    assert.deepEqual(
      faults.toSorted((a, b) => (a.rule < b.rule ? -1 : 1)),
      [
        { rule: 'balance_is_sum', id: workspaceId },
        { rule: 'entries_balance', id: transactionId },
        { rule: 'entry_has_transaction', id: transactionId },
        { rule: 'held_is_open_holds', id: workspaceId },
        { rule: 'resolution_is_its_holds', id: transactionId },
      ],
    );
  });
});
