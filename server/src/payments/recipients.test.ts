// Whom payments may call, and with what: declared by settings and features, refused by the egress client and by the gate.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkAgainst, type Facts, type Policy } from '@sotto/policy';
import { keeping } from '@sotto/policy/test/facts';
import { createEgress } from '#privacy/egress';
import { featuresOf } from '../main/policy/features.ts';
import { profileNames, readPolicyFile } from '../main/policy/policy-file.ts';
import { paymentEgress, paymentRecipients } from './recipients.ts';

const none = { stripe: null, btcpay: null, revenuecat: null, appStore: null, playStore: null };
const stripe = { origin: 'https://api.stripe.com', secretKey: 'k', webhookSecret: 'w', live: true };
const btcpay = { origin: 'https://pay.example.com', storeId: 's', apiKey: 'k', webhookSecret: 'w' };
const playStore = {
  packageName: 'com.example.app',
  audience: 'https://sms.example.com/',
  pushAccount: 'push@example.iam.gserviceaccount.com',
  serviceAccount: { email: 'reader@example.iam.gserviceaccount.com', privateKey: '' },
  products: new Map(),
  live: true,
  keysUrl: 'https://www.googleapis.com/oauth2/v3/certs',
  tokenUrl: 'https://oauth2.googleapis.com/token',
  apiOrigin: 'https://androidpublisher.googleapis.com',
};
const always = () => true;

test('nobody is declared who is not set up, or whose feature is off', () => {
  assert.deepEqual(paymentEgress(none, always), {});
  assert.deepEqual(
    paymentRecipients({ ...none, stripe, btcpay }, () => false),
    [],
  );
  const names = paymentRecipients({ ...none, stripe, btcpay }, (feature) => feature === 'top_ups');
  assert.deepEqual(
    names.map(({ name }) => name),
    ['payment_provider'],
  );
});

test('every profile lists the recipients its features can call, with their purpose and categories', async () => {
  for (const name of profileNames()) {
    const { policy } = await readPolicyFile(name, { production: false, today: '2026-11-26' });
    const features: ReadonlySet<string> = featuresOf(policy);
    for (const fact of paymentRecipients({ ...none, btcpay }, (feature) => features.has(feature))) {
      const said = policy.recipients[fact.name];
      assert.ok(said?.purposes.includes(fact.purpose), `${name}: ${fact.name}`);
      for (const category of fact.categories) assert.ok(said?.categories.includes(category), name);
    }
  }
});

test('a provider that the policy does not name, or one that gets more than it says, refuses the start', async () => {
  const { policy } = await readPolicyFile('activation-wallet', { production: false, today: '2026-11-26' });
  const facts = {
    ...keeping(policy),
    egress: paymentRecipients({ ...none, stripe, btcpay }, always),
  };
  const codes = (of: Policy, egressFacts: Facts['egress'] = facts.egress) =>
    checkAgainst(of, { ...facts, egress: egressFacts })
      .map(({ code }) => code)
      .filter((code) => code.startsWith('E-REC'));
  assert.deepEqual(codes(policy), []);
  const { crypto_gateway: _, ...others } = policy.recipients;
  assert.deepEqual(codes({ ...policy, recipients: others }), ['E-REC-UNDECLARED']);
  const more = facts.egress.map((fact) => ({
    ...fact,
    categories: [...fact.categories, 'user.name' as const],
  }));
  assert.deepEqual(codes(policy, more), ['E-REC-PAYLOAD', 'E-REC-PAYLOAD']);
});

test('an undeclared host, field or recipient is refused before anything leaves', async () => {
  const egress = createEgress(paymentEgress({ ...none, stripe }, always), {
    resolve: async () => ['127.0.0.1'],
  });
  const send = (recipient: string, url: string, form: Record<string, string>) =>
    egress.send(recipient, { url, method: 'POST', body: { form } });
  const path = '/v1/checkout/sessions';
  await assert.rejects(send('payment_provider', `https://example.com${path}`, {}), {
    code: 'E-REC-UNDECLARED',
  });
  await assert.rejects(send('crypto_gateway', `https://pay.example.com${path}`, {}), {
    code: 'E-REC-UNDECLARED',
  });
  for (const field of ['customer_email', 'metadata[workspace]', 'payment_method_data[card][number]']) {
    const call = send('payment_provider', `https://api.stripe.com${path}`, { [field]: 'x' });
    await assert.rejects(call, { code: 'E-REC-PAYLOAD' }, field);
  }
  await egress.close();
});

test('of the profiles the one with stores lists them as they are asked; under the others such a store refuses the start', async () => {
  for (const name of profileNames()) {
    const { policy } = await readPolicyFile(name, { production: false, today: '2026-11-26' });
    const egress = paymentRecipients({ ...none, playStore }, always);
    const codes = checkAgainst(policy, { ...keeping(policy), egress })
      .map(({ code }) => code)
      .filter((code) => code.startsWith('E-REC'));
    assert.deepEqual(codes, name === 'device-app' ? [] : ['E-REC-UNDECLARED'], name);
  }
});

test('stores are asked with a token and nothing else, at the hosts of Google that are declared', async () => {
  const recipients = paymentEgress({ ...none, playStore }, always);
  assert.deepEqual(
    recipients.app_stores?.hosts,
    ['www.googleapis.com', 'oauth2.googleapis.com', 'androidpublisher.googleapis.com'].map((host) => ({
      host,
    })),
  );
  assert.deepEqual(
    paymentEgress({ ...none, playStore }, (feature) => feature !== 'subscriptions'),
    {},
  );
  const egress = createEgress(recipients, { resolve: async () => ['127.0.0.1'] });
  const call = (url: string, form: Record<string, string>, headers = {}) =>
    egress.send('app_stores', { url, method: 'POST', body: { form }, headers });
  await assert.rejects(call(playStore.tokenUrl, { account: 'x' }), { code: 'E-REC-PAYLOAD' });
  await assert.rejects(call(playStore.tokenUrl, {}, { cookie: 'x' }), { code: 'E-REC-PAYLOAD' });
  await assert.rejects(call('https://play.googleapis.com/', {}), { code: 'E-REC-UNDECLARED' });
  await egress.close();
});
