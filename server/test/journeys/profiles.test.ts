// One story a profile: the real server starts under its policy, and does what the service that it is modelled on does,
// as far as the platform goes. What a policy rules out is refused and leaves nothing.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { decodeId } from '@sotto/contract';
import { type Client, SottoError } from '@sotto/sdk';
import { fakeAppStore, fakeRevenueCat } from '@sotto/simulator';
import { type Credentials, eventually, Installation } from '../start/product.ts';
import { IN_SWEEPS } from '../sweep.ts';

interface Running {
  readonly client: Client;
  readonly admin: Client;
  /** The demo number, where texts can arrive. */
  readonly number: string;
  readonly credentials: Credentials;
  readonly page: (language: string) => Promise<string>;
  readonly baseUrl: string;
  readonly workspaceId: string;
}

/** Registers an installation that runs under a profile; started by the first test that asks for it. */
function under(profile: string, settings: Readonly<Record<string, string>> = {}): () => Promise<Running> {
  const installation = new Installation();
  after(() => installation.remove());
  let running: Promise<Running> | undefined;
  async function start(): Promise<Running> {
    const greeting = await installation.run(['start'], { SOTTO_POLICY: profile, ...settings }).greeting();
    const credentials = installation.credentials();
    const { base_url, workspace_id } = credentials;
    return {
      client: installation.client(),
      admin: installation.client('admin_api_key'),
      number: /\+49155555\d+/.exec(greeting)![0],
      baseUrl: base_url,
      workspaceId: workspace_id,
      credentials,
      page: async (language) => (await fetch(`${base_url}/privacy?language=${language}`)).text(),
    };
  }
  return () => (running ??= start());
}

const hasCode = (code: string) => (error: unknown) => error instanceof SottoError && error.code === code;
const MESSAGE = { to: '+4915123456789', text: 'Your code is 481516.', class: 'otp' } as const;

/** Sends one and follows it to its end. */
async function sendAndFollow({ client }: Running) {
  const { id } = await client.messages.send(MESSAGE);
  return eventually('it is delivered', async () => {
    const message = await client.messages.get(id);
    return message.status === 'delivered' ? message : undefined;
  });
}

/** Lets a phone write and reads what came. */
async function receive({ client, admin, number }: Running) {
  await admin.simulator.inbound({ from: '+4915123456789', to: number, text: 'Your code is 481516.' });
  return eventually('the text can be read', async () => (await client.inbound.list()).data[0]);
}

describe('standard: everything, sealed and for days', () => {
  const start = under('standard');

  test('a code is sent, a text received, and both are on the page in two languages', async () => {
    const running = await start();
    assert.equal((await sendAndFollow(running)).text, MESSAGE.text);
    const { text, retention } = await receive(running);
    assert.deepEqual([text, retention], ['Your code is 481516.', 'stored']);
    assert.match(await running.page('en'), /<html lang="en"/);
    assert.match(await running.page('ar'), /<html lang="ar" dir="rtl"/);
  });
});

for (const profile of ['carrier-messaging', 'business-messaging']) {
  // One of the two alike is walked every time.
  const options = profile === 'carrier-messaging' ? IN_SWEEPS : {};
  describe(`${profile}: sends through operators and receives nothing`, options, () => {
    const start = under(profile);

    test('a message goes all the way; what arrives is no part of the service', async () => {
      const running = await start();
      await sendAndFollow(running);
      await assert.rejects(running.client.inbound.list(), hasCode('feature_off'));
      assert.deepEqual((await running.client.policy.get()).features.includes('messages'), true);
    });
  });
}

describe('activation-dashboard: shows codes that arrived, and sends nothing', IN_SWEEPS, () => {
  const start = under('activation-dashboard');

  test('a code can be read with what it is; sending is switched off', async () => {
    const running = await start();
    const { text, retention } = await receive(running);
    assert.deepEqual([text, retention], ['Your code is 481516.', 'stored']);
    await assert.rejects(running.client.messages.send(MESSAGE), hasCode('feature_off'));
  });
});

