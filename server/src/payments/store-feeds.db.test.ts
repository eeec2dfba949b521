// Purchases in the app stores as the stores tell of them themselves, through the whole server and beside RevenueCat, which
// tells of the same ones.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import {
  noticeBytesMax,
  noticeFromAppStore,
  noticeFromPlayStore,
  noticeFromRevenueCat,
} from '@sotto/contract/payment-notices';
import { listTopUps } from '@sotto/contract/top-ups';
import { getWallet } from '@sotto/contract/wallet';
import {
  fakeAppStore,
  fakeChain,
  fakeRevenueCat,
  type SentNotice,
  startFakePlayStore,
} from '@sotto/simulator';
import fc from 'fast-check';
import { auditBooks, post } from '#ledger';
import { alignedNowMs } from '#platform/clock';
import { newId } from '#platform/ids';
import { JobRunner } from '#platform/jobs';
import { METRICS_TOKEN, type Tenant, useApi } from '../../test/api.ts';
import { callOperation } from '../../test/route-contract.ts';
import { finishConfirmation } from './confirmations.ts';
import { paymentsExpiry } from './expiry.ts';
import { paymentsJobs } from './jobs.ts';

const DAY_MS = 86_400_000;
const apple = fakeAppStore({ nowMs: alignedNowMs });
const play = await startFakePlayStore({ nowMs: alignedNowMs });
const told = fakeRevenueCat({ nowMs: alignedNowMs });
after(() => play.stop());
const products = new Map([
  ['credits_5', { micros: 5_000_000n, currency: 'EUR' }],
  ['monthly', { micros: 2_000_000n, currency: 'EUR' }],
]);

async function inTurn<Answer>(all: readonly (() => Promise<Answer>)[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const each of all) answers.push(await each());
  return answers;
}

