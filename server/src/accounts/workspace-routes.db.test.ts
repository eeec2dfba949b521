import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encodeId } from '@sotto/contract';
import { createWorkspace, creditWorkspace, listWorkspaces } from '@sotto/contract/admin/workspaces';
import { getWallet, listWalletEntries } from '@sotto/contract/wallet';
import { newId } from '#platform/ids';
import { useApi } from '../../test/api.ts';
import { callOperation } from '../../test/route-contract.ts';
import { closeWorkspace } from './accounts.ts';

describe('workspaces over HTTP, for administrators', () => {
  const app = useApi();
  const eur = (amount: string) => ({ amount, currency: 'EUR' });
  const create = (body: object, headers: Record<string, string> = {}) =>
    callOperation(app.server, createWorkspace, { token: app.admin, body, headers });
  const credit = (id: string, body: object, headers: Record<string, string> = {}) =>
    callOperation(app.server, creditWorkspace, { token: app.admin, id, body, headers });
  const pay = { amount: eur('25.00'), reason: 'bank_transfer' };
  const available = async (token: string) =>
    (await callOperation(app.server, getWallet, { token })).body.available.amount;

  test('a new workspace has an empty balance in its currency, and the credit it was given', async () => {
    const { status, body } = await create({
      name: 'Example bakery',
      currency: 'SAR',
      credit_limit: { amount: '5.5', currency: 'SAR' },
    });
    assert.equal(status, 201);
    assert.deepEqual(
      { ...body, id: null, created_at: null },
      {
        id: null,
        kind: 'organisation',
        name: 'Example bakery',
        currency: 'SAR',
        available: { amount: '0.00', currency: 'SAR' },
        credit_limit: { amount: '5.50', currency: 'SAR' },
        created_at: null,
        closed_at: null,
      },
    );
    const listed = (await callOperation(app.server, listWorkspaces, { token: app.admin })).body.data;
    assert.deepEqual(listed[0], body);
  });

  test('a credit limit in another currency, or beyond the books, is refused and makes no workspace', async () => {
    const count = async () => (await app.database.sql(`select id from accounts.workspace`)).length;
    const before = await count();
    const other = await create({
      name: 'x',
      currency: 'EUR',
      credit_limit: { amount: '1', currency: 'USD' },
    });
    assert.deepEqual([other.status, other.body.field], [400, 'credit_limit.currency']);
    const huge = await create({ name: 'x', currency: 'EUR', credit_limit: eur('999999999999') });
    assert.deepEqual([huge.status, huge.body.field], [400, 'credit_limit.amount']);
    assert.equal(await count(), before);
  });

  test('a top-up is in the books once, however often its request is repeated', async () => {
    const before = Number(await available(app.shop.token));
    const repeat = { 'idempotency-key': 'transfer-2026-11-21' };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => credit(app.shop.publicId, pay, repeat)),
    );
    assert.ok(answers.every(({ status }) => status === 201));
    assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
    assert.equal(Number(await available(app.shop.token)), before + 25);
    const entries = (await callOperation(app.server, listWalletEntries, { token: app.shop.token })).body.data;
    assert.deepEqual(entries[0], answers[0]!.body);
    assert.equal(entries[0].reason, 'bank_transfer');
  });

  test('the books remember the key of a top-up when the answer kept for it is long gone', async () => {
    const repeat = { 'idempotency-key': 'transfer-of-long-ago' };
    const first = await credit(app.shop.publicId, pay, repeat);
    const paid = await available(app.shop.token);
    await app.database.sql('delete from platform.idempotency');
    const again = await credit(app.shop.publicId, pay, repeat);
    assert.deepEqual(again.body, first.body);
    assert.equal(await available(app.shop.token), paid);
    await app.database.sql('delete from platform.idempotency');
    const other = await credit(app.shop.publicId, { ...pay, amount: eur('26.00') }, repeat);
    assert.deepEqual([other.status, other.body.code], [422, 'idempotency_mismatch']);
    assert.equal(await available(app.shop.token), paid);
  });

  test('without a key each request pays', async () => {
    const before = Number(await available(app.shop.token));
    await credit(app.shop.publicId, pay);
    await credit(app.shop.publicId, pay);
    assert.equal(Number(await available(app.shop.token)), before + 50);
  });

  test('money in another currency, of no amount, or for a closed or unknown workspace moves nothing', async () => {
    const before = await available(app.shop.token);
    const foreign = await credit(app.shop.publicId, { ...pay, amount: { amount: '1.00', currency: 'USD' } });
    assert.deepEqual([foreign.status, foreign.body.code], [409, 'conflict']);
    for (const amount of ['0', '-5', '1e3', '0.0000001', '1 000']) {
      const refused = await credit(app.shop.publicId, { ...pay, amount: eur(amount) });
      assert.deepEqual([refused.status, refused.body.code], [400, 'invalid_request'], amount);
    }
    const huge = await credit(app.shop.publicId, { ...pay, amount: eur('999999999999.999999') });
    assert.deepEqual([huge.status, huge.body.field], [400, 'amount.amount']);
    const freeText = await credit(app.shop.publicId, { ...pay, reason: 'Thank you, Example Person' });
    assert.deepEqual([freeText.status, freeText.body.field], [400, 'reason']);
    assert.equal(await available(app.shop.token), before);

    const { id } = (await create({ name: 'soon closed', currency: 'EUR' })).body;
    const [row] = await app.database.sql<{ id: string }>(
      'select id from accounts.workspace order by id desc limit 1',
    );
    await app.database.db.batch((tx) => closeWorkspace(tx, row!.id));
    assert.equal((await credit(id, pay)).body.code, 'conflict');
    assert.equal((await credit(encodeId('wrk', newId()), pay)).body.code, 'not_found');
  });

  test('pages give every workspace once, newest first', async () => {
    const page = async (query: Record<string, string>) =>
      (await callOperation(app.server, listWorkspaces, { token: app.admin, query })).body;
    const all: string[] = (await page({ limit: '200' })).data.map(({ id }: { id: string }) => id);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { data, next_cursor } = await page({ limit: '2', ...(cursor === null ? {} : { cursor }) });
      seen.push(...data.map(({ id }: { id: string }) => id));
      cursor = next_cursor;
    } while (cursor !== null);
    assert.deepEqual(seen, all);
  });
});
