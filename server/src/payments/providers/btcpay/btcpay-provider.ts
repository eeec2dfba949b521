// BTCPay Server over its Greenfield API (docs.btcpayserver.org/API/Greenfield/v1). Invoices are in the currency of the
// workspace; which coin pays them, and from where, stays at the server. Answers are read with schemas.
import { type Money, parseMicros } from '@sotto/contract';
import { formatMicros } from '@sotto/contract/money';
import * as z from 'zod';
import type { Egress, EgressRequest } from '#privacy/egress';
import { decodedPaymentId, encodedPaymentId } from '../../payment-id.ts';
import type { Fact, PaymentProvider } from '../../port.ts';
import { readDelivery } from './btcpay-notices.ts';

export interface BtcpaySettings {
  readonly origin: string;
  readonly storeId: string;
  readonly apiKey: string;
  readonly webhookSecret: string;
}

/** Fields of all requests, as the recipient declares them. */
export const BTCPAY_FIELDS = [
  'amount',
  'currency',
  'metadata.orderId',
  'checkout.redirectURL',
  'checkout.redirectAutomatically',
  'orderId',
] as const;
export const BTCPAY_HEADERS = ['authorization'] as const;

/** A cent: what an amount of a shop's currency is written in. */
const STEP_MICROS = 10_000n;

const decimal = z.union([z.string().max(40), z.number()]).transform((value, context) => {
  const micros = parseMicros(trimmed(String(value)));
  if (micros === null) context.addIssue('not an amount');
  return micros ?? 0n;
});
const currency = z.string().regex(/^[A-Z]{3}$/);

const invoice = z.object({
  id: z.string().min(1).max(100),
  status: z.enum(['New', 'Processing', 'Expired', 'Invalid', 'Settled']),
  additionalStatus: z
    .enum(['None', 'PaidLate', 'PaidPartial', 'Marked', 'Invalid', 'PaidOver'])
    .catch('Invalid'),
  amount: decimal,
  currency,
  metadata: z.object({ orderId: z.string().max(200).nullish() }).nullish(),
});
type Invoice = z.output<typeof invoice>;

