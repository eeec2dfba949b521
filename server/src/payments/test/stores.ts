// What tests of the stores stand on: the whole server, both stores and RevenueCat as they tell of purchases of its
// workspaces, and how what they left is read.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import {
  noticeFromAppStore,
  noticeFromPlayStore,
  noticeFromRevenueCat,
} from '@sotto/contract/payment-notices';
import { fakeAppStore, fakeRevenueCat, startFakePlayStore } from '@sotto/simulator';
import { post } from '#ledger';
import { alignedNowMs } from '#platform/clock';
import { newId } from '#platform/ids';
import { useApi } from '../../../test/api.ts';
import { finishConfirmation } from '../confirmations.ts';
import { moneyToldTo } from './money-told.ts';

export const DAY_MS = 86_400_000;

const products = new Map([
  ['credits_5', { micros: 5_000_000n, currency: 'EUR' }],
  ['monthly', { micros: 2_000_000n, currency: 'EUR' }],
]);

const apple = fakeAppStore({ nowMs: alignedNowMs });
const play = await startFakePlayStore({ nowMs: alignedNowMs });
const told = fakeRevenueCat({ nowMs: alignedNowMs });

/** Files of this process whose tests are not over. */
let users = 0;

/** Registers them for the tests of this file, once; use inside tests. */
export function useStores() {
  users += 1;
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
  const { to, available, topUps, booksHold, subscriptions } = moneyToldTo(app);
  const toApple = to(noticeFromAppStore.path);
  const toPlay = to(noticeFromPlayStore.path);
  const toRevenueCat = to(noticeFromRevenueCat.path);

  const confirmations = () =>
    app.database.sql<{ id: string; act: string }>('select id, act from payments.confirmation order by id');
  const confirm = (id: string) => finishConfirmation(app.database.db, app.payments.stores, id);
  async function confirmAll() {
    for (const { id } of await confirmations()) assert.equal(await confirm(id), 'confirmed');
  }
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

  after(async () => {
    users -= 1;
    if (users === 0) await play.stop();
  });
  return {
    app,
    apple,
    play,
    toApple,
    toPlay,
    toRevenueCat,
    available,
    topUps,
    booksHold,
    confirmations,
    confirm,
    confirmAll,
    subscriptions,
    spendAll,
    transactionId,
    fromApple,
    buyAtPlay,
    pushBought,
    pushVoided,
    fromRevenueCat,
  };
}
