// Settings of payments as the environment gives them: whole or refused, and never of the wrong environment.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { readConfig } from '#platform/config';
import { APPLE_ROOT_SHA256 } from './providers/app-store/signed-data.ts';
import { paymentSettings } from './settings.ts';

const faultOf = (env: Record<string, string>): string => {
  try {
    readConfig(env);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};
const stripe = { SOTTO_STRIPE_SECRET_KEY: 'sk_test_a1', SOTTO_STRIPE_WEBHOOK_SECRET: 'whsec_b2' };

test('a provider is set up by all of its settings, and half of them are refused by name', () => {
  const none = {
    stripe: null,
    btcpay: null,
    revenuecat: null,
    appStore: null,
    playStore: null,
    invoices: null,
  };
  assert.deepEqual(paymentSettings(readConfig({})), none);
  const { stripe: read } = paymentSettings(readConfig(stripe));
  assert.deepEqual(
    [read?.secretKey, read?.webhookSecret, read?.live, read?.origin],
    ['sk_test_a1', 'whsec_b2', false, 'https://api.stripe.com'],
  );
  assert.match(faultOf({ SOTTO_STRIPE_SECRET_KEY: 'sk' }), /SOTTO_STRIPE_WEBHOOK_SECRET is missing/);
  const gateway = { SOTTO_BTCPAY_ORIGIN: 'https://pay.example.com', SOTTO_BTCPAY_STORE_ID: 'abc' };
  assert.match(faultOf(gateway), /SOTTO_BTCPAY_API_KEY is missing/);
});

test('production refuses a key whose payments are no money, and development one whose payments are', () => {
  const production = { ...stripe, SOTTO_MODE: 'production' };
  assert.match(faultOf(production), /SOTTO_STRIPE_SECRET_KEY is a key of the test environment/);
  const live = { ...stripe, SOTTO_STRIPE_SECRET_KEY: 'sk_live_a1' };
  assert.match(faultOf(live), /SOTTO_STRIPE_SECRET_KEY is a live key/);
});

test('the App Store is set up by its app, believes Apple’s root alone, and is a sandbox in development', () => {
  const app = { SOTTO_APP_STORE_BUNDLE_ID: 'com.example.app' };
  const read = (env: Record<string, string>) => paymentSettings(readConfig({ ...app, ...env })).appStore;
  assert.deepEqual(read({}), {
    bundleId: 'com.example.app',
    appAppleId: null,
    environment: 'Sandbox',
    roots: new Set([APPLE_ROOT_SHA256]),
    products: new Map(),
  });
  assert.equal(read({ SOTTO_APP_STORE_ENVIRONMENT: 'Production' })?.environment, 'Production');
  const other = { SOTTO_APP_STORE_ROOTS: `${'AB:'.repeat(31)}AB, ${'0'.repeat(64)}` };
  assert.deepEqual(read(other)?.roots, new Set(['ab'.repeat(32), '0'.repeat(64)]));
  for (const roots of ['', 'x', 'ab'.repeat(31), `${'ab'.repeat(32)},`].slice(1))
    assert.match(faultOf({ ...app, SOTTO_APP_STORE_ROOTS: roots }), /SHA-256 fingerprints/, roots);
  for (const name of ['app', 'com.example app', '.com.example', 'com..example'])
    assert.match(faultOf({ SOTTO_APP_STORE_BUNDLE_ID: name }), /name of an app/, name);
  for (const alone of ['SOTTO_APP_STORE_APP_ID', 'SOTTO_APP_STORE_ENVIRONMENT', 'SOTTO_APP_STORE_ROOTS']) {
    const value = { SOTTO_APP_STORE_APP_ID: '1', SOTTO_APP_STORE_ENVIRONMENT: 'Sandbox' }[alone];
    const fault = faultOf({ [alone]: value ?? '0'.repeat(64) });
    assert.match(fault, new RegExp(`SOTTO_APP_STORE_BUNDLE_ID is missing while ${alone} is set`));
  }
});

test('no mode starts on an environment whose signatures prove nothing, and production on no sandbox or app unnumbered', () => {
  const app = { SOTTO_APP_STORE_BUNDLE_ID: 'com.example.app', SOTTO_APP_STORE_APP_ID: '1234567890' };
  for (const environment of ['Xcode', 'LocalTesting', 'xcode', 'XCODE', 'LOCAL_TESTING', 'production'])
    for (const SOTTO_MODE of ['development', 'production']) {
      const env = { ...app, SOTTO_MODE, SOTTO_APP_STORE_ENVIRONMENT: environment };
      assert.match(faultOf(env), /SOTTO_APP_STORE_ENVIRONMENT must be Production or Sandbox/, environment);
    }
  const production = { ...app, SOTTO_MODE: 'production' };
  const sandbox = { ...production, SOTTO_APP_STORE_ENVIRONMENT: 'Sandbox' };
  assert.match(faultOf(sandbox), /SOTTO_APP_STORE_ENVIRONMENT is the sandbox, whose purchases are no money/);
  const { SOTTO_APP_STORE_APP_ID: _, ...unnumbered } = production;
  assert.match(faultOf(unnumbered), /SOTTO_APP_STORE_APP_ID is missing/);
  assert.doesNotMatch(faultOf(production), /APP_STORE/);
});

test('Google Play is set up by all four of its settings, with a key that can sign', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const account = { client_email: 'reader@example.iam.gserviceaccount.com', private_key: pem };
  const env = {
    SOTTO_PLAY_STORE_PACKAGE_NAME: 'com.example.app',
    SOTTO_PLAY_STORE_PUSH_AUDIENCE: 'https://sms.example.com/',
    SOTTO_PLAY_STORE_PUSH_ACCOUNT: 'push@example.iam.gserviceaccount.com',
    SOTTO_PLAY_STORE_ACCOUNT_KEY: JSON.stringify({ ...account, token_uri: 'https://example.org/token' }),
  };
  const read = paymentSettings(readConfig(env)).playStore;
  assert.deepEqual(read?.serviceAccount, { email: account.client_email, privateKey: pem });
  assert.deepEqual(
    [read?.tokenUrl, read?.apiOrigin, read?.live],
    ['https://oauth2.googleapis.com/token', 'https://androidpublisher.googleapis.com', false],
    'the file has no say in whom to ask',
  );
  for (const variable of Object.keys(env)) {
    const { [variable as keyof typeof env]: _, ...others } = env;
    assert.match(faultOf(others), new RegExp(`${variable} is missing`));
  }
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  for (const key of [
    'x',
    '{}',
    pem,
    JSON.stringify({ ...account, private_key: 'x' }),
    JSON.stringify({ ...account, private_key: ec.export({ type: 'pkcs8', format: 'pem' }) }),
    JSON.stringify({ ...account, client_email: 'x' }),
  ]) {
    const fault = faultOf({ ...env, SOTTO_PLAY_STORE_ACCOUNT_KEY: key });
    assert.match(fault, /SOTTO_PLAY_STORE_ACCOUNT_KEY must be the key of a service account/);
    assert.ok(!fault.includes('PRIVATE KEY'), 'and says nothing of what was found');
  }
});

