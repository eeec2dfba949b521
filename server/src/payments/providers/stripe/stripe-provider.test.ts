import { after } from 'node:test';
import { startFakeStripe } from '@sotto/simulator';
import { createEgress } from '#privacy/egress';
import { paymentEgress } from '../../recipients.ts';
import { type CardWorld, holdsToTheCardContract } from '../../test/card-contract.ts';
import { holdsToTheContract } from '../../test/provider-contract.ts';
import { stripeProvider } from './stripe-provider.ts';

const fake = await startFakeStripe();
const settings = {
  stripe: { ...fake, live: false },
  btcpay: null,
  revenuecat: null,
  appStore: null,
  playStore: null,
};
const egress = createEgress(
  paymentEgress(settings, () => true),
  { development: true },
);
after(async () => {
  await egress.close();
  await fake.stop();
});

holdsToTheContract('Stripe', async () => ({
  provider: stripeProvider(egress, settings.stripe),
  async pay(externalId) {
    const before = fake.sent.length;
    await fake.pay(externalId);
    return fake.sent.slice(before);
  },
  answerNext: fake.answerNext,
  nowMs: Date.now,
  refunds: true,
}));

holdsToTheCardContract('Stripe', async () => ({
  provider: stripeProvider(egress, settings.stripe) as CardWorld['provider'],
  async store(externalId, fate) {
    const before = fake.sent.length;
    await fake.storeCard(externalId, fate);
    return fake.sent.slice(before);
  },
  answerNext: fake.answerNext,
  knows: fake.knows,
  charged: () => fake.charges.length,
  nowMs: Date.now,
}));
