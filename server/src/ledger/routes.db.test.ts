import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { getWallet, getWalletStatement, listWalletEntries } from '@sotto/contract/wallet';
import { newId } from '#platform/ids';
import { type Tenant, useApi } from '../../test/api.ts';
import { callOperation } from '../../test/route-contract.ts';
import { credit, grantBonus, lockWallets, placeHolds, setCreditLimit } from './ledger.ts';

describe('the wallet over HTTP', () => {
  const app = useApi();
  const wallet = async ({ token }: Tenant) => (await callOperation(app.server, getWallet, { token })).body;
  const entries = async ({ token }: Tenant, query: Record<string, string> = {}) =>
    (await callOperation(app.server, listWalletEntries, { token, query })).body;
  const topUp = (workspaceId: string, amountMicros: bigint) =>
    app.database.db.batch((tx) =>
      credit(tx, 'top_up', {
        workspaceId,
        amountMicros,
        currency: 'EUR',
        key: newId(),
        reason: 'bank_transfer',
      }),
    );

  test('shows the balance to the micro, and what may be spent with bonus and credit', async () => {
    const { id } = app.shop;
    await topUp(id, 25_000_001n);
    await app.database.db.batch(async (tx) => {
      await grantBonus(tx, { workspaceId: id, amountMicros: 1_500_000n, currency: 'EUR', key: newId() });
      await setCreditLimit(tx, id, 10_000_000n);
    });
    const eur = (amount: string) => ({ amount, currency: 'EUR' });
    assert.deepEqual(await wallet(app.shop), {
      spendable: eur('36.500001'),
      available: eur('25.000001'),
      bonus: eur('1.50'),
      held: eur('0.00'),
      credit_limit: eur('10.00'),
    });
  });

  test('lists movements newest first, whose sums are the balance', async () => {
    const { id: workspaceId } = app.shop;
    await app.database.db.batch(async (tx) => {
      await lockWallets(tx, [workspaceId]);
      const expiresAt = new Date(Date.now() + 3_600_000);
      const hold = {
        id: newId(),
        workspaceId,
        amountMicros: 2_000_000n,
        fromBonusMicros: 500_000n,
        expiresAt,
      };
      await placeHolds(tx, [hold]);
    });
    const { data } = await entries(app.shop);
    const ids = data.map((entry: { id: string }) => entry.id);
    assert.deepEqual(ids, [...ids].sort().reverse());
    assert.equal(data[0].kind, 'hold');
    const now = await wallet(app.shop);
    assert.equal(now.held.amount, '2.00');
    for (const account of ['available', 'bonus', 'held'] as const) {
      const sum = data.reduce(
        (total: number, entry: Record<typeof account, { amount: string }>) =>
          total + Math.round(Number(entry[account].amount) * 1e6),
        0,
      );
      assert.equal(sum, Math.round(Number(now[account].amount) * 1e6), account);
    }
  });

  test('pages give every movement once, also while new ones come in', async () => {
    for (let at = 0; at < 5; at++) await topUp(app.shop.id, 1_000_000n);
    const before: string[] = (await entries(app.shop)).data.map((entry: { id: string }) => entry.id);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await entries(app.shop, { limit: '2', ...(cursor === null ? {} : { cursor }) });
      assert.ok(page.data.length <= 2);
      seen.push(...page.data.map((entry: { id: string }) => entry.id));
      cursor = page.next_cursor;
      await topUp(app.shop.id, 1_000_000n);
    } while (cursor !== null);
    assert.deepEqual(seen, before);
  });

  test('a page that ends the list says so, also when it is exactly full', async () => {
    const all = (await entries(app.shop)).data.length;
    const page = await entries(app.shop, { limit: String(all) });
    assert.equal(page.data.length, all);
    assert.equal(page.next_cursor, null);
  });

  test('another workspace sees nothing of it, whatever cursor it holds', async () => {
    await topUp(app.stranger.id, 7_000_000n);
    const { next_cursor: cursor } = await entries(app.shop, { limit: '1' });
    const foreign = await entries(app.stranger, { cursor });
    const ours = new Set(
      (await entries(app.shop, { limit: '200' })).data.map(({ id }: { id: string }) => id),
    );
    assert.equal(foreign.data.filter(({ id }: { id: string }) => ours.has(id)).length, 0);
    assert.equal((await wallet(app.stranger)).available.amount, '7.00');
  });

  test('gives a month as CSV whose lines add up from its opening to its closing balance, and to the books', async () => {
    const now = await wallet(app.shop);
    const statement = async (month?: string) =>
      callOperation(app.server, getWalletStatement, {
        token: app.shop.token,
        query: month === undefined ? {} : { month },
      });
    const answer = await statement();
    assert.match(String(answer.headers['content-type']), /^text\/csv/);
    assert.match(String(answer.headers['content-disposition']), /filename="statement-\d{4}-\d\d\.csv"/);
    const rows = answer.text
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(',').map((field) => field.replaceAll('"', '')));
    const micros = (text = '') => Math.round(Number(text) * 1e6);
    const [, opening, ...rest] = rows;
    const closing = rest.pop()!;
    assert.deepEqual([opening![2], closing[2]], ['opening', 'closing']);
    assert.ok(rest.length >= 3);
    assert.deepEqual(
      rest.map(([time]) => time),
      rest.map(([time]) => time).toSorted(),
    );
    for (const [at, account] of (['available', 'bonus', 'held'] as const).entries()) {
      const moved = rest.reduce((sum, row) => sum + micros(row[4 + at]), micros(opening![4 + at]));
      assert.equal(moved, micros(closing[4 + at]), account);
      assert.equal(micros(closing[4 + at]), micros(now[account].amount), account);
    }
    const before = (await statement('2020-01')).text.trimEnd().split('\r\n');
    assert.equal(before.length, 3);
    assert.ok(before.slice(1).every((line) => line.includes(',0.00,0.00,0.00,')));
    const later = (await statement('2099-12')).text.trimEnd().split('\r\n').slice(1);
    assert.deepEqual(
      later.map((line) => line.split(',').slice(4)),
      [closing, closing].map((row) => [...row.slice(4, 7), '"EUR"']),
    );
    for (const month of ['2026-13', '2026-1', '1969-12', "2026-11'"])
      assert.equal((await statement(month)).status, 400);
  });
});
