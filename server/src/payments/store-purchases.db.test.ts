// Purchases in the app stores as the stores tell of them themselves, and beside RevenueCat, which tells of the same ones.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { useStores } from './test/stores.ts';

async function inTurn<Answer>(all: readonly (() => Promise<Answer>)[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const each of all) answers.push(await each());
  return answers;
}

describe('purchases the stores tell of', () => {
  const {
    app,
    play,
    toApple,
    toPlay,
    toRevenueCat,
    available,
    topUps,
    booksHold,
    confirmations,
    confirmAll,
    spendAll,
    transactionId,
    fromApple,
    buyAtPlay,
    pushBought,
    pushVoided,
    fromRevenueCat,
  } = useStores();

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
});
