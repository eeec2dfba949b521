// Bonus through the whole server: codes of the operator, and customers who bring customers.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createPromoCode, endPromoCode, listPromoCodes } from '@sotto/contract/admin/promo-codes';
import { getReferral, nameReferrer, redeemPromoCode } from '@sotto/contract/bonus';
import { createTopUp } from '@sotto/contract/top-ups';
import { getWallet } from '@sotto/contract/wallet';
import { LIMITS } from '#abuse';
import { createWorkspace } from '#accounts';
import { auditBooks, grantBonus, post } from '#ledger';
import { newId } from '#platform/ids';
import { useApi } from '../../../test/api.ts';
import { callOperation } from '../../../test/route-contract.ts';
import { redeem } from './promo-codes.ts';
import { settleReferrals, takeReferralBack } from './referrals.ts';

describe('bonus', () => {
  const app = useApi();
  const eur = (amount: string) => ({ amount, currency: 'EUR' });
  const never = new AbortController().signal;
  async function customer() {
    const { id } = await app.database.db.batch((tx) =>
      createWorkspace(tx, app.keyring, { kind: 'organisation', name: 'One', currency: 'EUR' }),
    );
    return { id, token: await app.issue(id, ['payments:read', 'payments:write', 'wallet:read']) };
  }
  const make = async (change: object = {}) => {
    const body = { amount: eur('5.00'), uses_max: 100, ...change };
    const answer = await callOperation(app.server, createPromoCode, { token: app.admin, body });
    assert.equal(answer.status, 201, answer.text);
    return answer.body as { id: string; code: string; hint: string };
  };
  const use = (token: string, code: string) =>
    callOperation(app.server, redeemPromoCode, { token, body: { code } });
  const bonusOf = async (token: string) =>
    Number((await callOperation(app.server, getWallet, { token })).body.bonus.amount);
  async function topUp(token: string, card?: string): Promise<string> {
    const { body } = await callOperation(app.server, createTopUp, { token, body: { amount: eur('20.00') } });
    const session = new URL(body.checkout_url).pathname.split('/').at(-1)!;
    await app.stripe.pay(session, card === undefined ? {} : { card });
    return session;
  }
  const booksHold = async () => assert.deepEqual(await app.database.db.batch((tx) => auditBooks(tx)), []);
  const codeOf = async (token: string): Promise<string> =>
    (await callOperation(app.server, getReferral, { token })).body.code;
  const name = (token: string, code: string) =>
    callOperation(app.server, nameReferrer, { token, body: { code } });
  const stateOf = async (token: string): Promise<string> =>
    (await callOperation(app.server, getReferral, { token })).body.state;
  const rules = () => app.payments.referrals!;
  const settle = () => settleReferrals(app.database.db, app.payments.providers, rules(), never);

  test('a code gives its bonus once to each, however it is written, and is kept in no readable form', async () => {
    const { code, hint } = await make({ code: 'spring-2026' });
    assert.deepEqual([code, hint], ['SPRING2026', '26']);
    const [one, two] = [await customer(), await customer()];
    assert.equal((await use(one.token, 'Spring-2026')).body.granted.amount, '5.00');
    const again = await use(one.token, code);
    assert.deepEqual([again.status, again.body.code], [409, 'conflict']);
    assert.equal((await use(two.token, 'spring2026')).status, 200);
    assert.deepEqual([await bonusOf(one.token), await bonusOf(two.token)], [5, 5]);
    const rows = await app.database.sql(`select p::text from payments.promo_code p`);
    assert.ok(!JSON.stringify(rows).includes('SPRING'));
    const list = await callOperation(app.server, listPromoCodes, { token: app.admin });
    assert.equal(list.body.data[0].uses, 2);
    assert.ok(!list.text.includes('SPRING'));
    const twice = await callOperation(app.server, createPromoCode, {
      token: app.admin,
      body: { code: 'SPRING2026', amount: eur('1'), uses_max: 1 },
    });
    assert.equal(twice.body.code, 'conflict');
    await booksHold();
  });

  test('of 200 who redeem a last use at once one gets it, and no code is used more than it may be', async () => {
    const { code } = await make({ uses_max: 1, uses_per_workspace: 100 });
    const customers = await Promise.all(Array.from({ length: 20 }, customer));
    const outcomes = await Promise.allSettled(
      Array.from({ length: 200 }, (_, at) =>
        app.database.db.batch((tx) => redeem(tx, app.keyring, customers[at % 20]!.id, code)),
      ),
    );
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'code_refused');
    }
    const [used] = await app.database.sql<{ uses: number; redeemed: number }>(
      `select p.uses, count(r.id)::integer as redeemed
         from payments.promo_code p join payments.redemption r on r.promo_code_id = p.id
        where p.uses_max = 1 group by p.uses`,
    );
    assert.deepEqual(used, { uses: 1, redeemed: 1 });
    await booksHold();
  });

  test('a code that is unknown, over, ended or used up is refused alike', async () => {
    const { token } = await customer();
    const [ended, used] = [await make(), await make({ uses_max: 1 })];
    const soon = await make({ expires_at: new Date(Date.now() + 60_000).toISOString() });
    await callOperation(app.server, endPromoCode, { token: app.admin, id: ended.id });
    await use((await customer()).token, used.code);
    await app.database.advance(61_000);
    const answers = [];
    for (const code of ['NOSUCHCODE', ended.code, used.code, soon.code]) answers.push(await use(token, code));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [409]);
    const told = answers.map(({ body }) => JSON.stringify({ ...body, instance: null, request_id: null }));
    assert.equal(new Set(told).size, 1, told.join('\n'));
  });

  test('a code for the first top-up works after it and before the second', async () => {
    const { code } = await make({ first_top_up_only: true });
    const { token } = await customer();
    assert.equal((await use(token, code)).body.code, 'conflict');
    await topUp(token);
    assert.equal((await use(token, code)).status, 200);
    const late = await customer();
    await topUp(late.token);
    await topUp(late.token);
    assert.equal((await use(late.token, code)).body.code, 'conflict');
  });

  test('who tries codes is stopped, also by a hundred at once', async () => {
    const { token } = await customer();
    const tries = await Promise.all(Array.from({ length: 100 }, (_, at) => use(token, `GUESSING${at}`)));
    const judged = tries.filter(({ status }) => status === 409);
    assert.ok(judged.length <= LIMITS['code.workspace'].burst, `${judged.length} were judged`);
    assert.ok(tries.every(({ status }) => status === 409 || status === 429));
    await app.database.advance(3_600_000);
  });

  test('a code in another currency, or worth more than one person may give, is no good', async () => {
    const { token } = await customer();
    const { code } = await make({ amount: { amount: '5.00', currency: 'SAR' } });
    assert.equal((await use(token, code)).body.code, 'conflict');
    const dear = await callOperation(app.server, createPromoCode, {
      token: app.admin,
      body: { amount: eur('1000.01'), uses_max: 1 },
    });
    assert.deepEqual([dear.status, dear.body.field], [400, 'amount.amount']);
  });

  test('both get the bonus when the first top-up has stood long enough, once; a dispute takes back what is unspent', async () => {
    const [old, fresh] = [await customer(), await customer()];
    const named = await name(fresh.token, (await codeOf(old.token)).toLowerCase());
    assert.deepEqual([named.status, named.body.state], [200, 'named']);
    assert.equal((await name(fresh.token, await codeOf(old.token))).body.code, 'conflict');
    const session = await topUp(fresh.token);
    await topUp(old.token);
    await app.database.advance(29 * 86_400_000);
    assert.equal(await settle(), 0);
    await app.database.advance(2 * 86_400_000);
    const runs = await Promise.all([settle(), settle(), settle()]);
    assert.equal(
      runs.reduce((sum, each) => sum + each, 0),
      1,
    );
    assert.deepEqual([await bonusOf(old.token), await bonusOf(fresh.token)], [5, 5]);
    // The referrer spends most of it.
    await app.database.db.batch((tx) =>
      post(tx, {
        key: newId(),
        kind: 'adjustment',
        workspaceId: old.id,
        currency: 'EUR',
        entries: [
          { account: 'bonus', workspaceId: old.id, amountMicros: -4_000_000n },
          { account: 'revenue', amountMicros: 4_000_000n },
        ],
      }),
    );
    await app.stripe.dispute(session, 2_000);
    const [job] = await app.database.sql<{ payload: { referral_id: string } }>(
      `select payload from platform.job where name = 'payments.undo_referral'`,
    );
    for (let run = 0; run < 2; run++) {
      await app.database.db.batch((tx) => takeReferralBack(tx, job!.payload.referral_id));
    }
    assert.deepEqual([await bonusOf(old.token), await bonusOf(fresh.token)], [0, 0]);
    assert.equal(await stateOf(fresh.token), 'taken_back');
    await booksHold();
  });

  test('who refers themselves gets nothing: same workspace, same person, same card, or money that went back', async () => {
    const old = await customer();
    const code = await codeOf(old.token);
    assert.equal((await name(old.token, code)).body.code, 'conflict');
    const person = await app.person({ memberOf: { workspaceId: old.id, role: 'owner' } });
    const own = await app.issue(person.workspaceId, ['payments:read', 'payments:write']);
    assert.equal((await name(own, code)).body.code, 'conflict');
    assert.equal((await name((await customer()).token, '0000000000')).body.code, 'code_refused');
    const late = await customer();
    await topUp(late.token);
    assert.equal((await name(late.token, code)).body.code, 'conflict');

    const [sameCard, sentBack, unpaid] = [await customer(), await customer(), await customer()];
    for (const each of [sameCard, sentBack, unpaid]) assert.equal((await name(each.token, code)).status, 200);
    await topUp(old.token, 'card-of-old');
    await topUp(sameCard.token, 'card-of-old');
    await app.stripe.refund(await topUp(sentBack.token), 100);
    await app.database.advance(31 * 86_400_000);
    // While the provider does not answer nothing is decided.
    app.stripe.answerNext({ status: 500, body: {} }, { status: 500, body: {} });
    assert.equal(await settle(), 0);
    assert.equal(await stateOf(sameCard.token), 'named');
    await app.database.advance(2 * 86_400_000);
    assert.equal(await settle(), 0);
    assert.deepEqual(await Promise.all([sameCard, sentBack, unpaid].map(({ token }) => stateOf(token))), [
      'refused',
      'refused',
      'named',
    ]);
    await app.database.advance(180 * 86_400_000);
    await settle();
    assert.equal(await stateOf(unpaid.token), 'refused');
    assert.equal(await bonusOf(old.token), 0);
    const kept = await app.database.sql(`select r::text from payments.referral r`);
    const payments = await app.database.sql(`select p::text from payments.payment p`);
    assert.ok(!JSON.stringify([kept, payments]).includes('card-of-old'));
    await booksHold();
  });

  test('bonus is spent first and is no part of what a refund returns', async () => {
    const { id, token } = await customer();
    await app.database.db.batch((tx) =>
      grantBonus(tx, { workspaceId: id, amountMicros: 5_000_000n, currency: 'EUR', key: newId() }),
    );
    const session = await topUp(token);
    await app.stripe.dispute(session, 2_000);
    assert.equal(await bonusOf(token), 5);
  });
});
