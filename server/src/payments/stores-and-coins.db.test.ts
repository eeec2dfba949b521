// Money by other ways than a card, through the whole server: invoices of a BTCPay Server, and purchases and subscriptions
// in the app stores as RevenueCat tells of them.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { encodeId } from '@sotto/contract';
import { listPayments } from '@sotto/contract/admin/payments';
import { noticeFromBtcpay, noticeFromRevenueCat } from '@sotto/contract/payment-notices';
import { createTopUp, getTopUp } from '@sotto/contract/top-ups';
import { fakeRevenueCat, startFakeBtcpay } from '@sotto/simulator';
import fc from 'fast-check';
import { alignedNowMs } from '#platform/clock';
import { newId } from '#platform/ids';
import { useApi } from '../../test/api.ts';
import { callOperation } from '../../test/route-contract.ts';
import { readEvent } from './providers/revenuecat/revenuecat-notices.ts';
import { moneyToldTo } from './test/money-told.ts';

const btcpay = await startFakeBtcpay({ nowMs: alignedNowMs });
const stores = fakeRevenueCat({ nowMs: alignedNowMs });
after(() => btcpay.stop());
const products = new Map([
  ['credits_5', { micros: 5_000_000n, currency: 'EUR' }],
  ['monthly', { micros: 2_000_000n, currency: 'EUR' }],
  ['dollars', { micros: 5_000_000n, currency: 'USD' }],
]);

