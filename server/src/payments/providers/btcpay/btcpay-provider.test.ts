import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startFakeBtcpay } from '@sotto/simulator';
import { newId } from '#platform/ids';
import { createEgress } from '#privacy/egress';
import { paymentEgress } from '../../recipients.ts';
import { holdsToTheContract } from '../../test/provider-contract.ts';
import { btcpayProvider } from './btcpay-provider.ts';

const fake = await startFakeBtcpay();
const settings = { stripe: null, btcpay: fake, revenuecat: null, appStore: null, playStore: null };
const egress = createEgress(
  paymentEgress(settings, () => true),
  { development: true },
);
after(async () => {
  await egress.close();
  await fake.stop();
});
const provider = btcpayProvider(egress, fake);

holdsToTheContract('BTCPay', async () => ({
  provider,
  async pay(externalId) {
    const before = fake.sent.length;
    await fake.become(externalId, 'InvoiceSettled', { status: 'Settled' });
    return fake.sent.slice(before);
  },
  answerNext: fake.answerNext,
  nowMs: Date.now,
  refunds: false,
}));

test('an invoice credits what was paid when it is settled, and asks a person for a part or what came late', async () => {
  const begun = await provider.begin({
    paymentId: newId(),
    amount: { micros: 40_000_000n, currency: 'EUR' },
    returnUrl: 'https://example.com/',
  });
  assert.ok(begun.outcome === 'begun');
  const { externalId } = begun.begun;
  const cases = [
    [{ status: 'Processing' }, 'pending', null],
    [{ status: 'Expired' }, 'expired', null],
    [{ status: 'Invalid' }, 'failed', null],
    [{ status: 'Expired', additionalStatus: 'PaidPartial', paidPercent: 50 }, 'odd', 20_000_000n],
    [{ status: 'Expired', additionalStatus: 'PaidLate', paidPercent: 100 }, 'odd', 40_000_000n],
    [{ status: 'Settled' }, 'paid', 40_000_000n],
    [{ status: 'Settled', additionalStatus: 'PaidOver', paidPercent: 125 }, 'paid', 50_000_000n],
    [{ status: 'Settled', additionalStatus: 'Marked' }, 'paid', 40_000_000n],
  ] as const;
  for (const [state, kind, micros] of cases) {
    await fake.become(externalId, 'InvoiceProcessing', state);
    const found = await provider.find(externalId);
    assert.ok(found.outcome === 'found');
    const [fact] = found.facts;
    assert.equal(fact?.kind, kind);
    assert.equal(fact && 'amount' in fact ? fact.amount.micros : null, micros);
  }
});

test('a delivery of another store, or with another secret, is refused', () => {
  const read = ({ body, headers }: ReturnType<typeof fake.sign>) =>
    provider.read({ octets: Buffer.from(body), headers }, Date.now());
  assert.deepEqual(read(fake.sign('InvoiceSettled', 'inv', { storeId: 'other' })), {
    outcome: 'refused',
    fault: 'environment',
  });
  const good = fake.sign('InvoiceSettled', 'inv');
  const signature = good.headers['btcpay-sig']!;
  for (const forged of [
    '',
    'sha256=',
    signature.slice(0, -2),
    signature.replace('sha256', 'sha1'),
    `${signature}00`,
  ]) {
    assert.deepEqual(read({ ...good, headers: { 'btcpay-sig': forged } }), {
      outcome: 'refused',
      fault: 'signature',
    });
  }
  const again = fake.sign('InvoiceSettled', 'inv', { deliveryId: 'second', originalDeliveryId: 'first' });
  const reading = read(again);
  assert.ok(reading.outcome === 'read');
  assert.deepEqual([reading.noticeId, reading.lookUp], ['first', 'inv']);
});
