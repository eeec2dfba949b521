import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { newId } from '#platform/ids';
import { useDatabase } from '../../test/harness.ts';
import { assertBooksExact, balances, CURRENCY, capture, hold, wallet } from './fixtures/arrange.ts';
import {
  BALANCE_MICROS_MAX,
  credit,
  grantBonus,
  listTransactions,
  type Posting,
  platformBalances,
  post,
  reverse,
} from './ledger.ts';

describe('ledger: postings', () => {
  const base = useDatabase({ connections: 24 });

  const topUp = (workspaceId: string, key: string, amountMicros = 10n, currency = CURRENCY) =>
    base.db.batch((tx) => credit(tx, 'top_up', { workspaceId, key, amountMicros, currency }));

  test('the same key and content is the same transaction, posted once', async () => {
    const workspaceId = await wallet(base.db);
    const first = await topUp(workspaceId, 'payment:1');
    assert.equal(first.outcome, 'posted');
    assert.deepEqual(await topUp(workspaceId, 'payment:1'), { ...first, outcome: 'replayed' });
    assert.deepEqual(await balances(base.db, workspaceId), [10n, 0n, 0n]);
  });

  test('the same key with other content is a conflict that names the first transaction and posts nothing', async () => {
    const workspaceId = await wallet(base.db);
    const first = await topUp(workspaceId, 'payment:1');
    assert.deepEqual(await topUp(workspaceId, 'payment:1', 11n), { ...first, outcome: 'conflict' });
    assert.deepEqual(await balances(base.db, workspaceId), [10n, 0n, 0n]);
  });

  test('one key in two workspaces is two transactions', async () => {
    const [a, b] = [await wallet(base.db), await wallet(base.db)];
    assert.equal((await topUp(a, 'payment:1')).outcome, 'posted');
    assert.equal((await topUp(b, 'payment:1')).outcome, 'posted');
  });

  test('64 parallel duplicates of one key collapse to one transaction', async () => {
    const workspaceId = await wallet(base.db);
    const outcomes = await Promise.all(Array.from({ length: 64 }, () => topUp(workspaceId, 'payment:1')));
    assert.equal(outcomes.filter((outcome) => outcome.outcome === 'posted').length, 1);
    assert.equal(outcomes.filter((outcome) => outcome.outcome === 'replayed').length, 63);
    assert.equal(
      new Set(outcomes.map((outcome) => 'transactionId' in outcome && outcome.transactionId)).size,
      1,
    );
    assert.deepEqual(await balances(base.db, workspaceId), [10n, 0n, 0n]);
    await assertBooksExact(base.db);
  });

  test('64 parallel duplicates of a posting without a wallet collapse too', async () => {
    const posting: Posting = {
      key: `correction:${newId()}`,
      kind: 'adjustment',
      workspaceId: null,
      currency: 'SAR',
      entries: [
        { account: 'deposits', amountMicros: 7n },
        { account: 'adjustments', amountMicros: -7n },
      ],
    };
    const outcomes = await Promise.all(
      Array.from({ length: 64 }, () => base.db.batch((tx) => post(tx, posting))),
    );
    assert.equal(outcomes.filter((outcome) => outcome.outcome === 'posted').length, 1);
    assert.equal(outcomes.filter((outcome) => outcome.outcome === 'replayed').length, 63);
    const sums = await base.db.batch((tx) => platformBalances(tx));
    assert.deepEqual(
      sums.filter((row) => row.currency === 'SAR').map((row) => [row.account, row.amountMicros]),
      [
        ['deposits', 7n],
        ['adjustments', -7n],
      ],
    );
  });

  test('500 parallel postings on one account lose nothing', async () => {
    const workspaceId = await wallet(base.db);
    const outcomes = await Promise.all(
      Array.from({ length: 500 }, (_, at) => topUp(workspaceId, `payment:${at}`, BigInt(at + 1))),
    );
    assert.ok(outcomes.every((outcome) => outcome.outcome === 'posted'));
    assert.deepEqual(await balances(base.db, workspaceId), [125_250n, 0n, 0n]);
    await assertBooksExact(base.db);
  });

  test('insufficient funds is not kept under the key: after a top-up the same posting is made', async () => {
    const workspaceId = await wallet(base.db, { available: 10n });
    const payOut = () =>
      base.db.batch((tx) =>
        post(tx, {
          key: 'payout:1',
          kind: 'adjustment',
          workspaceId,
          currency: CURRENCY,
          entries: [
            { account: 'available', workspaceId, amountMicros: -15n },
            { account: 'deposits', amountMicros: 15n },
          ],
        }),
      );
    assert.deepEqual(await payOut(), { outcome: 'insufficient_funds' });
    await topUp(workspaceId, 'payment:1');
    assert.equal((await payOut()).outcome, 'posted');
    assert.equal((await payOut()).outcome, 'replayed');
    assert.deepEqual(await balances(base.db, workspaceId), [5n, 0n, 0n]);
  });

  test('a posting in another currency, without a wallet, or past the bound of a balance is refused', async () => {
    const workspaceId = await wallet(base.db);
    await assert.rejects(topUp(workspaceId, 'payment:1', 10n, 'SAR'), { code: 'conflict' });
    await assert.rejects(topUp(newId(), 'payment:1'), { code: 'conflict' });
    await assert.rejects(topUp(workspaceId, 'payment:1', 0n));
    await assert.rejects(topUp(workspaceId, 'payment:1', 1_000_000_000_000_001n));
    const fill = (amountMicros: bigint, key: string) =>
      base.db.batch((tx) =>
        post(tx, {
          key,
          kind: 'adjustment',
          workspaceId,
          currency: CURRENCY,
          entries: [
            { account: 'available', workspaceId, amountMicros },
            { account: 'adjustments', amountMicros: -amountMicros },
          ],
        }),
      );
    assert.equal((await fill(BALANCE_MICROS_MAX, 'fill:1')).outcome, 'posted');
    await assert.rejects(fill(1n, 'fill:2'), { code: 'conflict' });
    assert.deepEqual(await balances(base.db, workspaceId), [BALANCE_MICROS_MAX, 0n, 0n]);
    assert.equal((await fill(-BALANCE_MICROS_MAX, 'fill:3')).outcome, 'posted');
    await assertBooksExact(base.db);
  });

  test('a reversal compensates, once, and both transactions stay in the books', async () => {
    const workspaceId = await wallet(base.db, { available: 5n });
    const posted = await topUp(workspaceId, 'payment:1');
    assert.ok('transactionId' in posted);
    const undo = () =>
      base.db.batch((tx) => reverse(tx, { transactionId: posted.transactionId, reason: 'mistake' }));
    const outcomes = await Promise.all(Array.from({ length: 8 }, undo));
    assert.equal(outcomes.filter((outcome) => outcome.outcome === 'posted').length, 1);
    assert.equal(outcomes.filter((outcome) => outcome.outcome === 'replayed').length, 7);
    assert.deepEqual(await balances(base.db, workspaceId), [5n, 0n, 0n]);
    const page = await base.db.batch((tx) => listTransactions(tx, { workspaceId, limit: 10 }));
    assert.deepEqual(
      page.map((transaction) => [transaction.kind, transaction.availableMicros, transaction.reverses]),
      [
        ['reversal', -10n, posted.transactionId],
        ['top_up', 10n, null],
        ['top_up', 5n, null],
      ],
    );
    const reversal = await undo();
    assert.ok('transactionId' in reversal);
    const again = await base.db.batch((tx) => reverse(tx, { transactionId: reversal.transactionId }));
    assert.deepEqual(again, { outcome: 'not_reversible' });
    await assertBooksExact(base.db);
  });

  test('a reversal of what is spent already is refused until it is there again', async () => {
    const workspaceId = await wallet(base.db);
    const given = await base.db.batch((tx) =>
      grantBonus(tx, { workspaceId, amountMicros: 10n, currency: CURRENCY, key: 'welcome' }),
    );
    assert.ok('transactionId' in given);
    const id = await hold(base.db, workspaceId, 4n);
    const undo = () => base.db.batch((tx) => reverse(tx, { transactionId: given.transactionId }));
    assert.deepEqual(await undo(), { outcome: 'insufficient_funds' });
    await capture(base.db, workspaceId, id, 0n);
    assert.equal((await undo()).outcome, 'posted');
    assert.deepEqual(await balances(base.db, workspaceId), [0n, 0n, 0n]);
  });

  test('transactions of holds and unknown transactions cannot be reversed', async () => {
    const workspaceId = await wallet(base.db, { available: 10n });
    await hold(base.db, workspaceId, 4n);
    const [newest] = await base.db.batch((tx) => listTransactions(tx, { workspaceId, limit: 1 }));
    const undo = (transactionId: string) => base.db.batch((tx) => reverse(tx, { transactionId }));
    assert.deepEqual(await undo(newest!.id), { outcome: 'not_reversible' });
    assert.deepEqual(await undo(newId()), { outcome: 'not_found' });
  });
});