describe('money by other ways', () => {
  const app = useApi({}, () => ({
    btcpay,
    revenuecat: { authorization: stores.authorization, products, live: true },
  }));
  const { to, available, topUps, booksHold, subscriptions } = moneyToldTo(app);
  const toBtcpay = to(noticeFromBtcpay.path);
  const toStores = to(noticeFromRevenueCat.path);

  async function invoice(amount: string) {
    const answer = await callOperation(app.server, createTopUp, {
      token: app.shop.token,
      body: { amount: { amount, currency: 'EUR' }, provider: 'btcpay' },
    });
    assert.equal(answer.status, 201, answer.text);
    return {
      id: answer.body.id as string,
      at: new URL(answer.body.checkout_url).pathname.split('/').at(-1)!,
    };
  }

  test('an invoice is credited when it is settled, whatever came before and however often it is told', async () => {
    const { id, at } = await invoice('40.00');
    const from = btcpay.sent.length;
    btcpay.listen(null);
    await btcpay.become(at, 'InvoiceCreated', { status: 'New' });
    await btcpay.become(at, 'InvoiceProcessing', { status: 'Processing', paidPercent: 100 });
    for (const notice of btcpay.sent.slice(from)) await toBtcpay(notice);
    assert.equal(
      (await callOperation(app.server, getTopUp, { token: app.shop.token, id })).body.status,
      'pending',
    );
    await btcpay.become(at, 'InvoiceSettled', { status: 'Settled' });
    const settled = btcpay.sent.at(-1)!;
    btcpay.answerNext({ status: 502, body: {} });
    assert.equal((await toBtcpay(settled)).body.code, 'unavailable', 'the server sends it again');
    const answers = await Promise.all(Array.from({ length: 16 }, () => toBtcpay(settled)));
    assert.equal(answers.filter(({ body }) => body.outcome === 'applied').length, 1);
    const again = btcpay.sign('InvoiceSettled', at, { deliveryId: 'other', originalDeliveryId: 'other' });
    assert.equal((await toBtcpay(again)).body.outcome, 'repeated');
    assert.equal(await available(), 40);
    await booksHold();
  });

  test('an address coins came from is read past and stands nowhere, whatever the gateway says (R-PAYREF)', async () => {
    const { at } = await invoice('10.00');
    for (const [type, state] of [
      ['InvoiceProcessing', { status: 'Processing', paidPercent: 50 }],
      ['InvoiceExpired', { status: 'Expired', additionalStatus: 'PaidPartial', paidPercent: 50 }],
      ['InvoiceSettled', { status: 'Settled', additionalStatus: 'Marked' }],
    ] as const) {
      await btcpay.become(at, type, state);
      assert.equal((await toBtcpay(btcpay.sent.at(-1)!)).status, 200);
    }
    const told = await fetch(
      `${btcpay.origin}/api/v1/stores/${btcpay.storeId}/invoices/${at}/payment-methods`,
      {
        headers: { authorization: `token ${btcpay.apiKey}` },
      },
    );
    const mark = `bc1qsimulated${at.toLowerCase()}`;
    assert.ok((await told.text()).includes(mark), 'the gateway does say it');
    const tables = await app.database.sql<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name
         from information_schema.tables
        where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
    );
    assert.ok(tables.length > 50);
    for (const { name } of tables) {
      const found = await app.database.sql(`select from ${name} t where position($1 in lower(t::text)) > 0`, [
        mark,
      ]);
      assert.deepEqual(found, [], name);
    }
  });

  test('a part, or the whole too late, waits for a person; marked settled at the server it is credited after all', async () => {
    const before = await available();
    const { id, at } = await invoice('40.00');
    const part = { status: 'Expired', additionalStatus: 'PaidPartial', paidPercent: 50 } as const;
    await btcpay.become(at, 'InvoiceExpired', part);
    assert.equal((await toBtcpay(btcpay.sent.at(-1)!)).body.outcome, 'applied');
    assert.equal(await available(), before);
    const { data } = (await callOperation(app.server, listPayments, { token: app.admin })).body;
    const waiting = data.find((payment: { id: string }) => payment.id === id);
    assert.deepEqual([waiting.status, waiting.paid.amount], ['review', '20.00']);
    await btcpay.become(at, 'InvoiceSettled', { status: 'Settled', additionalStatus: 'Marked' });
    await toBtcpay(btcpay.sent.at(-1)!);
    assert.equal(await available(), before + 40);
    await booksHold();
  });

  const bought = (fields: Readonly<Record<string, unknown>> = {}) =>
    stores.event('NON_RENEWING_PURCHASE', {
      app_user_id: app.stranger.publicId,
      product_id: 'credits_5',
      ...fields,
    });

  test('a purchase in a store is credited by its product, once over its notices and for its workspace alone', async () => {
    const notice = bought({ price: 999, currency: 'EUR' });
    const { transaction_id } = JSON.parse(notice.body).event;
    // Another event of the same transaction, as after a restore or from another feed.
    const restored = bought({ transaction_id, app_user_id: app.shop.publicId });
    const before = await available();
    const answers = await Promise.all(
      Array.from({ length: 32 }, (_, at) => toStores(at % 2 === 0 ? notice : notice)),
    );
    assert.equal(answers.filter(({ body }) => body.outcome === 'applied').length, 1);
    assert.equal((await toStores(restored)).body.outcome, 'repeated');
    assert.deepEqual([await available(app.stranger), await available()], [5, before]);
    const [top] = await topUps(app.stranger);
    assert.deepEqual([top.provider, top.status, top.amount], ['app_store', 'paid', null]);
  });

  test('a product nobody priced, or priced in another currency, waits for a person', async () => {
    const before = await available(app.stranger);
    for (const product_id of ['unheard_of', 'dollars']) {
      assert.equal((await toStores(bought({ product_id }))).body.outcome, 'applied');
      assert.equal((await topUps(app.stranger))[0].status, 'review');
    }
    assert.equal(await available(app.stranger), before);
  });

  test('a refund by the store takes the credit back, also when it is heard of first', async () => {
    const before = await available(app.stranger);
    for (const refundFirst of [false, true]) {
      const purchase = bought();
      const { transaction_id } = JSON.parse(purchase.body).event;
      const refund = stores.event('CANCELLATION', {
        app_user_id: app.stranger.publicId,
        product_id: 'credits_5',
        transaction_id,
        cancel_reason: 'CUSTOMER_SUPPORT',
      });
      for (const notice of refundFirst ? [refund, purchase] : [purchase, refund]) {
        assert.equal((await toStores(notice)).status, 200);
      }
      assert.equal(await available(app.stranger), before);
      assert.equal((await topUps(app.stranger))[0].taken_back.amount, '5.00');
    }
    await booksHold();
  });

  test('a subscription is credited by each paid month, and stands as the store last said, in any order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 5 }), { maxLength: 10 }), async (order) => {
        await app.database.sql('delete from payments.subscription');
        const before = await available(app.stranger);
        const first = newId();
        const at = (days: number) => alignedNowMs() - 86_400_000 + days * 1_000;
        const told = (type: string, nth: number, fields = {}) =>
          stores.event(type, {
            app_user_id: app.stranger.publicId,
            product_id: 'monthly',
            original_transaction_id: first,
            event_timestamp_ms: at(nth),
            expiration_at_ms: at(nth + 30),
            ...fields,
          });
        const renewal = newId();
        const notices = [
          told('INITIAL_PURCHASE', 0, { transaction_id: first }),
          told('CANCELLATION', 1, { cancel_reason: 'UNSUBSCRIBE' }),
          told('UNCANCELLATION', 2),
          told('BILLING_ISSUE', 3, { grace_period_expiration_at_ms: at(40) }),
          told('RENEWAL', 4, { transaction_id: renewal }),
          told('EXPIRATION', 5),
        ];
        for (const nth of [...order, ...notices.keys()]) await toStores(notices[nth]!);
        assert.equal(await available(app.stranger), before + 4);
        assert.deepEqual(
          (await subscriptions()).map(({ state }) => state),
          ['expired'],
        );
      }),
      { numRuns: 6 },
    );
    await booksHold();
  });

  test('a transfer hands the subscription over and leaves credits where they may be spent', async () => {
    const [theirs, ours] = [await available(app.stranger), await available()];
    const transfer = stores.event('TRANSFER', {
      transferred_from: [app.stranger.publicId, '$RCAnonymousID:0'],
      transferred_to: [app.shop.publicId],
    });
    assert.equal((await toStores(transfer)).body.outcome, 'applied');
    assert.deepEqual(
      (await subscriptions()).map(({ workspace_id }) => workspace_id),
      [app.shop.id],
    );
    assert.deepEqual([await available(app.stranger), await available()], [theirs, ours]);
  });

  test('a wrong header, a sandbox, an old event and a broken one change nothing; nobody’s purchase is ignored', async () => {
    const before = await available(app.stranger);
    const good = bought();
    const refused = [
      { ...good, headers: {} },
      { ...good, headers: { authorization: '' } },
      { ...good, headers: { authorization: stores.authorization.slice(0, -1) } },
      { ...good, headers: { authorization: `${stores.authorization} `.toUpperCase() } },
      bought({ environment: 'SANDBOX' }),
      bought({ event_timestamp_ms: alignedNowMs() - 4 * 86_400_000 }),
      bought({ transaction_id: 7 }),
      { ...good, body: good.body.slice(0, 40) },
      { ...good, body: 'null' },
    ];
    for (const notice of refused) {
      const answer = await toStores(notice);
      assert.deepEqual([answer.status, answer.body.code], [400, 'notice_refused'], notice.body);
    }
    const nobodys = [
      bought({ app_user_id: '$RCAnonymousID:1' }),
      bought({ app_user_id: encodeId('wrk', newId()) }),
      bought({ store: 'PROMOTIONAL' }),
      stores.event('TEST'),
      stores.event('SOMETHING_NEW', { app_user_id: app.stranger.publicId }),
    ];
    for (const notice of nobodys) assert.equal((await toStores(notice)).body.outcome, 'ignored');
    assert.equal(await available(app.stranger), before);
  });

  test('of what a provider sends, only ids, amounts, states and times are kept', async () => {
    const planted = [
      '4242424242424242',
      'DE89370400440532013000',
      'somebody@example.com',
      '1BoatSLRHtKNngkdXEeobR76b53LETtpyT',
    ];
    await toStores(
      bought({
        card: planted[0],
        iban: planted[1],
        subscriber_attributes: { email: { value: planted[2] }, wallet: planted[3] },
      }),
    );
    const rows = await app.database.sql<{ row: string }>(
      `select p::text as row from payments.payment p
       union all select n::text from payments.notice n
       union all select t::text from payments.takeback t
       union all select e::text from payments.early_fact e
       union all select s::text from payments.subscription s`,
    );
    const all = rows.map(({ row }) => row).join('\n');
    for (const value of planted) assert.ok(!all.includes(value), value);
  });

  test('in development a sandbox is welcome', () => {
    const { body, headers } = bought({ environment: 'SANDBOX' });
    const settings = { authorization: stores.authorization, products, live: false };
    const reading = readEvent(settings, { octets: Buffer.from(body), headers }, alignedNowMs());
    assert.equal(reading.outcome, 'read');
  });
});
