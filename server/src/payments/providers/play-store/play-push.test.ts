// Whose pushes are believed, and what they name.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, test } from 'node:test';
import { type SentNotice, startFakePlayStore } from '@sotto/simulator';
import { createEgress } from '#privacy/egress';
import { paymentEgress } from '../../recipients.ts';
import { googleKeys } from './google-keys.ts';
import { readNamed, readPush } from './play-push.ts';

const play = await startFakePlayStore();
const settings = { ...play, products: new Map(), live: true };
const none = { stripe: null, btcpay: null, revenuecat: null, appStore: null };
const egress = createEgress(
  paymentEgress({ ...none, playStore: settings }, () => true),
  { development: true },
);
after(async () => {
  await egress.close();
  await play.stop();
});
const keys = googleKeys(egress, play.keysUrl);
const asked = () => egress.counts().get('app_stores')?.answered ?? 0;

const read = ({ body, headers }: Pick<SentNotice, 'body' | 'headers'>, of = keys, nowMs = Date.now()) =>
  readPush(settings, of, { octets: Buffer.from(body), headers }, nowMs);
const faultOf = async (notice: Pick<SentNotice, 'body' | 'headers'>, of = keys, nowMs = Date.now()) => {
  const reading = await read(notice, of, nowMs);
  return reading.outcome === 'refused' ? reading.fault : reading.outcome;
};
const bought = { notificationType: 1, purchaseToken: 'token-1', sku: 'credits_5' };
const push = (faults: Parameters<typeof play.push>[2] = {}) =>
  play.push('oneTimeProductNotification', bought, faults);

test('a push of the account that pushes is read; its keys are asked for once', async () => {
  const before = asked();
  for (let nth = 0; nth < 5; nth++) assert.equal(await faultOf(push()), 'read');
  assert.equal(asked() - before, 1);
});

test('a token for somebody else, of somebody else, out of time or under another key is refused', async () => {
  const table: readonly (readonly [string, Parameters<typeof play.push>[2], string])[] = [
    ['another audience', { claims: { aud: 'https://example.org/' } }, 'audience'],
    ['no audience', { claims: { aud: undefined } }, 'audience'],
    ['another issuer', { claims: { iss: 'https://accounts.example.com' } }, 'signature'],
    ['no issuer', { claims: { iss: undefined } }, 'signature'],
    ['another account', { claims: { email: 'other@example.iam.gserviceaccount.com' } }, 'signature'],
    ['no account', { claims: { email: undefined } }, 'signature'],
    ['an address nobody verified', { claims: { email_verified: false } }, 'signature'],
    ['an address said to be verified', { claims: { email_verified: 'true' } }, 'signature'],
    ['ended', { endsInSeconds: -120 }, 'stale'],
    ['without an end', { claims: { exp: undefined } }, 'signature'],
    ['another key under the same name', { key: otherKey }, 'signature'],
    ['another key', { key: otherKey, kid: 'other' }, 'signature'],
    ['another app', { packageName: 'com.example.other' }, 'audience'],
  ];
  for (const [what, faults, fault] of table) assert.equal(await faultOf(push(faults)), fault, what);
  assert.equal(await faultOf(push({ endsInSeconds: -30 })), 'read', 'a clock may be off by a minute');
});

const otherKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

test('keys nobody knows are not asked for again and again', async () => {
  await read(push());
  const before = asked();
  for (let nth = 0; nth < 10; nth++) assert.equal(await faultOf(push({ kid: `forged-${nth}` })), 'signature');
  assert.ok(asked() - before <= 1);
});

test('a bearer of another form, of another algorithm, altered or absent is refused', async () => {
  const good = push();
  const [head, claims, signature] = good.headers.authorization!.slice(7).split('.') as [
    string,
    string,
    string,
  ];
  const none_ = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
  const altered = Buffer.from(JSON.stringify({ aud: play.audience, email: play.pushAccount })).toString(
    'base64url',
  );
  for (const authorization of [
    undefined,
    '',
    'Bearer ',
    `Bearer ${head}.${claims}`,
    `Bearer ${head}.${altered}.${signature}`,
    `Bearer ${none_}.${claims}.`,
    `Bearer ${none_}.${claims}.${signature}`,
    `bearer ${head}.${claims}.${signature}`,
    `Bearer ${head}.${claims}.${signature} x`,
    `Bearer ${'x'.repeat(20_000)}.x.x`,
    `Basic ${claims}`,
  ]) {
    const headers = authorization === undefined ? {} : { authorization };
    assert.equal(await faultOf({ ...good, headers }), 'signature', String(authorization).slice(0, 40));
  }
});

