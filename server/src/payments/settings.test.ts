// Settings of payments as the environment gives them: whole or refused, and never of the wrong environment.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '#platform/config';
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
