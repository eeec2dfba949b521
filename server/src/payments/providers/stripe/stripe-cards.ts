// Cards that Stripe stores (docs.stripe.com/payments/checkout/save-and-reuse) and charges with nobody there
// (docs.stripe.com/payments/save-and-reuse#charge-saved-payment-method). What comes back here are its ids alone.
import * as z from 'zod';
import { assertInvariant } from '#platform/errors';
import { idTimeMs } from '#platform/ids';
import { encodedPaymentId } from '../../payment-id.ts';
import type { CardKeeper, CardOrder, CardPayment, Fact, StoredCard, Told, Unknown } from '../../port.ts';
import { minorOf, roundDown } from './minor-units.ts';
import { errorAnswer, isRefusal, type StripeCall } from './stripe-call.ts';
import { factsOfIntent, factsOfSession, intent, PAYMENT_ID, session } from './stripe-notices.ts';

/** Form fields and parameters of these requests, as the recipient declares them. */
export const CARD_FIELDS = [
  'currency',
  'customer',
  'customer_creation',
  'payment_method_types[0]',
  'payment_method',
  'off_session',
  'confirm',
  `metadata[${PAYMENT_ID}]`,
  'expand[0]',
  'created[gte]',
  'limit',
] as const;

/** Payments of one customer that are looked through for ours: since it was begun there is hardly another. */
const LISTED_MAX = 5;
/** Stripe's clock and ours may be apart. */
const CLOCKS_SECONDS = 600;

