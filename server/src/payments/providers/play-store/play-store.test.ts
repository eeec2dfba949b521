// Google Play asked and told over real sockets: tokens, faults of the API, and what its answers mean.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { encodeId } from '@sotto/contract';
import { startFakePlayStore } from '@sotto/simulator';
import { createEgress } from '#privacy/egress';
import type { Fact } from '../../port.ts';
import { paymentEgress } from '../../recipients.ts';
import { playStore } from './play-store.ts';

const play = await startFakePlayStore();
const products = new Map([
  ['credits_5', { micros: 5_000_000n, currency: 'EUR' }],
  ['credits_1', { micros: 1_000_000n, currency: 'EUR' }],
  ['dollars', { micros: 1_000_000n, currency: 'USD' }],
  ['monthly', { micros: 2_000_000n, currency: 'EUR' }],
]);
const settings = { ...play, products, live: true };
const none = { stripe: null, btcpay: null, revenuecat: null, appStore: null };
const { app_stores: recipient } = paymentEgress({ ...none, playStore: settings }, () => true);
const egress = createEgress({ app_stores: { ...recipient!, timeoutMs: 300 } }, { development: true });
after(async () => {
  await egress.close();
  await play.stop();
});

const workspaceId = '0198c0de-0000-7000-8000-00000000abcd';
const account = encodeId('wrk', workspaceId);
const fresh = (change: Partial<typeof settings> = {}) => playStore(egress, { ...settings, ...change });
const store = fresh();
const find = (kind: string, token: string, of = store) => of.find(JSON.stringify({ kind, token }));
async function factsOf(kind: string, token: string): Promise<readonly Fact[]> {
  const found = await find(kind, token);
  assert.ok(found.outcome === 'found', found.outcome);
  return found.facts;
}

const item = (productId: string, details: object = {}) => ({
  productId,
  productOfferDetails: {
    quantity: 1,
    refundableQuantity: 1,
    consumptionState: 'CONSUMPTION_STATE_YET_TO_BE_CONSUMED',
    ...details,
  },
});
const buy = (fields: object = {}) =>
  play.product({
    orderId: 'GPA.1',
    obfuscatedExternalAccountId: account,
    productLineItem: [item('credits_5')],
    ...fields,
  });
const subscribe = (fields: object = {}, line: object = {}) =>
  play.subscription({
    externalAccountIdentifiers: { obfuscatedExternalAccountId: account },
    lineItems: [
      {
        productId: 'monthly',
        expiryTime: '2026-12-31T00:00:00.123Z',
        latestSuccessfulOrderId: 'GPA.7..2',
        offerPhase: { basePrice: {} },
        ...line,
      },
    ],
    ...fields,
  });
const worth = (facts: readonly Fact[]) =>
  facts.flatMap((fact) => (fact.kind === 'purchased' ? [fact.worth?.micros ?? null] : []));

test('a paid product is credited by its order and its worth, and waits to be consumed', async () => {
  const token = buy();
  assert.deepEqual(await factsOf('product', token), [
    {
      kind: 'purchased',
      workspaceId,
      originalId: null,
      settlementId: 'GPA.1',
      worth: { micros: 5_000_000n, currency: 'EUR' },
    },
    { kind: 'unconfirmed', workspaceId, act: 'consume', productId: 'credits_5', token },
  ]);
  const several = buy({ productLineItem: [item('credits_5', { quantity: 2 }), item('credits_1')] });
  assert.deepEqual(worth(await factsOf('product', several)), [11_000_000n]);
});

test('what nobody priced, or in several currencies, is for a person, and is acknowledged and not consumed', async () => {
  const unpriced = buy({ productLineItem: [item('unheard_of')] });
  const facts = await factsOf('product', unpriced);
  assert.deepEqual(worth(facts), [null]);
  assert.deepEqual(
    facts.flatMap((fact) => (fact.kind === 'unconfirmed' ? [fact.act] : [])),
    ['acknowledge'],
  );
  const mixed = buy({ productLineItem: [item('credits_5'), item('dollars')] });
  assert.deepEqual(worth(await factsOf('product', mixed)), [null]);
});