describe('the stores tell themselves', () => {
  const app = useApi({}, () => ({
    revenuecat: { authorization: told.authorization, products, live: true },
    appStore: {
      bundleId: apple.bundleId,
      appAppleId: apple.appAppleId,
      environment: 'Production',
      roots: new Set([apple.rootSha256]),
      products,
    },
    playStore: { ...play, products, live: true },
  }));
  type Sent = Pick<SentNotice, 'headers' | 'body'>;
  const to =
    (path: string) =>
    async ({ headers, body }: Sent) => {
      const answer = await app.server.fastify.inject({
        method: 'POST',
        url: path,
        headers: { 'content-type': 'application/json', ...headers },
        payload: body,
      });
      return { status: answer.statusCode, body: answer.json() };
    };
  const toApple = to(noticeFromAppStore.path);
  const toPlay = to(noticeFromPlayStore.path);
  const toRevenueCat = to(noticeFromRevenueCat.path);

  const available = async (tenant: Tenant = app.shop) =>
    Number((await callOperation(app.server, getWallet, { token: tenant.token })).body.available.amount);
  const topUps = async (tenant: Tenant = app.shop) =>
    (await callOperation(app.server, listTopUps, { token: tenant.token })).body.data;
  const booksHold = async () => assert.deepEqual(await app.database.db.batch((tx) => auditBooks(tx)), []);
  const confirmations = () =>
    app.database.sql<{ id: string; act: string }>('select id, act from payments.confirmation order by id');
  const confirm = (id: string) => finishConfirmation(app.database.db, app.payments.stores, id);
  async function confirmAll() {
    for (const { id } of await confirmations()) assert.equal(await confirm(id), 'confirmed');
  }
  const subscriptions = () =>
    app.database.sql<{ state: string; workspace_id: string }>(
      'select state, workspace_id from payments.subscription order by id',
    );
  const spendAll = async () => {
    const micros = BigInt(Math.round((await available()) * 1e6));
    if (micros === 0n) return;
    await app.database.db.batch((tx) =>
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
  };

  const transactionId = () => BigInt(`0x${newId().replaceAll('-', '').slice(8)}`).toString();
  const fromApple = (type: string, fields: object = {}, parts: object = {}) =>
    apple.notification(type, {
      transaction: { appAccountToken: app.shop.id, productId: 'credits_5', ...fields },
      ...parts,
    });
  const item = (productId: string) => ({
    productId,
    productOfferDetails: {
      quantity: 1,
      refundableQuantity: 1,
      consumptionState: 'CONSUMPTION_STATE_YET_TO_BE_CONSUMED',
    },
  });
  /** Buys credits at Google Play; the token of the purchase and its order. */
  function buyAtPlay(fields: object = {}) {
    const token = play.product({
      obfuscatedExternalAccountId: app.shop.publicId,
      productLineItem: [item('credits_5')],
      ...fields,
    });
    return { token, orderId: String(play.purchase(token).orderId) };
  }
  const pushBought = (purchaseToken: string, faults: object = {}) =>
    play.push('oneTimeProductNotification', { notificationType: 1, purchaseToken, sku: 'credits_5' }, faults);
  const pushVoided = (purchaseToken: string, orderId: string) =>
    play.push('voidedPurchaseNotification', { purchaseToken, orderId, productType: 2, refundType: 1 });
  const fromRevenueCat = (
    type: string,
    store: 'APP_STORE' | 'PLAY_STORE',
    transaction_id: string,
    fields = {},
  ) =>
    told.event(type, {
      app_user_id: app.shop.publicId,
      product_id: 'credits_5',
      store,
      transaction_id,
      original_transaction_id: transaction_id,
      ...fields,
    });

  test('a purchase in the App Store is credited once over its copies, at once and later, and for its workspace alone', async () => {
    const [before, theirs] = [await available(), await available(app.stranger)];
    const notice = fromApple('ONE_TIME_CHARGE', { transactionId: transactionId() });
    const answers = await Promise.all(Array.from({ length: 32 }, () => toApple(notice)));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    assert.equal(answers.filter(({ body }) => body.outcome === 'applied').length, 1);
    assert.equal((await toApple(notice)).body.outcome, 'repeated');
    assert.deepEqual([await available(), await available(app.stranger)], [before + 5, theirs]);
    const [top] = await topUps();
    assert.deepEqual([top.provider, top.status], ['app_store', 'paid']);
    await booksHold();
  });

  test('a purchase at Google Play is credited once over many pushes at once, and confirmed after that', async () => {
    const before = await available();
    const { token } = buyAtPlay();
    const pushes = Array.from({ length: 16 }, () => pushBought(token));
    const answers = await Promise.all(pushes.map(toPlay));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    assert.equal(await available(), before + 5);
    assert.equal(play.purchase(token).acknowledgementState, 'ACKNOWLEDGEMENT_STATE_PENDING');
    const waiting = await confirmations();
    assert.deepEqual(
      waiting.map(({ act }) => act),
      ['consume'],
    );
    await confirmAll();
    assert.equal(play.purchase(token).acknowledgementState, 'ACKNOWLEDGEMENT_STATE_ACKNOWLEDGED');
    assert.equal((await toPlay(pushBought(token))).body.outcome, 'repeated');
    assert.deepEqual(await confirmations(), [], 'what the store has heard it is not told again');
    await booksHold();
  });

  test('told by RevenueCat and by the store itself, in either order or at once, a purchase is credited once', async () => {
    for (const order of ['first', 'last', 'together'] as const) {
      const before = await available();
      const id = transactionId();
      const { token, orderId } = buyAtPlay();
      const pairs = [
        [
          async () => toRevenueCat(fromRevenueCat('NON_RENEWING_PURCHASE', 'APP_STORE', id)),
          async () => toApple(fromApple('ONE_TIME_CHARGE', { transactionId: id })),
        ],
        [
          async () => toRevenueCat(fromRevenueCat('NON_RENEWING_PURCHASE', 'PLAY_STORE', orderId)),
          async () => toPlay(pushBought(token)),
        ],
      ] as const;
      for (const [manager, store] of pairs) {
        const both = order === 'last' ? [store, manager] : [manager, store];
        if (order === 'together') await Promise.all(both.map((send) => send()));
        else for (const send of both) assert.equal((await send()).status, 200);
      }
      assert.equal(await available(), before + 10, order);
    }
    await confirmAll();
    await booksHold();
  });

  /** All that three feeds can tell of a purchase in the App Store and of one at Google Play. */
  function tellingsOf() {
    const id = transactionId();
    const { token, orderId } = buyAtPlay();
    const manager = (type: string, store: 'APP_STORE' | 'PLAY_STORE', of: string) => () =>
      toRevenueCat(fromRevenueCat(type, store, of, { cancel_reason: 'CUSTOMER_SUPPORT' }));
    return {
      'apple bought': () => toApple(fromApple('ONE_TIME_CHARGE', { transactionId: id })),
      'apple bought, by another': manager('NON_RENEWING_PURCHASE', 'APP_STORE', id),
      'apple refunded': () => toApple(fromApple('REFUND', { transactionId: id })),
      'apple refunded, by another': manager('CANCELLATION', 'APP_STORE', id),
      'apple reversed': () => toApple(fromApple('REFUND_REVERSED', { transactionId: id })),
      'apple reversed, by another': manager('REFUND_REVERSED', 'APP_STORE', id),
      'play bought': () => toPlay(pushBought(token)),
      'play bought, by another': manager('NON_RENEWING_PURCHASE', 'PLAY_STORE', orderId),
      'play refunded': () => toPlay(pushVoided(token, orderId)),
      'play refunded, by another': manager('CANCELLATION', 'PLAY_STORE', orderId),
    };
  }
  type Telling = keyof ReturnType<typeof tellingsOf>;

  test('purchases, refunds and refunds taken back leave the same, whoever tells of them, however often and in any order', async () => {
    const all = Object.keys(tellingsOf()) as Telling[];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...all), { minLength: 1, maxLength: 16 }),
        fc.boolean(),
        async (order, together) => {
          const before = await available();
          const tell = tellingsOf();
          const answers = together
            ? await Promise.all(order.map((each) => tell[each]()))
            : await inTurn(order.map((each) => tell[each]));
          assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
          const has = (what: string) => order.some((each) => each.startsWith(what));
          const stands = (store: string) =>
            has(`${store} bought`) && (!has(`${store} refunded`) || has(`${store} reversed`));
          const credited = ['apple', 'play'].filter(stands).length * 5;
          assert.equal(await available(), before + credited, order.join(' / '));
        },
      ),
      { numRuns: 60 },
    );
    await confirmAll();
    await booksHold();
  });

  test('a refund at Google Play takes the credit back once, also when it is heard of before the purchase', async () => {
    for (const refundFirst of [false, true]) {
      const before = await available();
      const { token, orderId } = buyAtPlay();
      const [bought, voided] = [pushBought(token), pushVoided(token, orderId)];
      for (const notice of refundFirst ? [voided, bought] : [bought, voided])
        assert.equal((await toPlay(notice)).status, 200);
      await toPlay(pushVoided(token, orderId));
      const refund = { cancel_reason: 'CUSTOMER_SUPPORT' };
      await toRevenueCat(fromRevenueCat('CANCELLATION', 'PLAY_STORE', orderId, refund));
      assert.equal(await available(), before);
      assert.equal((await topUps())[0].taken_back.amount, '5.00');
    }
    await confirmAll();
    await booksHold();
  });

  test('of a purchase of several at Google Play, what went back is taken as it goes', async () => {
    const before = await available();
    const several = (refundableQuantity: number) => ({
      productId: 'credits_5',
      productOfferDetails: { quantity: 3, refundableQuantity },
    });
    const { token, orderId } = buyAtPlay({ productLineItem: [several(3)] });
    await toPlay(pushBought(token));
    assert.equal(await available(), before + 15);
    const about = { purchaseToken: token, orderId, productType: 2, refundType: 2 };
    for (const [left, stays] of [
      [2, 10],
      [2, 10],
      [0, 0],
    ] as const) {
      play.product({ productLineItem: [several(left)] }, token);
      assert.equal((await toPlay(play.push('voidedPurchaseNotification', about))).status, 200);
      assert.equal(await available(), before + stays);
    }
    await confirmAll();
    await booksHold();
  });

  test('a refund that is taken back gives what it took and what was lost to it, once', async () => {
    await spendAll();
    const id = transactionId();
    await toApple(fromApple('ONE_TIME_CHARGE', { transactionId: id }));
    await spendAll();
    await toApple(fromApple('REFUND', { transactionId: id }));
    const lost = () =>
      app.database.sql<{ lost: string; taken_back: string }>(
        'select lost::text, taken_back::text from payments.payment where settlement_id = $1',
        [id],
      );
    assert.deepEqual(await lost(), [{ lost: '5000000', taken_back: '0' }]);
    assert.equal(await available(), 0);
    const reversals = Array.from({ length: 8 }, () => fromApple('REFUND_REVERSED', { transactionId: id }));
    await Promise.all(reversals.map(toApple));
    assert.deepEqual(await lost(), [{ lost: '0', taken_back: '0' }]);
    assert.equal(await available(), 0, 'what was spent stays spent');
    await booksHold();
  });

  test('a part that went back by the App Store takes its share', async () => {
    const before = await available();
    const id = transactionId();
    await toApple(fromApple('ONE_TIME_CHARGE', { transactionId: id }));
    await toApple(fromApple('REFUND', { transactionId: id, revocationPercentage: 40_000 }));
    assert.equal(await available(), before + 3);
    await booksHold();
  });

  test('a subscription in the App Store is credited by each paid month and stands as last said, in any order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 7 }),
        fc.array(fc.nat({ max: 6 }), { maxLength: 6 }),
        async (order, again) => {
          await app.database.sql('delete from payments.subscription');
          const before = await available();
          const [first, second] = [transactionId(), transactionId()];
          const at = (nth: number) => alignedNowMs() - 60_000 + nth * 1_000;
          const monthly = (nth: number, id: string) => ({
            productId: 'monthly',
            transactionId: id,
            originalTransactionId: first,
            type: 'Auto-Renewable Subscription',
            signedDate: at(nth),
            expiresDate: at(nth) + 30 * DAY_MS,
          });
          const notices = [
            fromApple('SUBSCRIBED', monthly(0, first), { subtype: 'INITIAL_BUY' }),
            fromApple('DID_CHANGE_RENEWAL_STATUS', monthly(1, first), { subtype: 'AUTO_RENEW_DISABLED' }),
            fromApple('DID_CHANGE_RENEWAL_STATUS', monthly(2, first), { subtype: 'AUTO_RENEW_ENABLED' }),
            fromApple('DID_FAIL_TO_RENEW', monthly(3, first), { subtype: 'GRACE_PERIOD' }),
            fromApple('DID_RENEW', monthly(4, second), { subtype: 'BILLING_RECOVERY' }),
            fromApple('EXPIRED', monthly(5, second)),
            // Bought again by somebody else of the same store account: the subscription goes over with its month.
            fromApple('SUBSCRIBED', { ...monthly(6, transactionId()), appAccountToken: app.stranger.id }),
          ];
          const theirs = await available(app.stranger);
          for (const nth of [...order, ...again]) assert.equal((await toApple(notices[nth]!)).status, 200);
          assert.deepEqual([await available(), await available(app.stranger)], [before + 4, theirs + 2]);
          assert.deepEqual(await subscriptions(), [{ state: 'active', workspace_id: app.stranger.id }]);
        },
      ),
      { numRuns: 8 },
    );
    await booksHold();
  });

  test('a subscription at Google Play is credited by each order that was paid, whatever its notices say and when', async () => {
    await app.database.sql('delete from payments.subscription');
    const before = await available();
    const line = (order: string) => ({
      productId: 'monthly',
      expiryTime: new Date(alignedNowMs() + 30 * DAY_MS).toISOString(),
      latestSuccessfulOrderId: order,
    });
    const become = (state: string, order: string, token?: string) =>
      play.subscription(
        {
          subscriptionState: `SUBSCRIPTION_STATE_${state}`,
          externalAccountIdentifiers: { obfuscatedExternalAccountId: app.shop.publicId },
          lineItems: [line(order)],
          latestOrderId: 'GPA.declined',
        },
        token,
      );
    const order = `GPA.${transactionId().slice(0, 17)}`;
    const token = become('ACTIVE', order);
    const push = (notificationType: number) =>
      play.push('subscriptionNotification', { notificationType, purchaseToken: token });
    await Promise.all([4, 4, 2].map(async (type) => toPlay(push(type))));
    assert.equal(await available(), before + 2);
    await toRevenueCat(fromRevenueCat('INITIAL_PURCHASE', 'PLAY_STORE', order, { product_id: 'monthly' }));
    for (const [state, paid, type, stands, credited] of [
      ['IN_GRACE_PERIOD', order, 6, 'grace', 2],
      ['ON_HOLD', order, 5, 'expired', 2],
      ['ACTIVE', `${order}..0`, 1, 'active', 4],
      ['CANCELED', `${order}..0`, 3, 'cancelled', 4],
      ['PAUSED', `${order}..0`, 10, 'paused', 4],
      ['EXPIRED', `${order}..1`, 13, 'expired', 6],
    ] as const) {
      become(state, paid, token);
      assert.equal((await toPlay(push(type))).status, 200);
      assert.equal((await toPlay(push(7))).status, 200, 'the kind of a notice says nothing');
      assert.deepEqual(
        (await subscriptions()).map((each) => each.state),
        [stands],
        state,
      );
      assert.equal(await available(), before + credited, state);
    }
    await confirmAll();
    assert.equal(play.purchase(token).acknowledgementState, 'ACKNOWLEDGEMENT_STATE_ACKNOWLEDGED');
    await booksHold();
  });

  test('what a subscription is renewed by is its owner’s, though the store does not say so again; nobody’s is counted', async () => {
    const before = await available();
    const order = `GPA.${transactionId().slice(0, 17)}`;
    const become = (paid: string, fields: object, token?: string) =>
      play.subscription(
        { lineItems: [{ productId: 'monthly', latestSuccessfulOrderId: paid }], ...fields },
        token,
      );
    const said = { obfuscatedExternalAccountId: app.shop.publicId };
    const context = { outOfAppPurchaseContext: { expiredExternalAccountIdentifiers: said } };
    const token = become(order, context);
    const push = (purchaseToken: string) =>
      play.push('subscriptionNotification', { notificationType: 4, purchaseToken });
    await toPlay(push(token));
    await confirmAll();
    become(`${order}..0`, { outOfAppPurchaseContext: undefined }, token);
    assert.equal((await toPlay(push(token))).body.outcome, 'applied');
    assert.equal(await available(), before + 4);
    const counted = async () =>
      (
        await app.server.fastify.inject({
          url: '/metrics',
          headers: { authorization: `Bearer ${METRICS_TOKEN}` },
        })
      ).body
        .split('\n')
        .find(
          (line) => line.startsWith('sotto_payments_unowned_purchases_total{') && line.includes('play_store'),
        );
    const count = Number((await counted())?.split(' ').at(-1) ?? 0);
    assert.equal((await toPlay(push(become(`${order}1`, {})))).body.outcome, 'ignored');
    assert.equal(Number((await counted())?.split(' ').at(-1)), count + 1);
    assert.equal(await available(), before + 4);
    await booksHold();
  });

  test('while the store does not answer, a push is asked for again and nothing is half done', async () => {
    const before = await available();
    const { token } = buyAtPlay();
    const notice = pushBought(token);
    const known = () => app.database.sql('select 1 from payments.notice where feed = $1', ['play_store']);
    const notices = (await known()).length;
    for (const status of [500, 503, 429]) {
      play.answerNext({ status, body: {} });
      const answer = await toPlay(notice);
      assert.deepEqual([answer.status, answer.body.code], [503, 'unavailable']);
    }
    assert.deepEqual([(await known()).length, await available()], [notices, before]);
    assert.equal((await toPlay(notice)).body.outcome, 'applied');
    const asked = play.asked.get('GET productsv2');
    assert.equal((await toPlay(notice)).body.outcome, 'repeated');
    assert.equal(play.asked.get('GET productsv2'), asked, 'what is known is not asked for again');
    assert.equal(await available(), before + 5);
    await confirmAll();
  });

  test('a store is told of a purchase until it answers, whoever dies in between, and by the worker that every process has', async () => {
    const { token } = buyAtPlay();
    await toPlay(pushBought(token));
    const [{ id }] = (await confirmations()) as [{ id: string; act: string }];
    play.answerNext({ status: 503, body: {} });
    assert.equal(await confirm(id), 'unknown');
    assert.equal((await confirmations()).length, 1);
    // Told, and died before it was noted: told again.
    const [store] = app.payments.stores;
    await store!.confirm({ act: 'consume', productId: 'credits_5', token });
    const jobs = paymentsJobs({ ...app.payments, keyring: app.keyring, mailBaseUrl: null });
    const runner = new JobRunner({ db: app.database.db, jobs: jobs as never, concurrency: 4 });
    await runner.runDue();
    assert.deepEqual(await confirmations(), []);
    assert.equal(await confirm(id), 'done');
  });

  test('what the store will not hear of, or has returned by then, is told no more', async () => {
    const gone = buyAtPlay();
    await toPlay(pushBought(gone.token));
    const [first] = await confirmations();
    play.answerNext({ status: 410, body: {} });
    assert.equal(await confirm(first!.id), 'refused');
    const late = buyAtPlay();
    await toPlay(pushBought(late.token));
    const [second] = await confirmations();
    await app.database.sql(`update payments.confirmation set created_at = created_at - interval '5 days'`);
    play.answerNext({ status: 503, body: {} });
    assert.equal(await confirm(second!.id), 'done');
    assert.deepEqual(await confirmations(), []);
  });

  test('purchases of testers, of nobody and of a workspace that is none credit nothing and are confirmed to nobody', async () => {
    const before = await available();
    const tested = buyAtPlay({ testPurchaseContext: { fopType: 'TEST' } });
    const notice = pushBought(tested.token);
    assert.deepEqual(await toPlay(notice), { status: 200, body: { outcome: 'ignored' } });
    const asked = play.asked.get('GET productsv2');
    assert.equal((await toPlay(notice)).body.outcome, 'repeated');
    assert.equal(play.asked.get('GET productsv2'), asked);
    const nobodys = [undefined, app.shop.id, 'wrk_00000000000000000000000000'].map((account) =>
      buyAtPlay({ obfuscatedExternalAccountId: account }),
    );
    for (const { token } of nobodys) assert.equal((await toPlay(pushBought(token))).body.outcome, 'ignored');
    for (const appAccountToken of [undefined, newId()])
      assert.equal(
        (await toApple(fromApple('ONE_TIME_CHARGE', { appAccountToken }))).body.outcome,
        'ignored',
      );
    for (const type of ['TEST', 'CONSUMPTION_REQUEST', 'SOMETHING_NEW'])
      assert.equal((await toApple(fromApple(type))).body.outcome, 'ignored', type);
    for (const kind of ['testNotification', 'pendingRefundReviewNotification'])
      assert.equal((await toPlay(play.push(kind, {}))).body.outcome, 'ignored', kind);
    assert.deepEqual([await available(), await confirmations()], [before, []]);
  });

  test('a trial is credited by no feed, and what a family shares by none but the one who paid', async () => {
    const before = await available();
    const id = transactionId();
    await toApple(
      fromApple('SUBSCRIBED', {
        transactionId: id,
        offerDiscountType: 'FREE_TRIAL',
        productId: 'monthly',
      }),
    );
    await toRevenueCat(fromRevenueCat('INITIAL_PURCHASE', 'APP_STORE', id, { period_type: 'TRIAL' }));
    const shared = { is_family_share: true };
    await toRevenueCat(fromRevenueCat('NON_RENEWING_PURCHASE', 'APP_STORE', transactionId(), shared));
    assert.equal(await available(), before);
  });

  test('what is forged, of another app, of a sandbox, cut or too large is refused and changes nothing', async () => {
    const before = await available();
    const forged = fakeChain({}, alignedNowMs());
    const good = fromApple('ONE_TIME_CHARGE');
    const refused = [
      { ...good, body: '{}' },
      { ...good, body: good.body.slice(0, -9) },
      fromApple('ONE_TIME_CHARGE', {}, { chain: forged }),
      fromApple('ONE_TIME_CHARGE', {}, { transactionChain: forged }),
      fromApple('ONE_TIME_CHARGE', {}, { data: { environment: 'Sandbox' } }),
      fromApple('ONE_TIME_CHARGE', {}, { data: { environment: 'Xcode' } }),
      fromApple('ONE_TIME_CHARGE', {}, { data: { bundleId: 'com.example.other' } }),
      fromApple('ONE_TIME_CHARGE', {}, { change: { signedDate: alignedNowMs() - 9 * DAY_MS } }),
    ];
    for (const notice of refused) {
      const answer = await toApple(notice);
      assert.deepEqual([answer.status, answer.body.code], [400, 'notice_refused'], notice.body.slice(0, 40));
    }
    const large = await toApple({ headers: {}, body: 'x'.repeat(noticeBytesMax + 1) });
    assert.deepEqual([large.status, large.body.code], [413, 'body_too_large']);
    const { token } = buyAtPlay();
    const asked = play.asked.get('GET productsv2');
    for (const notice of [
      { ...pushBought(token), headers: {} },
      pushBought(token, { packageName: 'com.example.other' }),
      pushBought(token, { claims: { aud: 'https://example.org/' } }),
      pushBought(token, { endsInSeconds: -120 }),
    ]) {
      const answer = await toPlay(notice);
      assert.deepEqual([answer.status, answer.body.code], [400, 'notice_refused']);
    }
    assert.equal(play.asked.get('GET productsv2'), asked, 'for who is not believed nothing is asked');
    assert.equal(await available(), before);
  });

  test('of what the stores say, only ids, amounts, states and times are kept', async () => {
    const planted = ['somebody@example.com', 'DE89370400440532013000', 'planted-profile', 'SVN'];
    await toApple(
      fromApple('ONE_TIME_CHARGE', { email: planted[0], iban: planted[1], storefront: planted[3] }),
    );
    const { token } = buyAtPlay({ obfuscatedExternalProfileId: planted[2], regionCode: planted[3] });
    await toPlay(pushBought(token));
    const rows = await app.database.sql<{ row: string }>(
      `select p::text as row from payments.payment p
       union all select n::text from payments.notice n
       union all select c::text from payments.confirmation c
       union all select s::text from payments.subscription s
       union all select j::text from platform.job j`,
    );
    const all = rows.map(({ row }) => row).join('\n');
    for (const value of planted) assert.ok(!all.includes(value), value);
    const jobs = await app.database.sql<{ row: string }>('select j::text as row from platform.job j');
    assert.ok(!jobs.some(({ row }) => row.includes(token)), 'a job knows no token');
    await confirmAll();
    const left = await app.database.sql<{ row: string }>(
      `select p::text as row from payments.payment p union all select n::text from payments.notice n`,
    );
    assert.ok(!left.some(({ row }) => row.includes(token)), 'nor does anything, once the store has heard');
  });

  test('what was never confirmed ends with the books, and not where a legal hold keeps it', async () => {
    const { token } = buyAtPlay();
    await toPlay(pushBought(token));
    const handler = paymentsExpiry(app.keyring).find(({ table }) => table === 'payments.confirmation')!;
    const before = new Date(alignedNowMs() + DAY_MS);
    const run = (held: readonly string[]) =>
      app.database.db.batch((tx) => handler.expire(tx, { before, held, limit: 10 } as never));
    await run([app.shop.id]);
    assert.equal((await confirmations()).length, 1);
    await run([]);
    assert.deepEqual(await confirmations(), []);
  });
});