const begunSetup = session.extend({
  mode: z.literal('setup'),
  url: z
    .string()
    .max(2_000)
    .regex(/^https?:\/\//),
});
const listAnswer = z.object({ object: z.literal('list'), data: z.array(intent).max(LISTED_MAX) });
const detachedAnswer = z.object({ object: z.literal('payment_method'), id: z.string() });
const deletedAnswer = z.object({ object: z.literal('customer'), id: z.string() });

export function stripeCards(call: StripeCall): CardKeeper {
  return {
    feed: 'stripe',
    roundDown: ({ micros, currency }) => roundDown(micros, currency),
    async beginSetup(order) {
      const { status, body } = await call(
        '/v1/checkout/sessions',
        { method: 'POST', body: { form: setupForm(order) } },
        order.setupId,
      );
      const read = begunSetup.safeParse(body);
      if (status === 200 && read.success) {
        return { outcome: 'begun', begun: { externalId: read.data.id, checkoutUrl: read.data.url } };
      }
      return refusalOf(status, body) ?? { outcome: 'unknown' };
    },
    async pay(order) {
      const { status, body } = await call(
        '/v1/payment_intents',
        { method: 'POST', body: { form: paymentForm(order) } },
        order.paymentId,
      );
      if (status === 200) return toldOf(body, order);
      // A decline comes as an error that holds the payment.
      const read = errorAnswer.safeParse(body);
      if (status === 402 && read.success && read.data.error.payment_intent != null) {
        return toldOf(read.data.error.payment_intent, order, read.data.error.code);
      }
      return refusalOf(status, body) ?? { outcome: 'unknown' };
    },
    async findPayment(order) {
      const { status, body } = await call(`/v1/payment_intents?${lookFor(order)}`, { method: 'GET' });
      // A customer that Stripe does not know has paid nothing.
      if (isMissing(body)) return { outcome: 'told', facts: [] };
      const read = listAnswer.safeParse(body);
      if (status !== 200 || !read.success) return { outcome: 'unknown' };
      const facts = read.data.data.flatMap(factsOfIntent).filter((fact) => isOf(fact, order));
      return { outcome: 'told', facts };
    },
    async forget({ externalId, card }) {
      const page =
        externalId === null || card !== null ? { card, isOver: true } : await endPage(call, externalId);
      if (page === null || !page.isOver) return { outcome: 'unknown' };
      return page.card === null || (await forgetCard(call, page.card))
        ? { outcome: 'forgotten' }
        : { outcome: 'unknown' };
    },
  };
}

const setupForm = ({ setupId, currency, returnUrl }: CardOrder): Record<string, string> => ({
  mode: 'setup',
  client_reference_id: encodedPaymentId(setupId),
  success_url: returnUrl,
  cancel_url: returnUrl,
  currency: currency.toLowerCase(),
  customer_creation: 'always',
  'payment_method_types[0]': 'card',
});

/** The same for one payment whenever it is asked for: under one key Stripe takes no other words. */
function paymentForm({ paymentId, amount, card }: CardPayment): Record<string, string> {
  const { micros, currency } = amount;
  assertInvariant(roundDown(micros, currency) === micros, 'an amount reached the provider unchecked');
  return {
    amount: minorOf(micros, currency).toString(),
    currency: currency.toLowerCase(),
    customer: card.customerId,
    payment_method: card.methodId,
    'payment_method_types[0]': 'card',
    off_session: 'true',
    confirm: 'true',
    [`metadata[${PAYMENT_ID}]`]: encodedPaymentId(paymentId),
  };
}

const lookFor = ({ paymentId, card }: CardPayment): URLSearchParams =>
  new URLSearchParams({
    customer: card.customerId,
    'created[gte]': String(Math.floor(idTimeMs(paymentId) / 1_000) - CLOCKS_SECONDS),
    limit: String(LISTED_MAX),
  });

/** What an answer says of the payment that was asked for; of another it says nothing. */
function toldOf(body: unknown, order: CardPayment, code?: string | null): Told | Unknown {
  const read = intent.safeParse(body);
  if (!read.success) return { outcome: 'unknown' };
  const { last_payment_error: error } = read.data;
  const facts = factsOfIntent({ ...read.data, last_payment_error: error ?? { code: code ?? null } });
  return facts.length > 0 && facts.every((fact) => isOf(fact, order))
    ? { outcome: 'told', facts }
    : { outcome: 'unknown' };
}

const isOf = (fact: Fact, { paymentId }: CardPayment): boolean =>
  'paymentId' in fact && fact.paymentId === paymentId;

/**
 * That nothing was made: not a decline, which comes with its payment, nor a key that was used with other words, which says
 * nothing of the payment it was used for first.
 */
function refusalOf(status: number, body: unknown): { readonly outcome: 'refused' } | null {
  const read = errorAnswer.safeParse(body);
  return isRefusal(status) && status !== 402 && read.success && read.data.error.type !== 'idempotency_error'
    ? { outcome: 'refused' }
    : null;
}

/** Ends a page nobody is to use any more, or says which card it has led to. Null where Stripe does not say. */
async function endPage(
  call: StripeCall,
  externalId: string,
): Promise<{ readonly card: StoredCard | null; readonly isOver: boolean } | null> {
  const path = `/v1/checkout/sessions/${encodeURIComponent(externalId)}`;
  const { status, body } = await call(`${path}?${EXPAND_SETUP}`, { method: 'GET' });
  if (isGone(status, body)) return { card: null, isOver: true };
  const read = session.safeParse(body);
  if (status !== 200 || !read.success || read.data.id !== externalId) return null;
  if (read.data.status !== 'open') {
    const [fact] = factsOfSession(read.data);
    return { card: fact?.kind === 'stored' ? fact.card : null, isOver: true };
  }
  // One that is completed at this moment refuses, and is read again.
  const ended = await call(`${path}/expire`, { method: 'POST' });
  return { card: null, isOver: ended.status === 200 };
}

/** So that an answer about a page holds what its setup came to. */
export const EXPAND_SETUP = new URLSearchParams({ 'expand[0]': 'setup_intent' });

/** Detaches the card and deletes the customer; what is not there any more is forgotten. */
async function forgetCard(call: StripeCall, { customerId, methodId }: StoredCard): Promise<boolean> {
  const detached = await call(`/v1/payment_methods/${encodeURIComponent(methodId)}/detach`, {
    method: 'POST',
  });
  // A card that is attached to nobody is refused with 400.
  const isOff = detached.status === 200 && detachedAnswer.safeParse(detached.body).success;
  if (!isOff && !isGone(detached.status, detached.body) && detached.status !== 400) return false;
  const deleted = await call(`/v1/customers/${encodeURIComponent(customerId)}`, { method: 'DELETE' });
  const isDeleted = deleted.status === 200 && deletedAnswer.safeParse(deleted.body).success;
  return isDeleted || isGone(deleted.status, deleted.body);
}

const isGone = (status: number, body: unknown): boolean => status === 404 && isMissing(body);

function isMissing(body: unknown): boolean {
  const read = errorAnswer.safeParse(body);
  return read.success && read.data.error.code === 'resource_missing';
}
