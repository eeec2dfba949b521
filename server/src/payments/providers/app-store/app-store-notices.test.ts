// What notices of the App Store mean, and which are refused though Apple signed them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeAppStore, fakeChain, type SentNotice } from '@sotto/simulator';
import type { Fact } from '../../port.ts';
import { type AppStoreSettings, readAppStoreNotice } from './app-store-notices.ts';

const DAY_MS = 86_400_000;
const now = Date.now();
const store = fakeAppStore({ nowMs: () => now });
const settings: AppStoreSettings = {
  bundleId: store.bundleId,
  appAppleId: store.appAppleId,
  environment: 'Production',
  roots: new Set([store.rootSha256]),
  products: new Map([
    ['credits_5', { micros: 5_000_000n, currency: 'EUR' }],
    ['monthly', { micros: 2_000_000n, currency: 'EUR' }],
  ]),
};
const workspaceId = '0198c0de-0000-7000-8000-00000000abcd';
const read = ({ body }: Pick<SentNotice, 'body'>, nowMs = now, of = settings) =>
  readAppStoreNotice(of, { octets: Buffer.from(body), headers: {} }, nowMs);
const faultOf = async (notice: Pick<SentNotice, 'body'>, nowMs = now, of = settings) => {
  const reading = await read(notice, nowMs, of);
  return reading.outcome === 'refused' ? reading.fault : reading.outcome;
};

const bought = { appAccountToken: workspaceId, productId: 'credits_5', transactionId: '1' };
const monthly = {
  ...bought,
  productId: 'monthly',
  originalTransactionId: '0',
  type: 'Auto-Renewable Subscription',
  expiresDate: now + 30 * DAY_MS,
};
type Parts = Parameters<typeof store.notification>[1];
async function factsOf(type: string, parts: Parts = {}): Promise<readonly Fact[]> {
  const reading = await read(store.notification(type, { transaction: bought, ...parts }));
  assert.equal(reading.outcome, 'read', type);
  return reading.outcome === 'read' ? reading.facts : [];
}

const purchase = (micros: bigint, originalId: string | null = null): Fact => ({
  kind: 'purchased',
  workspaceId,
  originalId,
  settlementId: '1',
  worth: { micros, currency: 'EUR' },
});
const subscription = (state: string, expiresAtMs = monthly.expiresDate): Fact =>
  ({
    kind: 'subscription',
    workspaceId,
    originalId: '0',
    productId: 'monthly',
    state,
    expiresAtMs,
    asOfMs: now,
  }) as Fact;

test('each kind of notice has the effect it means, and those that mean none have none', async () => {
  const paid = purchase(2_000_000n, '0');
  const grace = { gracePeriodExpiresDate: now + 16 * DAY_MS };
  const refunded: Fact = { kind: 'refunded', settlementId: '1', totalMicros: null };
  const table: readonly (readonly [string, Parts, readonly Fact[]])[] = [
    ['SUBSCRIBED', { subtype: 'INITIAL_BUY' }, [paid, subscription('active')]],
    ['SUBSCRIBED', { subtype: 'RESUBSCRIBE' }, [paid, subscription('active')]],
    ['DID_RENEW', {}, [paid, subscription('active')]],
    ['DID_RENEW', { subtype: 'BILLING_RECOVERY' }, [paid, subscription('active')]],
    ['OFFER_REDEEMED', {}, [paid, subscription('active')]],
    ['DID_CHANGE_RENEWAL_PREF', { subtype: 'UPGRADE' }, [paid, subscription('active')]],
    ['DID_CHANGE_RENEWAL_PREF', { subtype: 'DOWNGRADE' }, []],
    ['DID_CHANGE_RENEWAL_PREF', {}, []],
    ['DID_CHANGE_RENEWAL_STATUS', { subtype: 'AUTO_RENEW_DISABLED' }, [subscription('cancelled')]],
    ['DID_CHANGE_RENEWAL_STATUS', { subtype: 'AUTO_RENEW_ENABLED' }, [subscription('active')]],
    [
      'DID_FAIL_TO_RENEW',
      { subtype: 'GRACE_PERIOD', renewal: grace },
      [subscription('grace', grace.gracePeriodExpiresDate)],
    ],
    ['DID_FAIL_TO_RENEW', {}, [subscription('grace')]],
    ['GRACE_PERIOD_EXPIRED', {}, [subscription('expired')]],
    ['EXPIRED', { subtype: 'VOLUNTARY' }, [subscription('expired')]],
    ['RENEWAL_EXTENDED', {}, [subscription('active')]],
    ['REVOKE', {}, [subscription('expired')]],
    ['REFUND', {}, [refunded, subscription('refunded')]],
    ['REFUND_REVERSED', {}, [{ kind: 'refund_reversed', settlementId: '1' }, subscription('active')]],
    ['REFUND_DECLINED', {}, []],
    ['CONSUMPTION_REQUEST', {}, []],
    ['PRICE_INCREASE', {}, []],
    ['SOMETHING_NEW', {}, []],
  ];
  for (const [type, parts, facts] of table) {
    const told = await factsOf(type, { ...parts, transaction: monthly });
    assert.deepEqual(told, facts, `${type} ${parts?.subtype}`);
  }
  assert.deepEqual(await factsOf('ONE_TIME_CHARGE'), [purchase(5_000_000n)]);
  assert.deepEqual(await factsOf('TEST', { transaction: null }), []);
  for (const data of [undefined, null]) {
    const summary = store.notification('RENEWAL_EXTENSION', { change: { data, summary: {} } });
    assert.deepEqual((await read(summary)) as object, {
      outcome: 'read',
      noticeId: (
        JSON.parse(Buffer.from(payloadOf(summary), 'base64url').toString()) as { notificationUUID: string }
      ).notificationUUID,
      provider: 'app_store',
      lookUp: null,
      facts: [],
    });
  }
});