test('while Google does not say its keys, nothing is refused and nothing believed; then the push is read', async () => {
  for (const answer of [
    { status: 503, body: {} },
    { status: 200, body: 'a page' },
    { status: 200, body: { keys: 'none' } },
    { status: 200, body: { keys: [] } },
    { status: 200, body: { keys: ['key'] } },
    { status: 200, body: { keys: [{ kty: 'RSA', kid: 'simulated-key' }] } },
    { status: 200, body: { keys: [{ kty: 'RSA', kid: 'simulated-key', n: '!', e: 'AQAB' }] } },
  ]) {
    const fresh = googleKeys(egress, play.keysUrl);
    play.answerNextOfKeys(answer);
    assert.equal(await faultOf(push(), fresh), 'unknown', String(answer.body));
    const before = asked();
    assert.notEqual(await faultOf(push({ kid: 'forged' }), fresh), 'read');
    assert.equal(asked() - before, 0, 'forged tokens make no calls of ours');
  }
  assert.equal(await faultOf(push(), googleKeys(egress, play.keysUrl)), 'read');
});

test('each kind of notice names what has to be read, tells its fact, or nothing', async () => {
  const refunded = { kind: 'refunded', settlementId: 'GPA.1', totalMicros: null };
  const token = 'token-1';
  const voided = { purchaseToken: token, orderId: 'GPA.1', productType: 2 };
  type Row = readonly [string, object, object | null, readonly object[]];
  const table: readonly Row[] = [
    ['oneTimeProductNotification', bought, { kind: 'product', token }, []],
    ['oneTimeProductNotification', { ...bought, notificationType: 2 }, null, []],
    ...Array.from({ length: 22 }, (_, type): Row => {
      const about = { notificationType: type, purchaseToken: token };
      return ['subscriptionNotification', about, { kind: 'subscription', token }, []] as const;
    }),
    ['voidedPurchaseNotification', { ...voided, refundType: 1 }, null, [refunded]],
    ['voidedPurchaseNotification', voided, null, [refunded]],
    ['voidedPurchaseNotification', { ...voided, refundType: 2 }, { kind: 'refund', token }, []],
    ['pendingRefundReviewNotification', { purchaseToken: token }, null, []],
    ['testNotification', {}, null, []],
    ['somethingNew', { purchaseToken: token }, null, []],
  ];
  for (const [kind, about, named, facts] of table) {
    const reading = await read(play.push(kind, about as Record<string, unknown>));
    assert.ok(reading.outcome === 'read', kind);
    assert.deepEqual(reading.lookUp === null ? null : readNamed(reading.lookUp), named, kind);
    assert.deepEqual(reading.facts, facts, kind);
  }
});

test('a body that is no push, cut anywhere, or that names a step in an address is refused and never throws', async () => {
  const good = push();
  for (let at = 0; at < good.body.length; at += 13)
    assert.equal(await faultOf({ ...good, body: good.body.slice(0, at) }), 'malformed', String(at));
  const wrapped = (data: string) => JSON.stringify({ message: { data, messageId: '1' } });
  for (const body of [
    '',
    'null',
    '{}',
    wrapped('***'),
    wrapped(''),
    wrapped(Buffer.from('no json').toString('base64')),
    wrapped(Buffer.from('{}').toString('base64')),
    JSON.stringify({ message: { data: Buffer.from('{}').toString('base64') } }),
    wrapped('A'.repeat(100_004)),
  ])
    assert.equal(await faultOf({ ...good, body }), 'malformed', body.slice(0, 60));
  for (const purchaseToken of ['', '.', '..', 'a b', 'é', 'x'.repeat(1_501), 7])
    assert.equal(
      await faultOf(play.push('subscriptionNotification', { purchaseToken })),
      'malformed',
      String(purchaseToken).slice(0, 10),
    );
});