/** What the stores' notices are proved with, and what their products are worth, where a profile has stores. */
const stores = fakeRevenueCat();
const appStore = fakeAppStore({ environment: 'Sandbox' });
const STORES = {
  SOTTO_REVENUECAT_AUTHORIZATION: stores.authorization,
  SOTTO_APP_STORE_BUNDLE_ID: appStore.bundleId,
  SOTTO_APP_STORE_ROOTS: appStore.rootSha256,
  SOTTO_STORE_PRODUCTS: 'credits_5=5.00 EUR',
};
const available = async ({ client }: Running) => Number((await client.wallet.get()).available.amount);

/** Pays in crypto on the page of the simulated gateway, as a developer does. */
async function payInCrypto(running: Running) {
  const { client } = running;
  const before = await available(running);
  const topUp = await client.topUps.create({
    amount: { amount: '12.00', currency: 'EUR' },
    provider: 'btcpay',
  });
  assert.equal(topUp.status, 'open');
  await fetch(`${topUp.checkout_url}/all`, { method: 'POST', redirect: 'manual' });
  const paid = await eventually('the invoice is settled', async () => {
    const now = await client.topUps.get(topUp.id);
    return now.status === 'paid' ? now : undefined;
  });
  assert.equal(paid.credited.amount, '12.00');
  assert.equal(await available(running), before + 12);
}

/** Buys credits in a store, which tells of it itself as well, and restores the purchase on another device: it is credited once. */
async function buyInStore(running: Running) {
  const before = await available(running);
  const bought = { app_user_id: running.workspaceId, product_id: 'credits_5', transaction_id: 'bought-once' };
  const itself = appStore.notification('ONE_TIME_CHARGE', {
    transaction: {
      appAccountToken: decodeId('wrk', running.workspaceId),
      productId: 'credits_5',
      transactionId: 'bought-once',
    },
  });
  for (const [feed, notice] of [
    ['app-store', itself],
    ['revenuecat', stores.event('NON_RENEWING_PURCHASE', bought)],
    ['revenuecat', stores.event('NON_RENEWING_PURCHASE', bought)],
    ['app-store', itself],
  ] as const) {
    const answer = await fetch(`${running.baseUrl}/v1/payment-notices/${feed}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...notice.headers },
      body: notice.body,
    });
    assert.equal(answer.status, 200);
  }
  assert.equal(await available(running), before + 5);
}

const deviceApp = under('device-app', STORES);
for (const [profile, start, topUp] of [
  ['activation-wallet', under('activation-wallet'), payInCrypto],
  ['device-app', deviceApp, buyInStore],
] as const) {
  describe(`${profile}: codes that are never stored`, () => {
    test('the balance is topped up the way the profile has', async () => {
      await topUp(await start());
    });

    test('a code is read from memory, and nothing of the sending side exists', async () => {
      const running = await start();
      const { text, retention } = await receive(running);
      assert.deepEqual([text, retention], ['Your code is 481516.', 'memory']);
      await assert.rejects(running.client.messages.send(MESSAGE), hasCode('feature_off'));
      await assert.rejects(running.client.messages.list(), hasCode('feature_off'));
    });

    test('a name is refused at the door, and a workspace without one is made', async () => {
      const { admin } = await start();
      const named = admin.admin.workspaces.create({ name: 'Somebody', currency: 'EUR' });
      await assert.rejects(named, hasCode('feature_off'));
      assert.equal((await admin.admin.workspaces.create({ currency: 'EUR' })).name, null);
    });
  });
}

describe('device-app: knows nobody', () => {
  test('the page says what is never collected, no address signs in, and no key is tied to a network', async () => {
    const { client, page, credentials } = await deviceApp();
    assert.deepEqual([credentials.email, credentials.password], [undefined, undefined]);
    const { data } = await client.policy.promises();
    const never = data.filter(({ id }) => id.startsWith('prohibit:user.'));
    assert.ok(never.some(({ id }) => id === 'prohibit:user.contact.email'));
    for (const { sentence, assurance } of never) {
      assert.equal(assurance, 'enforced', sentence);
    }
    assert.match(await page('en'), /restart/, 'a restart can lose a code, and the page says so');
    await assert.rejects(
      client.keys.create({ kind: 'live', name: 'app', scopes: ['wallet:read'], networks: ['192.0.2.0/24'] }),
      hasCode('feature_off'),
    );
  });
});