const payloadOf = ({ body }: SentNotice): string =>
  (JSON.parse(body) as { signedPayload: string }).signedPayload.split('.')[1]!;

test('a purchase is worth its product as often as it was bought, and a product nobody priced is for a person', async () => {
  const many = { transaction: { ...bought, quantity: 3 } };
  assert.deepEqual(await factsOf('ONE_TIME_CHARGE', many), [purchase(15_000_000n)]);
  const unpriced = { transaction: { ...bought, productId: 'unheard_of' } };
  const waits = [{ kind: 'purchased', workspaceId, originalId: null, settlementId: '1', worth: null }];
  assert.deepEqual(await factsOf('ONE_TIME_CHARGE', unpriced), waits);
  assert.deepEqual(await factsOf('ONE_TIME_CHARGE', { transaction: { ...bought, price: 0 } }), waits);
});

test('what cost nothing is no payment: a trial, and what the family shares', async () => {
  const trial = { transaction: { ...monthly, offerDiscountType: 'FREE_TRIAL', price: 0 } };
  assert.deepEqual(await factsOf('SUBSCRIBED', trial), [subscription('active')]);
  const shared = { transaction: { ...bought, inAppOwnershipType: 'FAMILY_SHARED' } };
  assert.deepEqual(await factsOf('ONE_TIME_CHARGE', shared), []);
  assert.deepEqual(await factsOf('REFUND', shared), []);
});

test('a purchase that names no workspace is nobody’s, unless its subscription is known to be somebody’s', async () => {
  for (const appAccountToken of [undefined, null, '', 'wrk_1', `${workspaceId}0`, workspaceId.slice(1)])
    assert.deepEqual(await factsOf('ONE_TIME_CHARGE', { transaction: { ...bought, appAccountToken } }), [
      { ...purchase(5_000_000n), workspaceId: null },
    ]);
  assert.deepEqual(await factsOf('DID_RENEW', { transaction: { ...monthly, appAccountToken: null } }), [
    { ...purchase(2_000_000n, '0'), workspaceId: null },
    { ...subscription('active'), workspaceId: null },
  ]);
  const upper = { ...bought, appAccountToken: workspaceId.toUpperCase() };
  assert.deepEqual(await factsOf('ONE_TIME_CHARGE', { transaction: upper }), [purchase(5_000_000n)]);
});

test('of a part that went back, the share is taken, rounded so that nothing stays of what is gone', async () => {
  for (const [revocationPercentage, totalMicros] of [
    [50_000, 2_500_000n],
    [33_333, 1_666_650n],
    [1, 50n],
    [0, 0n],
    [100_000, null],
  ] as const) {
    const transaction = { ...bought, revocationPercentage };
    const facts = await factsOf('REFUND', { transaction });
    assert.deepEqual(facts, [{ kind: 'refunded', settlementId: '1', totalMicros }]);
  }
});

test('a refund of a month that is over leaves the subscription as it is', async () => {
  const over = { ...monthly, expiresDate: now - DAY_MS };
  for (const type of ['REFUND', 'REFUND_REVERSED'])
    assert.deepEqual(
      (await factsOf(type, { transaction: over })).filter(({ kind }) => kind === 'subscription'),
      [],
    );
});

