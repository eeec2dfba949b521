// What apps report of purchases, through the whole server: believed nothing, proved by the store, credited once beside the
// notices about the same purchase.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { reportAppStorePurchase, reportPlayStorePurchase } from '@sotto/contract/store-purchases';
import { fakeAppStore, fakeChain } from '@sotto/simulator';
import { alignedNowMs } from '#platform/clock';
import type { Tenant } from '../../test/api.ts';
import { callOperation } from '../../test/route-contract.ts';
import { DAY_MS, useStores } from './test/stores.ts';

describe('what apps report of purchases', () => {
  const {
    app,
    apple,
    play,
    toApple,
    toPlay,
    available,
    booksHold,
    confirmAll,
    subscriptions,
    transactionId,
    fromApple,
    buyAtPlay,
    pushBought,
  } = useStores();
  const signed = (fields: object = {}, of = apple) =>
    of.sign(of.transaction({ appAccountToken: app.shop.id, productId: 'credits_5', ...fields }));
  const bought = (signed_transaction: unknown, { token }: Pick<Tenant, 'token'> = app.shop) =>
    callOperation(app.server, reportAppStorePurchase, { token, body: { signed_transaction } });
  const atPlay = (purchase_token: string, kind = 'product', { token }: Pick<Tenant, 'token'> = app.shop) =>
    callOperation(app.server, reportPlayStorePurchase, { token, body: { kind, purchase_token } });
  const said = async (answer: ReturnType<typeof bought>) => {
    const { status, body } = await answer;
    return [status, status === 200 ? body.outcome : body.code];
  };

  test('a purchase in the App Store is credited by its report, once beside its notice and whatever comes first', async () => {
    for (const noticeFirst of [false, true]) {
      const before = await available();
      const id = transactionId();
      const notice = () => toApple(fromApple('ONE_TIME_CHARGE', { transactionId: id }));
      if (noticeFirst) await notice();
      const answer = await bought(signed({ transactionId: id }));
      assert.deepEqual(
        [answer.status, answer.body.outcome, answer.body.top_up.provider, answer.body.top_up.credited.amount],
        [200, noticeFirst ? 'known' : 'credited', 'app_store', '5.00'],
      );
      await notice();
      // Restored on another device: the same transaction, signed anew.
      assert.deepEqual(await said(bought(signed({ transactionId: id }))), [200, 'known']);
      assert.equal(await available(), before + 5);
    }
    await booksHold();
  });

  test('many reports at once credit once', async () => {
    const before = await available();
    const evidence = signed();
    const answers = await Promise.all(Array.from({ length: 40 }, () => bought(evidence)));
    assert.equal(answers.filter(({ body }) => body.outcome === 'credited').length, 1);
    assert.ok(answers.every(({ status }) => status === 200));
    assert.equal(await available(), before + 5);
  });

  test('what another workspace bought, or nobody said who, is refused and credits nobody', async () => {
    const [ours, theirs] = [await available(), await available(app.stranger)];
    assert.deepEqual(await said(bought(signed(), app.stranger)), [403, 'forbidden']);
    for (const appAccountToken of [undefined, null, '', 'wrk_1', app.stranger.id])
      assert.deepEqual(await said(bought(signed({ appAccountToken }))), [403, 'forbidden']);
    const { token } = buyAtPlay();
    assert.deepEqual(await said(atPlay(token, 'product', app.stranger)), [403, 'forbidden']);
    const { token: nobodys } = buyAtPlay({ obfuscatedExternalAccountId: undefined });
    assert.deepEqual(await said(atPlay(nobodys)), [403, 'forbidden']);
    assert.deepEqual([await available(), await available(app.stranger)], [ours, theirs]);
  });

  test('what the store did not sign for this app is refused by its field, and repeated nowhere', async () => {
    const before = await available();
    const good = signed();
    const [head, body, mark] = good.split('.') as [string, string, string];
    const altered = Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(body, 'base64url').toString()), quantity: 100 }),
    ).toString('base64url');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const evidence of [
      'nonsense',
      'a.b.c',
      `${head}.${body}.`,
      `${head}.${altered}.${mark}`,
      `${none}.${body}.`,
      good.slice(0, -1),
      good.slice(0, good.length / 2),
      apple.sign(apple.transaction({ appAccountToken: app.shop.id }), fakeChain()),
      signed({ environment: 'Sandbox' }),
      signed({ environment: 'Xcode' }),
      signed({ bundleId: 'com.example.other' }),
      signed({}, fakeAppStore({ nowMs: alignedNowMs })),
      // A whole notification is no transaction.
      JSON.parse(fromApple('ONE_TIME_CHARGE').body).signedPayload,
    ]) {
      const answer = await bought(evidence);
      assert.deepEqual(
        [answer.status, answer.body.code, answer.body.field],
        [400, 'invalid_request', 'signed_transaction'],
        evidence.slice(0, 40),
      );
      assert.ok(!answer.text.includes(evidence.slice(0, 30)) || evidence.length < 30);
    }
    assert.deepEqual(await said(bought('x'.repeat(20_001))), [400, 'invalid_request']);
    assert.deepEqual(await said(bought(7)), [400, 'invalid_request']);
    assert.equal(await available(), before);
  });

  test('what went back, cost nothing or is not paid credits nothing', async () => {
    const before = await available();
    assert.deepEqual(await said(bought(signed({ revocationDate: alignedNowMs() }))), [200, 'nothing']);
    const monthly = { productId: 'monthly', expiresDate: alignedNowMs() + 30 * DAY_MS };
    assert.deepEqual(await said(bought(signed({ ...monthly, offerDiscountType: 'FREE_TRIAL' }))), [
      200,
      'nothing',
    ]);
    const { token } = buyAtPlay({ purchaseStateContext: { purchaseState: 'PENDING' } });
    assert.deepEqual(await said(atPlay(token)), [200, 'nothing']);
    assert.deepEqual(await said(atPlay('unknown-token')), [200, 'nothing']);
    assert.equal((await bought(signed({ productId: 'unheard_of' }))).body.outcome, 'review');
    assert.equal(await available(), before);
  });

  test('a subscription is credited and stands; what notices said later is not undone by a report', async () => {
    await app.database.sql('delete from payments.subscription');
    const before = await available();
    const first = transactionId();
    const monthly = {
      productId: 'monthly',
      transactionId: first,
      originalTransactionId: first,
      purchaseDate: alignedNowMs() - 60_000,
      expiresDate: alignedNowMs() + 30 * DAY_MS,
    };
    assert.deepEqual(await said(bought(signed(monthly))), [200, 'credited']);
    assert.deepEqual(await subscriptions(), [{ state: 'active', workspace_id: app.shop.id }]);
    await toApple(fromApple('DID_CHANGE_RENEWAL_STATUS', monthly, { subtype: 'AUTO_RENEW_DISABLED' }));
    // StoreKit signs the transaction anew whenever it is asked for it.
    assert.deepEqual(await said(bought(signed({ ...monthly, signedDate: alignedNowMs() + 1_000 }))), [
      200,
      'known',
    ]);
    assert.deepEqual(await subscriptions(), [{ state: 'cancelled', workspace_id: app.shop.id }]);
    assert.equal(await available(), before + 2);
    await booksHold();
  });

  test('a purchase at Google Play is read there, credited once beside its push, and confirmed', async () => {
    for (const pushFirst of [false, true]) {
      const before = await available();
      const { token } = buyAtPlay();
      if (pushFirst) await toPlay(await pushBought(token));
      assert.deepEqual(await said(atPlay(token)), [200, pushFirst ? 'known' : 'credited']);
      await toPlay(await pushBought(token));
      await confirmAll();
      assert.deepEqual(await said(atPlay(token)), [200, 'known']);
      assert.equal(await available(), before + 5);
    }
    await booksHold();
  });

  test('while Google does not answer it is refused as retryable, and a purchase of a tester is none', async () => {
    const { token } = buyAtPlay();
    play.answerNext({ status: 503, body: {} });
    assert.deepEqual(await said(atPlay(token)), [503, 'unavailable']);
    const { token: tested } = buyAtPlay({ testPurchaseContext: {} });
    assert.deepEqual(await said(atPlay(tested)), [200, 'test']);
  });

  test('a test key reports nothing', async () => {
    const token = await app.issue(app.shop.id, ['payments:write'], 'test');
    assert.deepEqual(await said(bought(signed(), { token })), [403, 'test_key_refused']);
  });
});