test('what is not paid or has no order is no purchase; what was bought for nobody of ours is nobody’s, and not confirmed', async () => {
  for (const fields of [
    { purchaseStateContext: { purchaseState: 'PENDING' } },
    { purchaseStateContext: { purchaseState: 'CANCELLED' } },
    { purchaseStateContext: { purchaseState: 'SOMETHING_NEW' } },
    { orderId: undefined },
  ])
    assert.deepEqual(await factsOf('product', buy(fields)), [], JSON.stringify(fields));
  for (const fields of [
    { obfuscatedExternalAccountId: undefined },
    { obfuscatedExternalAccountId: workspaceId },
    { obfuscatedExternalAccountId: `acc${account.slice(3)}` },
  ]) {
    const facts = await factsOf('product', buy(fields));
    assert.deepEqual(
      facts.map((fact) => [fact.kind, fact.kind === 'purchased' && fact.workspaceId]),
      [['purchased', null]],
      JSON.stringify(fields),
    );
  }
});

test('a tester’s purchase is told apart where money is real, and welcome where it is not', async () => {
  const tested = buy({ testPurchaseContext: { fopType: 'TEST' } });
  const subscribed = subscribe({ testPurchase: {} });
  assert.deepEqual(await find('product', tested), { outcome: 'test' });
  assert.deepEqual(await find('refund', tested), { outcome: 'test' });
  assert.deepEqual(await find('subscription', subscribed), { outcome: 'test' });
  const inDevelopment = fresh({ live: false });
  assert.equal((await find('product', tested, inDevelopment)).outcome, 'found');
  assert.equal((await find('subscription', subscribed, inDevelopment)).outcome, 'found');
});

test('of a purchase of several, as much has gone back as cannot be returned any more', async () => {
  const part = buy({ productLineItem: [item('credits_5', { quantity: 3, refundableQuantity: 1 })] });
  assert.deepEqual(await factsOf('refund', part), [
    { kind: 'refunded', settlementId: 'GPA.1', totalMicros: 10_000_000n },
  ]);
  const untouched = buy({ productLineItem: [item('credits_5', { quantity: 3, refundableQuantity: 3 })] });
  assert.deepEqual(await factsOf('refund', untouched), []);
});

test('each state of a subscription means what it says, and the order that was paid is credited in all of them', async () => {
  const states: Readonly<Record<string, string | null>> = {
    SUBSCRIPTION_STATE_ACTIVE: 'active',
    SUBSCRIPTION_STATE_CANCELED: 'cancelled',
    SUBSCRIPTION_STATE_IN_GRACE_PERIOD: 'grace',
    SUBSCRIPTION_STATE_ON_HOLD: 'expired',
    SUBSCRIPTION_STATE_PAUSED: 'paused',
    SUBSCRIPTION_STATE_EXPIRED: 'expired',
    SUBSCRIPTION_STATE_PENDING_PURCHASE_CANCELED: null,
    SOMETHING_NEW: null,
  };
  for (const [subscriptionState, state] of Object.entries(states)) {
    const facts = await factsOf('subscription', subscribe({ subscriptionState }));
    assert.deepEqual(worth(facts), [2_000_000n]);
    const told = facts.find(({ kind }) => kind === 'subscription');
    assert.equal(told?.kind === 'subscription' ? told.state : null, state, subscriptionState);
    if (told?.kind === 'subscription') {
      assert.deepEqual(
        [told.originalId, told.expiresAtMs],
        ['GPA.7', Date.parse('2026-12-31T00:00:00.123Z')],
      );
      assert.ok(Math.abs(told.asOfMs - Date.now()) < 60_000);
    }
  }
});

test('an order that was tried, a trial and a subscription not begun credit nothing; a trial is acknowledged', async () => {
  const declined = subscribe({ latestOrderId: 'GPA.7..3' });
  const orders = (await factsOf('subscription', declined)).flatMap((fact) =>
    fact.kind === 'purchased' ? [fact.settlementId] : [],
  );
  assert.deepEqual(orders, ['GPA.7..2']);
  for (const offerPhase of [
    { freeTrial: {} },
    { prorationPeriod: { originalOfferPhaseType: 'FREE_TRIAL' } },
  ]) {
    const token = subscribe({}, { offerPhase });
    const facts = await factsOf('subscription', token);
    assert.deepEqual(
      facts.map(({ kind }) => kind),
      ['subscription', 'unconfirmed'],
    );
  }
  const pending = subscribe(
    { subscriptionState: 'SUBSCRIPTION_STATE_PENDING' },
    { latestSuccessfulOrderId: undefined },
  );
  assert.deepEqual(await factsOf('subscription', pending), []);
  const acknowledged = subscribe({ acknowledgementState: 'ACKNOWLEDGEMENT_STATE_ACKNOWLEDGED' });
  const kinds = (await factsOf('subscription', acknowledged)).map(({ kind }) => kind);
  assert.deepEqual(kinds, ['purchased', 'subscription']);
});

