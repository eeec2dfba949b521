// The notice of a low balance through the whole server.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { getWalletSettings, updateWalletSettings } from '@sotto/contract/wallet-settings';
import { credit, grantBonus, post } from '#ledger';
import { newId } from '#platform/ids';
import { useApi } from '../../../test/api.ts';
import { callOperation } from '../../../test/route-contract.ts';
import { tellLowBalances } from './low-balance.ts';

describe('a low balance', () => {
  const app = useApi();
  const never = new AbortController().signal;
  const eur = (amount: string) => ({ amount, currency: 'EUR' });
  const set = (low_balance: unknown, token = app.shop.token) =>
    callOperation(app.server, updateWalletSettings, { token, body: { low_balance } });
  const move = (micros: bigint) =>
    app.database.db.batch((tx) =>
      micros > 0n
        ? credit(tx, 'top_up', {
            workspaceId: app.shop.id,
            amountMicros: micros,
            currency: 'EUR',
            key: newId(),
          })
        : post(tx, {
            key: newId(),
            kind: 'adjustment',
            workspaceId: app.shop.id,
            currency: 'EUR',
            entries: [
              { account: 'available', workspaceId: app.shop.id, amountMicros: micros },
              { account: 'revenue', amountMicros: -micros },
            ],
          }),
    );
  async function look(mails = true): Promise<number> {
    await app.database.advance(60_000);
    const mailBaseUrl = mails ? () => 'https://example.com' : null;
    return tellLowBalances({ db: app.database.db, keyring: app.keyring, mailBaseUrl }, never);
  }
  const count = async (text: string) => (await app.database.sql<{ n: number }>(text))[0]!.n;
  const events = () =>
    count(`select count(*)::integer as n from platform.outbox where name = 'payments.low_balance'`);
  const mails = () => count(`select count(*)::integer as n from mail.outbox where template = 'low_balance'`);

  test('is told of once for each crossing, by an event and a mail to those who pay, and armed again well above', async () => {
    const member = (role: 'owner' | 'billing' | 'developer' | 'viewer', email?: string | null) =>
      app.person({ memberOf: { workspaceId: app.shop.id, role }, ...(email === undefined ? {} : { email }) });
    await Promise.all([member('owner'), member('billing'), member('billing', null), member('developer')]);
    assert.deepEqual((await set(eur('10.00'))).body, { low_balance: eur('10.00') });
    await move(12_000_000n);
    assert.equal(await look(), 0);
    await move(-3_000_000n);
    assert.equal(await look(), 1);
    for (const micros of [0n, 1_500_000n, -1_500_000n]) {
      if (micros !== 0n) await move(micros);
      assert.equal(await look(), 0);
    }
    assert.deepEqual([await events(), await mails()], [1, 2]);
    await move(2_000_000n);
    assert.equal(await look(), 0);
    await move(-2_000_000n);
    assert.equal(await look(false), 1);
    assert.deepEqual([await events(), await mails()], [2, 2]);
  });

  test('counts bonus and not credit, and many who look at once tell once', async () => {
    await app.database.db.batch((tx) =>
      grantBonus(tx, { workspaceId: app.shop.id, amountMicros: 9_000_000n, currency: 'EUR', key: newId() }),
    );
    assert.equal(await look(), 0);
    await move(-8_500_000n);
    await app.database.advance(60_000);
    const parts = { db: app.database.db, keyring: app.keyring, mailBaseUrl: null };
    const told = await Promise.all(Array.from({ length: 8 }, () => tellLowBalances(parts, never)));
    assert.equal(
      told.reduce((sum, each) => sum + each, 0),
      1,
    );
  });

  test('is asked for by each workspace in its own currency, and ended by null', async () => {
    const refused = await set({ amount: '1.00', currency: 'USD' });
    assert.deepEqual([refused.status, refused.body.field], [400, 'low_balance.currency']);
    const others = await callOperation(app.server, getWalletSettings, { token: app.stranger.token });
    assert.deepEqual(others.body, { low_balance: null });
    assert.deepEqual((await set(eur('50.00'))).body, { low_balance: eur('50.00') });
    assert.deepEqual(
      (await callOperation(app.server, updateWalletSettings, { token: app.shop.token, body: {} })).body,
      {
        low_balance: eur('50.00'),
      },
    );
    assert.deepEqual((await set(null)).body, { low_balance: null });
    assert.equal(await look(), 0);
  });
});