test('a state is as old as the part that tells it, though the notice be signed anew', async () => {
  const asOfMs = now - DAY_MS;
  const old = await factsOf('EXPIRED', { transaction: monthly, renewal: { signedDate: asOfMs } });
  assert.deepEqual(old, [{ ...subscription('expired'), asOfMs }]);
  const transaction = { ...monthly, signedDate: asOfMs };
  assert.deepEqual(await factsOf('EXPIRED', { transaction }), [{ ...subscription('expired'), asOfMs }]);
});

test('another app, another environment, or none that Apple signs for is refused though the signature is right', async () => {
  const notice = (parts: Parts) => store.notification('ONE_TIME_CHARGE', { transaction: bought, ...parts });
  for (const environment of ['Sandbox', 'Xcode', 'LocalTesting', 'production', ''])
    assert.notEqual(await faultOf(await notice({ data: { environment } })), 'read', environment);
  assert.equal(await faultOf(await notice({ data: { environment: 'Sandbox' } })), 'environment');
  assert.equal(await faultOf(await notice({ data: { bundleId: 'com.example.other' } })), 'audience');
  for (const appAppleId of [undefined, null, 1])
    assert.equal(await faultOf(await notice({ data: { appAppleId } })), 'audience');
  const sandboxed = { transaction: { ...bought, environment: 'Sandbox' } };
  assert.equal(await faultOf(await notice(sandboxed)), 'environment');
  const others = { transaction: { ...bought, bundleId: 'com.example.other' } };
  assert.equal(await faultOf(await notice(others)), 'audience');
  const renewal = { renewal: { environment: 'Sandbox' } };
  assert.equal(await faultOf(await notice(renewal)), 'environment');
  const inSandbox = { ...settings, environment: 'Sandbox', appAppleId: null } as const;
  assert.equal(await faultOf(await notice({}), now, inSandbox), 'environment');
});

test('a transaction is proved by itself: a real notice around a forged one is refused', async () => {
  const forged = fakeChain({}, now);
  const parts = { transaction: bought, transactionChain: forged };
  assert.equal(await faultOf(store.notification('ONE_TIME_CHARGE', parts)), 'signature');
  const data = { signedTransactionInfo: 'e30.e30.e30' };
  assert.equal(await faultOf(store.notification('ONE_TIME_CHARGE', { data })), 'signature');
  const signedRenewalInfo = store.sign({ environment: 'Production', signedDate: now }, forged);
  const renewing = { transaction: bought, data: { signedRenewalInfo } };
  assert.equal(await faultOf(store.notification('DID_RENEW', renewing)), 'signature');
});

test('in the sandbox notices have no number of an app, and none is asked for', async () => {
  const sandbox = fakeAppStore({ environment: 'Sandbox', nowMs: () => now });
  const of: AppStoreSettings = {
    ...settings,
    environment: 'Sandbox',
    appAppleId: null,
    roots: new Set([sandbox.rootSha256]),
  };
  const notice = sandbox.notification('ONE_TIME_CHARGE', { transaction: bought });
  assert.equal(await faultOf(notice, now, of), 'read');
});

test('a notice is taken for as long as Apple repeats it, and from no future', async () => {
  const notice = store.notification('ONE_TIME_CHARGE', { transaction: bought });
  assert.equal(await faultOf(notice, now + 7 * DAY_MS), 'read');
  assert.equal(await faultOf(notice, now + 9 * DAY_MS), 'stale');
  assert.equal(await faultOf(notice, now - 60_000), 'read');
  assert.equal(await faultOf(notice, now - DAY_MS), 'stale');
});

test('what is no notice, is cut or too long is refused and never throws', async () => {
  const { body } = store.notification('ONE_TIME_CHARGE', { transaction: bought });
  for (let at = 0; at < body.length; at += 211)
    assert.notEqual(await faultOf({ body: body.slice(0, at) }), 'read', String(at));
  for (const junk of ['', 'null', '[]', '{}', '{"signedPayload":7}', '{"signedPayload":""}'])
    assert.equal(await faultOf({ body: junk }), 'malformed');
  const long = JSON.stringify({ signedPayload: 'x'.repeat(200_001) });
  assert.equal(await faultOf({ body: long }), 'malformed');
  const odd = store.notification('ONE_TIME_CHARGE', { transaction: { transactionId: 7 } });
  assert.equal(await faultOf(odd), 'malformed');
  const unnamed = store.notification('ONE_TIME_CHARGE', { change: { notificationUUID: 7 } });
  assert.equal(await faultOf(unnamed), 'malformed');
});