test('one access token serves many calls; one that is refused before its time is replaced once', async () => {
  const token = buy();
  const of = fresh();
  const answered = () => egress.counts().get('app_stores')!.answered;
  const before = answered();
  await Promise.all(Array.from({ length: 8 }, () => find('product', token, of)));
  assert.equal(answered() - before, 9, 'eight reads, one token');
  play.revokeTokens();
  assert.equal((await find('product', token, of)).outcome, 'found');
  play.answerNext({ status: 401, body: {} }, { status: 401, body: {} });
  assert.equal((await find('product', token, of)).outcome, 'unknown', 'and no oftener');
});

test('a store that is down, slow, or says what makes no sense leaves it unknown', async () => {
  const token = buy();
  const lies = [
    { status: 200, body: 'a page' },
    { status: 200, body: {} },
    { status: 200, body: { purchaseStateContext: {}, productLineItem: [] } },
    {
      status: 200,
      body: { purchaseStateContext: { purchaseState: 7 }, productLineItem: [item('credits_5')] },
    },
    {
      status: 200,
      body: { purchaseStateContext: { purchaseState: 'PURCHASED' }, productLineItem: [item('..')] },
    },
    { status: 200, body: 'x'.repeat(80_000) },
    { status: 302, body: {}, location: 'https://example.com/' },
  ];
  const faults = [500, 503, 429, 403].map((status) => ({ status, body: {} }));
  for (const answer of [...lies, ...faults, 'slow' as const]) {
    play.answerNext(answer);
    assert.equal((await find('product', token)).outcome, 'unknown', JSON.stringify(answer).slice(0, 60));
  }
  for (const answer of [
    { status: 503, body: {} },
    { status: 400, body: { error: 'invalid_grant' } },
    { status: 200, body: { access_token: '', expires_in: 1 } },
    { status: 200, body: { access_token: 'a b', expires_in: 1 } },
  ]) {
    play.answerNextOfTokens(answer);
    assert.equal((await find('product', token, fresh())).outcome, 'unknown', JSON.stringify(answer));
  }
  const stopped = fresh({ apiOrigin: settings.apiOrigin, tokenUrl: `${settings.origin}/nothing` });
  assert.equal((await find('product', token, stopped)).outcome, 'unknown');
});

test('a purchase the store knows nothing of has told nothing', async () => {
  for (const kind of ['product', 'subscription', 'refund'])
    assert.deepEqual(await factsOf(kind, 'nobody-bought-this'), []);
});

test('confirming consumes or acknowledges, once or oftener, and knows a refusal from a silence', async () => {
  const token = buy();
  const consume = { act: 'consume', productId: 'credits_5', token } as const;
  for (let nth = 0; nth < 2; nth++) assert.deepEqual(await store.confirm(consume), { outcome: 'confirmed' });
  assert.deepEqual(await factsOf('product', token), [
    {
      kind: 'purchased',
      workspaceId,
      originalId: null,
      settlementId: 'GPA.1',
      worth: { micros: 5_000_000n, currency: 'EUR' },
    },
  ]);
  const subscribed = subscribe();
  const acknowledge = { act: 'acknowledge_subscription', productId: 'monthly', token: subscribed } as const;
  play.answerNext({ status: 503, body: {} }, 'slow');
  assert.deepEqual(await store.confirm(acknowledge), { outcome: 'unknown' });
  assert.deepEqual(await store.confirm(acknowledge), { outcome: 'unknown' });
  assert.deepEqual(await store.confirm(acknowledge), { outcome: 'confirmed' });
  assert.equal(play.purchase(subscribed).acknowledgementState, 'ACKNOWLEDGEMENT_STATE_ACKNOWLEDGED');
  assert.deepEqual(await store.confirm({ ...consume, token: 'gone' }), { outcome: 'refused' });
});

test('of a subscription that was taken up again outside the app, whose it was before is whose it is', async () => {
  const expiredExternalAccountIdentifiers = { obfuscatedExternalAccountId: account };
  const again = subscribe({
    externalAccountIdentifiers: undefined,
    outOfAppPurchaseContext: { expiredExternalAccountIdentifiers },
  });
  const owners = (facts: readonly Fact[]) =>
    facts.map((fact) => [fact.kind, 'workspaceId' in fact ? fact.workspaceId : null]);
  assert.deepEqual(owners(await factsOf('subscription', again)), [
    ['purchased', workspaceId],
    ['subscription', workspaceId],
    ['unconfirmed', workspaceId],
  ]);
  const unsaid = subscribe({ externalAccountIdentifiers: undefined });
  assert.deepEqual(owners(await factsOf('subscription', unsaid)), [
    ['purchased', null],
    ['subscription', null],
  ]);
});
