// The contract of who stores cards: what every adapter promises, held against its fake. An adapter's test says how somebody
// stores a card there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CardFate, SentNotice } from '@sotto/simulator';
import { newId } from '#platform/ids';
import type { CardKeeper, PaymentProvider, StoredCard } from '../port.ts';

export interface CardWorld {
  readonly provider: PaymentProvider & { readonly cards: CardKeeper };
  /** Stores a card on a page, and gives the notices it made. */
  store(externalId: string, fate: CardFate): Promise<readonly SentNotice[]>;
  /** The next answers of the provider, by status and body. */
  answerNext(...answers: { readonly status: number; readonly body: unknown }[]): void;
  /** Whether the provider still has a card or customer. */
  knows(id: string): boolean;
  /** How many charges were made. */
  charged(): number;
  readonly nowMs: () => number;
}

const amount = { micros: 25_000_000n, currency: 'EUR' };
/** Answers no adapter may take for more than a silence. */
const HOSTILE: readonly unknown[] = [null, 'text', [], {}, { id: 7 }, { object: 'list' }, { error: {} }];
const silence = { status: 500, body: {} };

export function holdsToTheCardContract(name: string, open: () => Promise<CardWorld>): void {
  const order = (setupId = newId()) => ({ setupId, currency: 'EUR', returnUrl: 'https://example.com/back' });

  async function stored({ provider, store }: CardWorld, fate: CardFate = 'pays'): Promise<StoredCard> {
    const begun = await provider.cards.beginSetup(order());
    assert.ok(begun.outcome === 'begun');
    await store(begun.begun.externalId, fate);
    const found = await provider.find(begun.begun.externalId);
    assert.ok(found.outcome === 'found' && found.facts[0]?.kind === 'stored');
    return found.facts[0].card;
  }

  test(`${name}: asking twice for one card begins one page, and nothing is told of it before it is used`, async () => {
    const { provider } = await open();
    const one = order();
    const first = await provider.cards.beginSetup(one);
    assert.ok(first.outcome === 'begun');
    assert.deepEqual(await provider.cards.beginSetup(one), first);
    assert.notDeepEqual(await provider.cards.beginSetup(order()), first);
    assert.deepEqual(await provider.find(first.begun.externalId), { outcome: 'found', facts: [] });
  });

  test(`${name}: a card that is stored is told for its request, by references that are no number`, async () => {
    const world = await open();
    const one = order();
    const begun = await world.provider.cards.beginSetup(one);
    assert.ok(begun.outcome === 'begun');
    const { externalId } = begun.begun;
    const notices = await world.store(externalId, 'pays');
    assert.ok(notices.length > 0);
    for (const { body, headers } of notices) {
      const reading = world.provider.read({ octets: Buffer.from(body), headers }, world.nowMs());
      assert.ok(reading.outcome === 'read');
      assert.deepEqual([reading.lookUp, reading.facts], [externalId, []]);
    }
    const found = await world.provider.find(externalId);
    assert.ok(found.outcome === 'found' && found.facts[0]?.kind === 'stored');
    const [{ paymentId, card }] = found.facts as [Extract<(typeof found.facts)[number], { kind: 'stored' }>];
    assert.equal(paymentId, one.setupId);
    for (const id of Object.values(card)) assert.doesNotMatch(id, /^\d{8,}$/);
  });

  test(`${name}: a charge is made once under its id, and found by it`, async () => {
    const world = await open();
    const { cards } = world.provider;
    const one = { paymentId: newId(), amount, card: await stored(world) };
    assert.deepEqual(await cards.findPayment(one), { outcome: 'told', facts: [] });
    const before = world.charged();
    const told = await cards.pay(one);
    assert.ok(told.outcome === 'told' && told.facts[0]?.kind === 'paid');
    const [fact] = told.facts;
    assert.deepEqual([fact.paymentId, fact.amount], [one.paymentId, amount]);
    assert.deepEqual(await cards.pay(one), told);
    assert.deepEqual(await cards.findPayment(one), told);
    assert.deepEqual(await world.provider.find(fact.externalId), { outcome: 'found', facts: told.facts });
    assert.equal(world.charged(), before + 1);
    const other = { ...one, paymentId: newId() };
    assert.deepEqual(await cards.findPayment(other), { outcome: 'told', facts: [] });
    // Other words under the same id are no answer to what was asked first.
    const more = { ...one, amount: { ...amount, micros: 26_000_000n } };
    assert.equal((await cards.pay(more)).outcome, 'unknown');
    assert.equal(world.charged(), before + 1);
  });

  test(`${name}: a decline and a bank that wants somebody are told apart, and again when looked for`, async () => {
    for (const [fate, because] of [
      ['declines', 'declined'],
      ['asks', 'needs_you'],
    ] as const) {
      const world = await open();
      const one = { paymentId: newId(), amount, card: await stored(world, fate) };
      const told = await world.provider.cards.pay(one);
      assert.ok(told.outcome === 'told' && told.facts[0]?.kind === 'failed');
      assert.equal(told.facts[0].because, because);
      assert.deepEqual(await world.provider.cards.findPayment(one), told);
    }
  });

  test(`${name}: an answer that is none is unknown, never a charge and never a removal`, async () => {
    const world = await open();
    const { cards } = world.provider;
    const card = await stored(world);
    for (const body of HOSTILE) {
      for (const status of [200, 402, 500]) {
        const one = { paymentId: newId(), amount, card };
        world.answerNext({ status, body });
        assert.equal((await cards.pay(one)).outcome, 'unknown', JSON.stringify(body));
        world.answerNext({ status, body });
        assert.equal((await cards.findPayment(one)).outcome, 'unknown', JSON.stringify(body));
      }
      world.answerNext({ status: 200, body });
      assert.equal((await cards.beginSetup(order())).outcome, 'unknown', JSON.stringify(body));
      world.answerNext({ status: 200, body });
      assert.equal((await cards.forget({ externalId: null, card })).outcome, 'unknown', JSON.stringify(body));
    }
    assert.ok(world.knows(card.customerId) && world.knows(card.methodId));
  });

  test(`${name}: a card is forgotten however often it is asked for, and charged no more`, async () => {
    const world = await open();
    const { cards } = world.provider;
    const card = await stored(world);
    world.answerNext(silence);
    assert.equal((await cards.forget({ externalId: null, card })).outcome, 'unknown');
    for (let time = 0; time < 2; time++) {
      assert.equal((await cards.forget({ externalId: null, card })).outcome, 'forgotten');
    }
    assert.ok(!world.knows(card.customerId) && !world.knows(card.methodId));
    assert.equal((await cards.pay({ paymentId: newId(), amount, card })).outcome, 'refused');
    assert.equal((await cards.forget({ externalId: null, card: null })).outcome, 'forgotten');
  });

  test(`${name}: a page that is forgotten is over, or takes the card along that was stored on it`, async () => {
    const world = await open();
    const { cards } = world.provider;
    const page = async () => {
      const begun = await cards.beginSetup(order());
      assert.ok(begun.outcome === 'begun');
      return begun.begun.externalId;
    };
    const unused = await page();
    assert.equal((await cards.forget({ externalId: unused, card: null })).outcome, 'forgotten');
    await assert.rejects(world.store(unused, 'pays'));
    assert.equal((await cards.forget({ externalId: unused, card: null })).outcome, 'forgotten');
    const used = await page();
    await world.store(used, 'pays');
    const found = await world.provider.find(used);
    assert.ok(found.outcome === 'found' && found.facts[0]?.kind === 'stored');
    const { card } = found.facts[0];
    assert.equal((await cards.forget({ externalId: used, card: null })).outcome, 'forgotten');
    assert.ok(!world.knows(card.methodId));
    assert.equal((await cards.forget({ externalId: 'nothing', card: null })).outcome, 'forgotten');
  });
}
