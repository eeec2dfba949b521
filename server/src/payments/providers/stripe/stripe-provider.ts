// Stripe Checkout over HTTP (docs.stripe.com/api). Calls leave through the egress client with a handful of form fields;
// every answer is somebody else's and is read with a schema. Idempotency-Key is our own id, so repeating begins nothing
// twice.
import * as z from 'zod';
import { assertInvariant } from '#platform/errors';
import type { Egress } from '#privacy/egress';
import { encodedPaymentId } from '../../payment-id.ts';
import type { Amount, Order, PaymentProvider, RefundOrder } from '../../port.ts';
import { minorOf, roundDown } from './minor-units.ts';
import { errorAnswer, isRefusal, stripeCall } from './stripe-call.ts';
import { CARD_FIELDS, EXPAND_SETUP, stripeCards } from './stripe-cards.ts';
import { factsOfIntent, factsOfSession, intent, readStripeNotice, session } from './stripe-notices.ts';

export const STRIPE_ORIGIN = 'https://api.stripe.com';

export interface StripeSettings {
  readonly origin: string;
  readonly secretKey: string;
  readonly webhookSecret: string;
  /** Whether money is real here. */
  readonly live: boolean;
}

/** Form fields of all requests, as the recipient declares them. */
export const STRIPE_FIELDS = [
  'mode',
  'client_reference_id',
  'success_url',
  'cancel_url',
  'line_items[0][quantity]',
  'line_items[0][price_data][currency]',
  'line_items[0][price_data][unit_amount]',
  'line_items[0][price_data][product_data][name]',
  'payment_intent',
  'amount',
  ...CARD_FIELDS,
] as const;
export const STRIPE_HEADERS = ['authorization', 'idempotency-key', 'stripe-version'] as const;

/** What the payer reads on the page. */
const PRODUCT_NAME = 'Balance';

const begunSession = session.extend({
  url: z
    .string()
    .max(2_000)
    .regex(/^https?:\/\//),
});
const refundAnswer = z.object({ object: z.literal('refund'), status: z.string().nullish() });
const chargesAnswer = z.object({
  object: z.literal('list'),
  data: z
    .array(
      z.object({
        status: z.string().max(50),
        payment_method_details: z.looseObject({ type: z.string().max(50) }).nullish(),
      }),
    )
    .max(100),
});
const fingerprinted = z.object({ fingerprint: z.string().min(1).max(100) });

export function stripeProvider(egress: Egress, settings: StripeSettings): PaymentProvider {
  const call = stripeCall(egress, settings);
  return {
    feed: 'stripe',
    read: (notice, nowMs) => readStripeNotice(settings, notice, nowMs),
    roundDown: ({ micros, currency }) => roundDown(micros, currency),
    async begin(order) {
      const { status, body } = await call(
        '/v1/checkout/sessions',
        { method: 'POST', body: { form: formOf(order) } },
        order.paymentId,
      );
      const read = begunSession.safeParse(body);
      if (status === 200 && read.success) {
        return { outcome: 'begun', begun: { externalId: read.data.id, checkoutUrl: read.data.url } };
      }
      return isRefusal(status) ? { outcome: 'refused' } : { outcome: 'unknown' };
    },
    cards: stripeCards(call),
    async find(externalId) {
      const id = encodeURIComponent(externalId);
      // A payment by a stored card had no page.
      if (externalId.startsWith('pi_')) {
        const { status, body } = await call(`/v1/payment_intents/${id}`, { method: 'GET' });
        const read = intent.safeParse(body);
        return status === 200 && read.success && read.data.id === externalId
          ? { outcome: 'found', facts: factsOfIntent(read.data) }
          : { outcome: 'unknown' };
      }
      const { status, body } = await call(`/v1/checkout/sessions/${id}?${EXPAND_SETUP}`, { method: 'GET' });
      const read = session.safeParse(body);
      return status === 200 && read.success && read.data.id === externalId
        ? { outcome: 'found', facts: factsOfSession(read.data) }
        : { outcome: 'unknown' };
    },
    async instrumentOf(settlementId) {
      const { status, body } = await call(
        `/v1/charges?${new URLSearchParams({ payment_intent: settlementId })}`,
        { method: 'GET' },
      );
      const read = chargesAnswer.safeParse(body);
      if (status !== 200 || !read.success) return { outcome: 'unknown' };
      const details = read.data.data.find((charge) => charge.status === 'succeeded')?.payment_method_details;
      const found = fingerprinted.safeParse(details?.[details.type]);
      return { outcome: 'known', instrument: found.success ? found.data.fingerprint : null };
    },
    async refund(order) {
      const { status, body } = await call(
        '/v1/refunds',
        { method: 'POST', body: { form: refundFormOf(order) } },
        order.refundId,
      );
      const read = refundAnswer.safeParse(body);
      if (status === 200 && read.success) {
        // A refund that fails later is told by a person; the money is then at Stripe, and not lost.
        return read.data.status === 'failed' || read.data.status === 'canceled'
          ? { outcome: 'refused' }
          : { outcome: 'refunded' };
      }
      return isRefusal(status) && errorAnswer.safeParse(body).success
        ? { outcome: 'refused' }
        : { outcome: 'unknown' };
    },
  };
}

function formOf({ paymentId, amount, returnUrl }: Order): Record<string, string> {
  return {
    mode: 'payment',
    client_reference_id: encodedPaymentId(paymentId),
    success_url: returnUrl,
    cancel_url: returnUrl,
    'line_items[0][quantity]': '1',
    'line_items[0][price_data][currency]': amount.currency.toLowerCase(),
    'line_items[0][price_data][unit_amount]': minorText(amount),
    'line_items[0][price_data][product_data][name]': PRODUCT_NAME,
  };
}

const refundFormOf = ({ settlementId, amount }: RefundOrder): Record<string, string> => ({
  payment_intent: settlementId,
  amount: minorText(amount),
});

function minorText({ micros, currency }: Amount): string {
  assertInvariant(roundDown(micros, currency) === micros, 'an amount reached the provider unchecked');
  return minorOf(micros, currency).toString();
}
