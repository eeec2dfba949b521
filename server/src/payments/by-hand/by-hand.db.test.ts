// Money that the staff credit by hand, through the whole server: what one may do alone, and what takes two.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  approveBankTransfer,
  enterBankTransfer,
  listBankTransfers,
  rejectBankTransfer,
} from '@sotto/contract/admin/bank-transfers';
import { approvePayment } from '@sotto/contract/admin/payments';
import { creditWorkspace } from '@sotto/contract/admin/workspaces';
import { createTopUp, listTopUps } from '@sotto/contract/top-ups';
import { getWallet } from '@sotto/contract/wallet';
import { createKey } from '#accounts';
import { auditBooks } from '#ledger';
import { useApi } from '../../../test/api.ts';
import { callOperation } from '../../../test/route-contract.ts';

describe('money by hand', () => {
  const app = useApi({ creditAloneMaxMicros: 100_000_000n });
  const eur = (amount: string) => ({ amount, currency: 'EUR' });
  let made = 0;
  const enter = (token: string, amount = '250.00', reference = `BANK-${++made}`) =>
    callOperation(app.server, enterBankTransfer, {
      token,
      body: { workspace_id: app.shop.publicId, amount: eur(amount), reference },
    });
  const approve = (token: string, id: string) =>
    callOperation(app.server, approveBankTransfer, { token, id });
  const anotherKey = () => app.issue(null, ['admin:payments']);
  const finance = () => app.person({ strength: 'second_factor', staffRole: 'finance' });
  const available = async () =>
    Number((await callOperation(app.server, getWallet, { token: app.shop.token })).body.available.amount);

  /** A key made with one that a person made: the other ends with their role, this one is found to be theirs. */
  async function heirOf(personId: string): Promise<string> {
    const wanted = { workspaceId: null, kind: 'admin', name: 'test', networks: [], expiresAt: null } as const;
    const make = (creator: Parameters<typeof createKey>[2]) =>
      app.database.db.batch((tx) =>
        createKey(tx, app.keyring, creator, { ...wanted, scopes: ['admin:payments'] }),
      );
    const own = await make('operator');
    assert.ok(own.outcome === 'created');
    await app.database.sql(
      `update accounts.api_key set origin = 'person', created_by_person = $1 where id = $2`,
      [personId, own.key.id],
    );
    const heir = await make({ keyId: own.key.id });
    assert.ok(heir.outcome === 'created');
    return heir.token;
  }

  test('a bank transfer is credited by a second person, once, and reads as a top-up', async () => {
    const before = await available();
    const { body: entered, status } = await enter(app.admin);
    assert.equal(status, 201);
    assert.equal(await available(), before);
    const second = await anotherKey();
    const answers = await Promise.all(Array.from({ length: 8 }, () => approve(second, entered.id)));
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, ...Array(7).fill(409)]);
    assert.equal(await available(), before + 250);
    const [topUp] = (await callOperation(app.server, listTopUps, { token: app.shop.token })).body.data;
    assert.deepEqual([topUp.provider, topUp.status, topUp.credited.amount], ['bank', 'paid', '250.00']);
    assert.equal(topUp.id, answers.find((answer) => answer.status === 200)!.body.payment_id);
    assert.deepEqual(await app.database.db.batch((tx) => auditBooks(tx)), []);
  });

  test('the same person is refused, whether signed in or with a key that descends from theirs (checklist 13)', async () => {
    const [ada, grace] = [await finance(), await finance()];
    const heir = await heirOf(ada.id);
    const before = await available();
    for (const first of [ada.token, heir]) {
      const { id } = (await enter(first)).body;
      for (const token of [ada.token, heir]) {
        const refused = await approve(token, id);
        assert.deepEqual([refused.status, refused.body.code], [409, 'second_person_needed']);
      }
      assert.equal(await available(), before);
    }
    const { id } = (await enter(heir)).body;
    assert.equal((await approve(grace.token, id)).status, 200);
    assert.equal(await available(), before + 250);
    await assert.rejects(
      app.database.sql(`update payments.bank_transfer set decided_by_person = entered_by_person where state = 'approved'
                                                                                and entered_by_person is not null`),
      /bank_transfer_takes_two/,
    );
  });

  test('a reference is entered once however it is spelled, and again after a rejection', async () => {
    const { id } = (await enter(app.admin, '10.00', 'de-77/2026')).body;
    const again = await enter(await anotherKey(), '10.00', 'DE-77/2026');
    assert.deepEqual([again.status, again.body.code], [409, 'conflict']);
    const rejected = await callOperation(app.server, rejectBankTransfer, { token: app.admin, id });
    assert.equal(rejected.body.state, 'rejected');
    assert.equal((await approve(await anotherKey(), id)).body.code, 'conflict');
    const anew = await enter(app.admin, '10.00', 'DE-77/2026');
    assert.equal(anew.status, 201);
    const waiting = await callOperation(app.server, listBankTransfers, {
      token: app.admin,
      query: { state: 'waiting' },
    });
    assert.ok(waiting.body.data.some((each: { id: string }) => each.id === anew.body.id));
    assert.ok(waiting.body.data.every((each: { state: string }) => each.state === 'waiting'));
    assert.equal((await approve(await anotherKey(), anew.body.id)).status, 200);
    assert.equal((await enter(app.admin, '10.00', 'DE-77/2026')).body.code, 'conflict');
    for (const [body, code] of [
      [{ amount: { amount: '1', currency: 'USD' }, reference: 'BANK-900' }, 'invalid_request'],
      [{ amount: eur('1'), reference: 'Ada Lovelace 1' }, 'invalid_request'],
      [{ amount: eur('1'), reference: 'NODIGITS' }, 'invalid_request'],
    ] as const) {
      const refused = await callOperation(app.server, enterBankTransfer, {
        token: app.admin,
        body: { workspace_id: app.shop.publicId, ...body },
      });
      assert.equal(refused.body.code, code);
    }
  });

  test('a large credit by one person is refused with the way out, a small one is not (checklist 13)', async () => {
    const credit = (amount: string) =>
      callOperation(app.server, creditWorkspace, {
        token: app.admin,
        id: app.shop.publicId,
        body: { amount: eur(amount), reason: 'goodwill' },
      });
    const before = await available();
    const refused = await credit('100.000001');
    assert.deepEqual([refused.status, refused.body.code], [409, 'second_person_needed']);
    assert.match(refused.body.way_out ?? refused.text, /bank transfer/);
    assert.equal((await credit('100.00')).status, 201);
    assert.equal(await available(), before + 100);
  });

  test('a large payment under review takes two who say the same', async () => {
    const begun = await callOperation(app.server, createTopUp, {
      token: app.shop.token,
      body: { amount: eur('500.00') },
    });
    await app.stripe.pay(new URL(begun.body.checkout_url).pathname.split('/').at(-1)!, { currency: 'usd' });
    const say = (token: string, amount: string) =>
      callOperation(app.server, approvePayment, { token, id: begun.body.id, body: { amount: eur(amount) } });
    const before = await available();
    const second = await anotherKey();
    const noted = await say(app.admin, '450.00');
    assert.deepEqual([noted.body.status, noted.body.first_approval.amount], ['review', '450.00']);
    assert.equal((await say(app.admin, '450.00')).body.code, 'second_person_needed');
    assert.equal((await say(app.admin, '460.00')).body.first_approval.amount, '460.00');
    assert.equal((await say(second, '450.00')).body.code, 'conflict');
    assert.equal(await available(), before);
    const credited = await say(second, '460.00');
    assert.deepEqual([credited.body.status, credited.body.credited.amount], ['paid', '460.00']);
    assert.equal(await available(), before + 460);
  });

  test('each step is in the audit trail', async () => {
    const rows = await app.database.sql<{ action: string }>(
      'select distinct action from privacy.audit_entry order by action',
    );
    const actions = new Set(rows.map(({ action }) => action));
    for (const step of [
      'bank_transfer.entered',
      'bank_transfer.approved',
      'bank_transfer.rejected',
      'payment.approved_first',
      'payment.approved',
    ]) {
      assert.ok(actions.has(step), step);
    }
  });
});