const begunInvoice = invoice.extend({
  checkoutLink: z
    .string()
    .max(2_000)
    .regex(/^https?:\/\//),
});

/** What was paid in each coin, and what one unit of it was worth when it was asked for. */
const methods = z
  .array(
    z.object({
      rate: z.union([z.string().max(60), z.number()]),
      paymentMethodPaid: z.union([z.string().max(60), z.number()]),
    }),
  )
  .max(50);

export function btcpayProvider(egress: Egress, settings: BtcpaySettings): PaymentProvider {
  const store = `${settings.origin}/api/v1/stores/${encodeURIComponent(settings.storeId)}/invoices`;
  const call = async (path: string, request: Pick<EgressRequest, 'method' | 'body'>) => {
    const answer = await egress.send('crypto_gateway', {
      ...request,
      url: `${store}${path}`,
      headers: { authorization: `token ${settings.apiKey}` },
    });
    return answer.outcome === 'answered'
      ? { status: answer.status, body: jsonOf(answer.body) }
      : { status: 0, body: undefined };
  };
  /** An invoice of this order: Greenfield has no idempotency of its own, so who repeats looks first. */
  async function findOrder(orderId: string) {
    const { status, body } = await call(`?orderId=${orderId}`, { method: 'GET' });
    const read = z.array(begunInvoice).max(100).safeParse(body);
    return status === 200 && read.success
      ? { found: read.data.find(({ metadata }) => metadata?.orderId === orderId) }
      : null;
  }
  return {
    feed: 'btcpay',
    read: (notice, nowMs) => readDelivery(settings, notice, nowMs),
    roundDown: ({ micros }) => micros - (micros % STEP_MICROS),
    async begin({ paymentId, amount, returnUrl }) {
      const orderId = encodedPaymentId(paymentId);
      const before = await findOrder(orderId);
      if (before === null) return { outcome: 'unknown' };
      if (before.found) {
        return {
          outcome: 'begun',
          begun: { externalId: before.found.id, checkoutUrl: before.found.checkoutLink },
        };
      }
      const { status, body } = await call('', {
        method: 'POST',
        body: {
          json: {
            amount: formatMicros(amount.micros),
            currency: amount.currency,
            metadata: { orderId },
            checkout: { redirectURL: returnUrl, redirectAutomatically: true },
          },
        },
      });
      const read = begunInvoice.safeParse(body);
      if (status === 200 && read.success) {
        return { outcome: 'begun', begun: { externalId: read.data.id, checkoutUrl: read.data.checkoutLink } };
      }
      return status === 400 || status === 422 ? { outcome: 'refused' } : { outcome: 'unknown' };
    },
    async find(externalId) {
      const path = `/${encodeURIComponent(externalId)}`;
      const { status, body } = await call(path, { method: 'GET' });
      const read = invoice.safeParse(body);
      if (status !== 200 || !read.success || read.data.id !== externalId) return { outcome: 'unknown' };
      if (!asksWhatWasPaid(read.data)) return { outcome: 'found', facts: factsOfInvoice(read.data, null) };
      const paid = await call(`${path}/payment-methods`, { method: 'GET' });
      const each = methods.safeParse(paid.body);
      return paid.status === 200 && each.success
        ? { outcome: 'found', facts: factsOfInvoice(read.data, sumPaid(each.data)) }
        : { outcome: 'unknown' };
    },
    // Coins go back to an address, which nobody asks for here: the operator returns them at the server.
    // Coins come from anywhere: an address tells nothing of who holds it, and none is asked for.
    instrumentOf: async () => ({ outcome: 'known', instrument: null }),
    refund: async () => ({ outcome: 'refused' }),
  };
}

/** Where less, more or later was paid than asked, the invoice does not say how much. */
const asksWhatWasPaid = ({ status, additionalStatus }: Invoice): boolean =>
  (status === 'Settled' && additionalStatus === 'PaidOver') ||
  additionalStatus === 'PaidPartial' ||
  additionalStatus === 'PaidLate';

/**
 * How an invoice stands. Settled is credited: what was asked for, or all that came when it was more. A part that came, or
 * the whole after its time, waits for a person, who may mark it settled at the server as well.
 */
export function factsOfInvoice(of: Invoice, paidMicros: bigint | null): readonly Fact[] {
  const { id: externalId, currency: in_, status, additionalStatus } = of;
  const named = { externalId, paymentId: decodedPaymentId(of.metadata?.orderId) };
  const amount = (micros: bigint) => ({ micros, currency: in_ });
  switch (status) {
    case 'Settled': {
      const over = additionalStatus === 'PaidOver' && paidMicros !== null && paidMicros > of.amount;
      return [
        { kind: 'paid', ...named, settlementId: externalId, amount: amount(over ? paidMicros : of.amount) },
      ];
    }
    case 'Expired':
      return (additionalStatus === 'PaidPartial' || additionalStatus === 'PaidLate') && paidMicros !== null
        ? [{ kind: 'odd', ...named, settlementId: externalId, amount: amount(paidMicros) }]
        : [{ kind: 'expired', ...named }];
    case 'Processing':
      return [{ kind: 'pending', ...named }];
    case 'Invalid':
      return [{ kind: 'failed', ...named }];
    case 'New':
      return [];
  }
}

/** The scale in which coins are multiplied by their rates: eight decimals and as many again. */
const SCALE = 12;

/** What the coins paid were worth, in micros, rounded down to a cent. */
function sumPaid(paid: z.output<typeof methods>): bigint {
  const worth = paid.reduce(
    (sum, { rate, paymentMethodPaid }) => sum + scaled(rate) * scaled(paymentMethodPaid),
    0n,
  );
  const micros = worth / 10n ** BigInt(2 * SCALE - 6);
  return micros - (micros % STEP_MICROS);
}

/** Decimal text as an integer of so many decimals; further ones are cut off. Zero for what is no amount. */
function scaled(value: string | number): bigint {
  const match = /^(\d{1,20})(?:\.(\d{1,40}))?$/.exec(String(value));
  if (match === null) return 0n;
  const fraction = (match[2] ?? '').slice(0, SCALE).padEnd(SCALE, '0');
  return BigInt(match[1]!) * 10n ** BigInt(SCALE) + BigInt(fraction);
}

/** At most six decimals, without zeros that say nothing. */
const trimmed = (text: string): Money['amount'] =>
  text.includes('.') ? text.replace(/(\.\d{0,6})\d*$/, '$1').replace(/\.?0*$/, '') : text;

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