test('who sells is told whole, and taxes are read as dated percentages, each once', () => {
  const seller = {
    SOTTO_INVOICE_SELLER_NAME: 'مثال',
    SOTTO_INVOICE_SELLER_ADDRESS: '1 Example Street',
    SOTTO_INVOICE_SELLER_COUNTRY: 'SA',
  };
  const rates = 'SA=15% from 2020-07-01, DE=8.1% from 2021-01-01 reverse';
  assert.deepEqual(paymentSettings(readConfig({ ...seller, SOTTO_TAX_RATES: rates })).invoices, {
    seller: { name: 'مثال', address: '1 Example Street', country: 'SA', taxId: null },
    series: 'INV',
    taxRules: [
      { country: 'SA', rate: 150_000, from: '2020-07-01', reverseCharge: false },
      { country: 'DE', rate: 81_000, from: '2021-01-01', reverseCharge: true },
    ],
  });
  assert.match(faultOf({ SOTTO_INVOICE_SELLER_NAME: 'x' }), /SOTTO_INVOICE_SELLER_ADDRESS is missing/);
  assert.match(faultOf({ ...seller, SOTTO_INVOICE_SELLER_NAME: 'م'.repeat(101) }), /200 octets/);
  for (const line of [
    'SA=15%',
    'SA=15 from 2020-07-01',
    'SA=15% from 2020-02-30',
    'SA=100% from 2020-07-01',
    `${rates},${rates}`,
  ])
    assert.match(faultOf({ SOTTO_TAX_RATES: line }), /must list countries with their tax/, line);
});

test('products are worth exactly what is written, each once, and nothing else is read', () => {
  const authorization = { SOTTO_REVENUECAT_AUTHORIZATION: 'Bearer of-the-notices-of-the-stores' };
  const read = (line: string) => readConfig({ ...authorization, SOTTO_STORE_PRODUCTS: line });
  const { revenuecat } = paymentSettings(read('credits_5=5.00 EUR, pro.monthly:1=0.000001 SAR'));
  assert.deepEqual(
    [...revenuecat!.products],
    [
      ['credits_5', { micros: 5_000_000n, currency: 'EUR' }],
      ['pro.monthly:1', { micros: 1n, currency: 'SAR' }],
    ],
  );
  for (const line of [
    'credits',
    'a=1',
    'a=1 EUR,a=2 EUR',
    'a=-1 EUR',
    'a=0 EUR',
    'a=1e3 EUR',
    'a=1 eur',
    'a=1 EUR,',
  ]) {
    assert.match(faultOf({ ...authorization, SOTTO_STORE_PRODUCTS: line }), /must list products/, line);
  }
});
