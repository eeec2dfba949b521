// Top-ups by Stripe through the whole server: the API, the real adapter, the fake provider, a real database.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createExchangeRate, listExchangeRates } from '@sotto/contract/admin/exchange-rates';
import { approvePayment, listPayments, refundPayment } from '@sotto/contract/admin/payments';
import { noticeBytesMax, noticeFromStripe } from '@sotto/contract/payment-notices';
import { createTopUp, getTopUp, listTopUps } from '@sotto/contract/top-ups';
import { getWallet } from '@sotto/contract/wallet';
import type { SentNotice } from '@sotto/simulator';
import fc from 'fast-check';
import { auditBooks, post } from '#ledger';
import { newId } from '#platform/ids';
import { type Tenant, useApi } from '../../test/api.ts';
import { callOperation } from '../../test/route-contract.ts';
import { catchUp } from './catch-up.ts';
import { finishRefund } from './refunds.ts';

describe('a top-up by Stripe', () => {
  const app = useApi();
  const eur = (amount: string) => ({ amount, currency: 'EUR' });

  /** Begins one and gives its ids, here and at the provider. */
  async function begin(amount = '25.00', tenant: Tenant = app.shop) {
    const answer = await callOperation(app.server, createTopUp, {
      token: tenant.token,
      body: { amount: eur(amount) },
    });
    assert.equal(answer.status, 201, answer.text);
    const session = new URL(answer.body.checkout_url).pathname.split('/').at(-1)!;
    return { id: answer.body.id as string, session, body: answer.body };
  }
  const read = async (id: string) =>
    (await callOperation(app.server, getTopUp, { token: app.shop.token, id })).body;
  const available = async () =>
    (await callOperation(app.server, getWallet, { token: app.shop.token })).body.available.amount as string;
  const asAdmin = (operation: Parameters<typeof callOperation>[1], id?: string, body?: unknown) =>
    callOperation(app.server, operation, {
      token: app.admin,
      ...(id === undefined ? {} : { id }),
      ...(body === undefined ? {} : { body }),
    });
  const one = async (id: string) =>
    (await asAdmin(listPayments)).body.data.find((payment: { id: string }) => payment.id === id);
  const send = async ({ headers, body }: Pick<SentNotice, 'headers' | 'body'>) => {
    const answer = await app.server.fastify.inject({
      method: 'POST',
      url: noticeFromStripe.path,
      headers: { 'content-type': 'application/json', ...headers },
      payload: body,
    });
    return { status: answer.statusCode, body: answer.json() };
  };
  /** Spends from the balance as a charge does. */
  const spend = async (micros: bigint) =>
    micros > 0n &&
    app.database.db.batch((tx) =>
      post(tx, {
        key: newId(),
        kind: 'adjustment',
        workspaceId: app.shop.id,
        currency: 'EUR',
        entries: [
          { account: 'available', workspaceId: app.shop.id, amountMicros: -micros },
          { account: 'revenue', amountMicros: micros },
        ],
      }),
    );
  const booksHold = async () => assert.deepEqual(await app.database.db.batch((tx) => auditBooks(tx)), []);
  const state = async () =>
    JSON.stringify(
      await app.database.sql(
        `select (select jsonb_agg(p order by p.id) from payments.payment p) as payments,
                (select count(*) from payments.notice) as notices,
                (select jsonb_agg(w order by w.workspace_id) from ledger.wallet w) as wallets`,
      ),
    );

  test('is credited when the money is there and not before, and reads as paid', async () => {
    const { id, session, body } = await begin('25.00');
    assert.equal(body.status, 'open');
    assert.equal(await available(), '0.00');
    await app.stripe.pay(session);
    assert.equal(await available(), '25.00');
    const paid = await read(id);
    assert.deepEqual([paid.status, paid.credited.amount, paid.checkout_url], ['paid', '25.00', null]);
    const list = (await callOperation(app.server, listTopUps, { token: app.shop.token })).body.data;
    assert.deepEqual(list, [paid]);
    await booksHold();
  });

  test('whose money comes later waits as pending, and ends paid or failed', async () => {
    const before = Number(await available());
    const [good, bad] = [await begin('10.00'), await begin('11.00')];
    for (const { session } of [good, bad]) await app.stripe.pay(session, { later: true });
    assert.deepEqual([(await read(good.id)).status, await available()], ['pending', before.toFixed(2)]);
    await app.stripe.settle(good.session, true);
    await app.stripe.settle(bad.session, false);
    assert.deepEqual([(await read(good.id)).status, (await read(bad.id)).status], ['paid', 'failed']);
    assert.equal(Number(await available()), before + 10);
  });

  test('that is paid with another amount credits what came; in another currency it waits for a person', async () => {
    const before = Number(await available());
    const [other, foreign] = [await begin('20.00'), await begin('20.00')];
    await app.stripe.pay(other.session, { amount: 1_500 });
    assert.equal(Number(await available()), before + 15);
    await app.stripe.pay(foreign.session, { currency: 'usd' });
    assert.equal(Number(await available()), before + 15);
    assert.equal((await read(foreign.id)).status, 'review');
    const waiting = await callOperation(app.server, listPayments, {
      token: app.admin,
      query: { attention: 'true' },
    });
    assert.deepEqual(
      waiting.body.data.map(({ id, paid }: { id: string; paid: unknown }) => [id, paid]),
      [[foreign.id, { amount: '20.00', currency: 'USD' }]],
    );
    assert.equal((await asAdmin(approvePayment, foreign.id, { amount: eur('18.50') })).status, 200);
    assert.equal((await asAdmin(approvePayment, foreign.id, { amount: eur('18.50') })).status, 409);
    assert.equal(Number(await available()), before + 33.5);
    // A tenth of the dollars goes back: a tenth of what they were worth.
    await app.stripe.refund(foreign.session, 200);
    assert.equal(Number(await available()), before + 31.65);
    const priced = await asAdmin(refundPayment, foreign.id, {});
    assert.equal(priced.body.code, 'conflict', 'it has no exact amount at the provider');
  });

  test('that came in another currency is worth what the exchange rate of that moment says, which is shown with it', async () => {
    const before = Number(await available());
    const foreign = async () => {
      const { id, session } = await begin('20.00');
      await app.stripe.pay(session, { currency: 'usd' });
      return id;
    };
    const id = await foreign();
    const unknown = await asAdmin(approvePayment, id, {});
    assert.deepEqual([unknown.status, unknown.body.code], [409, 'conflict'], 'nothing is assumed');
    const enter = (rate: string, valid_from?: string) =>
      asAdmin(createExchangeRate, undefined, { base: 'EUR', quote: 'USD', rate, valid_from });
    assert.equal((await enter('1.25', '2026-01-01T00:00:00Z')).status, 201);
    assert.equal((await enter('1.5', '2026-01-01T00:00:00Z')).status, 409);
    assert.equal((await enter('2')).status, 201, 'what holds after it came changes nothing');
    const later = await foreign();
    const approved = await asAdmin(approvePayment, id, {});
    assert.deepEqual(approved.body.credited, eur('16.00'));
    const rate = { base: 'EUR', quote: 'USD', rate: '1.25', valid_from: '2026-01-01T00:00:00.000Z' };
    assert.deepEqual([approved.body.rate, (await read(id)).rate], [rate, rate]);
    assert.equal((await asAdmin(approvePayment, later, {})).body.credited.amount, '10.00');
    assert.equal(Number(await available()), before + 26);
    const rates = (await asAdmin(listExchangeRates)).body.data;
    assert.deepEqual(
      rates.map((each: { rate: string }) => each.rate),
      ['2', '1.25'],
    );
    for (const body of [
      { base: 'EUR', quote: 'EUR', rate: '1' },
      { base: 'EUR', quote: 'USD', rate: '0' },
      { base: 'EUR', quote: 'USD', rate: 1.25 },
    ])
      assert.equal((await asAdmin(createExchangeRate, undefined, body)).status, 400);
    await assert.rejects(app.database.sql('update payments.exchange_rate set rate = 1'), /append-only/);
    await booksHold();
  });

  test('is credited once by 64 parallel copies of its notice', async () => {
    const before = Number(await available());
    const { session } = await begin('7.00');
    app.stripe.listen(null);
    await app.stripe.pay(session);
    const notice = app.stripe.sent.at(-1)!;
    const answers = await Promise.all(Array.from({ length: 64 }, () => send(notice)));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    assert.equal(answers.filter(({ body }) => body.outcome === 'applied').length, 1);
    assert.equal(Number(await available()), before + 7);
    await booksHold();
  });

  test('comes to the same whatever the order and number of its notices', async () => {
    app.stripe.listen(null);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 5 }), { minLength: 6, maxLength: 14 }),
        fc.boolean(),
        async (order, won) => {
          const before = Number(await available());
          const { id, session } = await begin('10.00');
          const from = app.stripe.sent.length;
          await app.stripe.pay(session, { later: true });
          await app.stripe.settle(session, true);
          await app.stripe.refund(session, 300);
          await app.stripe.refund(session, 100);
          const dispute = await app.stripe.dispute(session, 600);
          await app.stripe.closeDispute(session, dispute, 600, won);
          const notices = app.stripe.sent.slice(from);
          // Every one comes at least once, in the drawn order and then again in its own.
          for (const at of [...order, ...notices.keys()]) {
            assert.equal((await send(notices[at]!)).status, 200);
          }
          const payment = await one(id);
          const back = won ? 4 : 10;
          assert.deepEqual(
            [payment.status, Number(payment.taken_back.amount), Number(payment.lost.amount)],
            ['paid', back, 0],
          );
          assert.ok(Math.abs(Number(await available()) - (before + 10 - back)) < 1e-6);
        },
      ),
      { numRuns: 12 },
    );
    const held = await app.database.sql('select from payments.early_fact');
    assert.equal(held.length, 0);
    await booksHold();
  });

  test('that goes back after it was spent takes what is left, and the rest is a claim; nothing falls below zero', async () => {
    app.stripe.listen(async (notice) => (await send(notice)).status);
    await spend(BigInt(Math.round(Number(await available()) * 1e6)));
    const { id, session } = await begin('10.00');
    await app.stripe.pay(session);
    await spend(6_000_000n);
    const dispute = await app.stripe.dispute(session, 1_000);
    assert.equal(await available(), '0.00');
    let payment = await one(id);
    assert.deepEqual([payment.taken_back.amount, payment.lost.amount], ['4.00', '6.00']);
    const claims = await callOperation(app.server, listPayments, {
      token: app.admin,
      query: { attention: 'true' },
    });
    assert.ok(claims.body.data.some((each: { id: string }) => each.id === id));
    await app.stripe.closeDispute(session, dispute, 1_000, true);
    payment = await one(id);
    assert.deepEqual([payment.taken_back.amount, payment.lost.amount], ['0.00', '0.00']);
    assert.equal(await available(), '4.00');
    await booksHold();
  });

  test('is returned by the operator as far as it is unspent, once, and the provider’s own notice of it takes no more', async () => {
    await spend(BigInt(Math.round(Number(await available()) * 1e6)));
    const { id, session } = await begin('10.00');
    await app.stripe.pay(session);
    await spend(2_500_000n);
    assert.equal((await asAdmin(refundPayment, id, { amount: eur('8.00') })).body.code, 'insufficient_funds');
    const asked = await asAdmin(refundPayment, id, {});
    assert.deepEqual([asked.status, asked.body.taken_back.amount, await available()], [200, '7.50', '0.00']);
    const [job] = await app.database.sql<{ payload: { takeback_id: string } }>(
      `select payload from platform.job where name = 'payments.refund'`,
    );
    const { takeback_id } = job!.payload;
    const { providers } = app.payments;
    app.stripe.answerNext({ status: 500, body: {} });
    assert.equal(await finishRefund(app.database.db, providers, takeback_id), 'unknown');
    assert.equal(await finishRefund(app.database.db, providers, takeback_id), 'refunded');
    assert.equal(await finishRefund(app.database.db, providers, takeback_id), 'done');
    assert.equal(app.stripe.session(session).refunded, 750);
    assert.equal((await one(id)).taken_back.amount, '7.50');
    const again = await asAdmin(refundPayment, id, {});
    assert.equal(again.body.code, 'insufficient_funds');
    await booksHold();
  });

  test('that the provider refuses to return comes back into the balance', async () => {
    const { id, session } = await begin('10.00');
    await app.stripe.pay(session);
    const before = await available();
    await asAdmin(refundPayment, id, { amount: eur('10.00') });
    const [job] = await app.database.sql<{ payload: { takeback_id: string } }>(
      `select payload from platform.job where name = 'payments.refund' order by id desc limit 1`,
    );
    app.stripe.answerNext({ status: 400, body: { error: { code: 'charge_disputed' } } });
    assert.equal(
      await finishRefund(app.database.db, app.payments.providers, job!.payload.takeback_id),
      'refused',
    );
    assert.equal(await available(), before);
    assert.equal((await one(id)).taken_back.amount, '0.00');
  });

  test('whose notice was lost is found at the provider a quarter of an hour later', async () => {
    const { id, session } = await begin('3.00');
    app.stripe.listen(null);
    await app.stripe.pay(session);
    const look = () => catchUp(app.database.db, app.payments.providers[0]!, new AbortController().signal);
    await look();
    assert.equal((await read(id)).status, 'open');
    await app.database.advance(16 * 60_000);
    app.stripe.answerNext({ status: 200, body: { id: 'cs_other', nothing: true } });
    await look();
    await look();
    assert.equal((await read(id)).status, 'paid');
    app.stripe.listen(async (notice) => (await send(notice)).status);
  });

  test('is begun once however often it is asked for under one key, and after the provider was away', async () => {
    const request = {
      token: app.shop.token,
      body: { amount: eur('9.00') },
      headers: { 'idempotency-key': 'once' },
    };
    app.stripe.answerNext({ status: 503, body: {} });
    const away = await callOperation(app.server, createTopUp, request);
    assert.equal(away.body.code, 'unavailable');
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => callOperation(app.server, createTopUp, request)),
    );
    assert.equal(new Set(answers.map(({ body }) => `${body.id} ${body.checkout_url}`)).size, 1);
    const other = { ...request, body: { amount: eur('9.01') } };
    assert.equal((await callOperation(app.server, createTopUp, other)).body.code, 'idempotency_mismatch');
  });

  test('is refused in another currency, a fraction of a cent, for nobody’s provider and by a test key', async () => {
    const refused = async (body: unknown, token = app.shop.token) =>
      (await callOperation(app.server, createTopUp, { token, body })).body.code;
    assert.equal(await refused({ amount: { amount: '5.00', currency: 'USD' } }), 'invalid_request');
    assert.equal(await refused({ amount: eur('5.001') }), 'invalid_request');
    assert.equal(await refused({ amount: eur('5.00'), provider: 'btcpay' }), 'invalid_request');
    assert.equal(
      await refused({ amount: eur('5.00'), return_url: 'javascript:alert(1)' }),
      'invalid_request',
    );
    assert.equal(
      await refused({ amount: eur('5.00'), workspace_id: app.stranger.publicId }),
      'unknown_field',
    );
    const test = await app.issue(app.shop.id, ['payments:write'], 'test');
    assert.equal(await refused({ amount: eur('5.00') }, test), 'test_key_refused');
    app.stripe.answerNext({ status: 400, body: { error: { code: 'amount_too_small' } } });
    assert.equal(await refused({ amount: eur('0.01') }), 'conflict');
  });

  test('forged, replayed, truncated, old and foreign notices change nothing (checklist 58)', async () => {
    const { session } = await begin('5.00');
    app.stripe.listen(null);
    await app.stripe.pay(session);
    const genuine = app.stripe.sent.at(-1)!;
    const paid = JSON.parse(genuine.body).data.object;
    const signature = genuine.headers['stripe-signature']!;
    const signed = (object: object, change = {}) =>
      app.stripe.sign('checkout.session.completed', object, change);
    const refused: readonly (readonly [string, Pick<SentNotice, 'headers' | 'body'>])[] = [
      ['no signature', { headers: {}, body: genuine.body }],
      ['an empty signature', { headers: { 'stripe-signature': '' }, body: genuine.body }],
      ['no number', { headers: { 'stripe-signature': 't=x,v1=00' }, body: genuine.body }],
      [
        'another secret',
        { headers: { 'stripe-signature': signature.replace(/v1=../, 'v1=00') }, body: genuine.body },
      ],
      [
        'another scheme',
        { headers: { 'stripe-signature': signature.replace('v1=', 'v0=') }, body: genuine.body },
      ],
      [
        'another time',
        { headers: { 'stripe-signature': signature.replace(/t=\d/, 't=2') }, body: genuine.body },
      ],
      [
        'a changed amount',
        { ...genuine, body: genuine.body.replace('"amount_total":500', '"amount_total":900') },
      ],
      ['an added space', { ...genuine, body: `${genuine.body} ` }],
      ['half of it', { ...genuine, body: genuine.body.slice(0, 200) }],
      ['an empty body', { ...genuine, body: '' }],
      ['real money', signed(paid, { livemode: true })],
      ['no event', signed(paid, { object: 'charge' })],
      ['an amount that is text', signed({ ...paid, amount_total: '500' })],
      ['a negative amount', signed({ ...paid, amount_total: -500 })],
      ['an amount beyond counting', signed({ ...paid, amount_total: 1e300 })],
      ['a session that is a list', signed([paid])],
    ];
    const before = await state();
    for (const [what, notice] of refused) {
      const answer = await send(notice);
      assert.deepEqual([answer.status, answer.body.code], [400, 'notice_refused'], what);
      assert.ok(!JSON.stringify(answer.body).includes(session), what);
    }
    const large = await send({ ...genuine, body: 'x'.repeat(noticeBytesMax + 1) });
    assert.equal(large.body.code, 'body_too_large');
    assert.equal(await state(), before);
    await app.database.advance(301_000);
    assert.equal((await send(genuine)).body.code, 'notice_refused');
    assert.equal(await state(), before);
  });

  test('what is genuine and none of ours is acknowledged and credits nobody', async () => {
    const before = await available();
    for (const notice of [
      app.stripe.sign('customer.created', { id: 'cus_1', email: 'someone@example.com' }),
      app.stripe.sign('charge.refunded', {
        object: 'charge',
        payment_intent: null,
        amount_refunded: 5,
        currency: 'eur',
      }),
      app.stripe.sign('checkout.session.completed', {
        id: 'cs_of_somebody',
        object: 'checkout.session',
        payment_status: 'paid',
        payment_intent: 'pi_of_somebody',
        client_reference_id: 'top_00000000000000000000000000',
        amount_total: 100,
        currency: 'eur',
      }),
    ]) {
      assert.deepEqual(await send(notice), { status: 200, body: { outcome: 'ignored' } });
    }
    assert.equal(await available(), before);
    const dump = JSON.stringify(await app.database.sql('select n::text from payments.notice n'));
    assert.ok(!dump.includes('example.com'));
  });
});
