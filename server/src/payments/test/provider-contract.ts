// The contract of a provider with a page: what every adapter promises, held against its fake. An adapter's test says how
// its fake is paid.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SentNotice } from '@sotto/simulator';
import { newId } from '#platform/ids';
import type { PaymentProvider } from '../port.ts';

export interface FakeWorld {
  readonly provider: PaymentProvider;
  /** Pays a checkout, and gives the notices it made. */
  pay(externalId: string): Promise<readonly SentNotice[]>;
  /** The next answers of the provider, by status and body. */
  answerNext(...answers: { readonly status: number; readonly body: unknown }[]): void;
  readonly nowMs: () => number;
  /** Whether money goes back the way it came. */
  readonly refunds: boolean;
}

const amount = { micros: 25_000_000n, currency: 'EUR' };
const returnUrl = 'https://example.com/thanks';
/** Answers no adapter may take for more than a silence. */
const HOSTILE: readonly unknown[] = [null, 'text', [], {}, { id: 7 }, { id: 'x'.repeat(5_000) }];

export function holdsToTheContract(name: string, open: () => Promise<FakeWorld>): void {
  const order = (paymentId = newId()) => ({ paymentId, amount, returnUrl });
  const octets = ({ body, headers }: SentNotice) => ({ octets: Buffer.from(body), headers });

  test(`${name}: asking twice for one order begins one checkout, another order another`, async () => {
    const { provider } = await open();
    const one = order();
    const first = await provider.begin(one);
    assert.equal(first.outcome, 'begun');
    assert.deepEqual(await provider.begin(one), first);
    assert.notDeepEqual(await provider.begin(order()), first);
  });

  test(`${name}: nothing follows from a checkout that is not paid; a paid one says how much and for which order`, async () => {
    const { provider, pay, nowMs } = await open();
    const one = order();
    const begun = await provider.begin(one);
    assert.ok(begun.outcome === 'begun');
    const { externalId } = begun.begun;
    assert.deepEqual(await provider.find(externalId), { outcome: 'found', facts: [] });
    const notices = await pay(externalId);
    const found = await provider.find(externalId);
    assert.ok(found.outcome === 'found');
    const [fact] = found.facts;
    assert.ok(fact?.kind === 'paid');
    assert.deepEqual([fact.externalId, fact.paymentId, fact.amount], [externalId, one.paymentId, amount]);
    for (const notice of notices) {
      const reading = provider.read(octets(notice), nowMs());
      assert.ok(reading.outcome === 'read');
      assert.ok(reading.lookUp === externalId || reading.facts.length === 1);
      if (reading.lookUp === null) assert.deepEqual(reading.facts, found.facts);
    }
  });

  test(`${name}: what a payment was made with is a word that stays the same, or unknown; never a number`, async () => {
    const { provider, pay, answerNext } = await open();
    const begun = await provider.begin(order());
    assert.ok(begun.outcome === 'begun');
    await pay(begun.begun.externalId);
    const found = await provider.find(begun.begun.externalId);
    assert.ok(found.outcome === 'found' && found.facts[0]?.kind === 'paid');
    const { settlementId } = found.facts[0];
    const known = await provider.instrumentOf(settlementId);
    assert.ok(known.outcome === 'known');
    assert.ok(known.instrument === null || !/^\d{8,}$/.test(known.instrument));
    assert.deepEqual(await provider.instrumentOf(settlementId), known);
    for (const body of known.instrument === null ? [] : HOSTILE) {
      answerNext({ status: 200, body });
      assert.equal((await provider.instrumentOf(settlementId)).outcome, 'unknown');
    }
  });

  test(`${name}: a notice cut anywhere, changed anywhere or unsigned is refused and never throws`, async () => {
    const { provider, pay, nowMs } = await open();
    const begun = await provider.begin(order());
    assert.ok(begun.outcome === 'begun');
    const notice = (await pay(begun.begun.externalId)).at(-1)!;
    const whole = Buffer.from(notice.body);
    for (let at = 0; at < whole.length; at += 7) {
      const cut = provider.read({ ...octets(notice), octets: whole.subarray(0, at) }, nowMs());
      assert.equal(cut.outcome, 'refused');
      const changed = Buffer.from(whole);
      changed[at]! ^= 1;
      assert.equal(provider.read({ ...octets(notice), octets: changed }, nowMs()).outcome, 'refused');
    }
    assert.equal(provider.read({ octets: whole, headers: {} }, nowMs()).outcome, 'refused');
    const stale = provider.read(octets(notice), nowMs() + 4 * 86_400_000);
    assert.deepEqual(stale, { outcome: 'refused', fault: 'stale' });
  });

  test(`${name}: an answer that is none is unknown, never a success`, async () => {
    const { provider, answerNext } = await open();
    for (const body of HOSTILE) {
      for (const status of [200, 500]) {
        answerNext({ status, body });
        assert.equal((await provider.find('some')).outcome, 'unknown', JSON.stringify(body));
        answerNext({ status: 500, body });
        assert.equal((await provider.begin(order())).outcome, 'unknown', JSON.stringify(body));
      }
    }
  });

  test(`${name}: a refund is made once under its name, or refused for good`, async () => {
    const { provider, pay, refunds } = await open();
    const begun = await provider.begin(order());
    assert.ok(begun.outcome === 'begun');
    const { externalId } = begun.begun;
    await pay(externalId);
    const found = await provider.find(externalId);
    assert.ok(found.outcome === 'found' && found.facts[0]?.kind === 'paid');
    const { settlementId } = found.facts[0];
    const refund = { refundId: newId(), externalId, settlementId, amount };
    const expected = refunds ? 'refunded' : 'refused';
    assert.equal((await provider.refund(refund)).outcome, expected);
    assert.equal((await provider.refund(refund)).outcome, expected);
    assert.equal((await provider.refund({ ...refund, refundId: newId() })).outcome, 'refused');
  });
}
