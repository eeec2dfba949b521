// Subscriptions as the stores tell of them themselves: each paid month is credited once, and the youngest word stands.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { getSubscription } from '@sotto/contract/plans';
import fc from 'fast-check';
import { alignedNowMs } from '#platform/clock';
import { METRICS_TOKEN } from '../../test/api.ts';
import { callOperation } from '../../test/route-contract.ts';
import { DAY_MS, useStores } from './test/stores.ts';

describe('subscriptions the stores tell of', () => {
  const {
    app,
    play,
    toApple,
    toPlay,
    toRevenueCat,
    available,
    booksHold,
    confirmAll,
    subscriptions,
    transactionId,
    fromApple,
    fromRevenueCat,
  } = useStores();

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

  test('what is cancelled in the settings of the store is seen here, with the way to those settings (R-SUBS)', async () => {
    await app.database.sql('delete from payments.subscription');
    const shown = async () =>
      (await callOperation(app.server, getSubscription, { token: app.shop.token })).body.from_stores;
    assert.deepEqual(await shown(), []);
    const first = transactionId();
    const at = (nth: number) => alignedNowMs() - 60_000 + nth * 1_000;
    const expiresDate = alignedNowMs() + 30 * DAY_MS;
    const monthly = (nth: number) => ({
      productId: 'monthly',
      transactionId: first,
      originalTransactionId: first,
      type: 'Auto-Renewable Subscription',
      signedDate: at(nth),
      expiresDate,
    });
    await toApple(fromApple('SUBSCRIBED', monthly(0), { subtype: 'INITIAL_BUY' }));
    const [running] = await shown();
    assert.deepEqual(
      [running.store, running.product_id, running.state, running.plan],
      ['app_store', 'monthly', 'active', null],
    );
    assert.match(running.manage_url, /^https:\/\/apps\.apple\.com\//);
    await toApple(fromApple('DID_CHANGE_RENEWAL_STATUS', monthly(1), { subtype: 'AUTO_RENEW_DISABLED' }));
    assert.deepEqual(await shown(), [{ ...running, state: 'cancelled' }]);
    await toApple(fromApple('EXPIRED', monthly(2)));
    assert.deepEqual(await shown(), []);
  });
});
