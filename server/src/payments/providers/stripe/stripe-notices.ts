// Stripe's events as facts. The signature is checked by Stripe's own library over the octets as they came; what an event
// holds is then read with our own schemas, field by field, and nothing else of it is looked at.
import { createRequire } from 'node:module';
import type { Stripe } from 'stripe';
import * as z from 'zod';
import type { SignedBody } from '#platform/route';
import { decodedPaymentId } from '../../payment-id.ts';
import type { Fact, NoticeReading } from '../../port.ts';
import { microsOfMinor } from './minor-units.ts';

/** Read with the first notice: it is large, and most installations have none. */
const library = (): typeof Stripe => createRequire(import.meta.url)('stripe');

/** Older notices are refused, as a copy somebody kept (docs.stripe.com/webhooks#replay-attacks). */
export const NOTICE_AGE_SECONDS_MAX = 300;

/** Where our id goes along with a payment nobody sees a page of. */
export const PAYMENT_ID = 'payment_id';

const word = z.string().min(1).max(200);
const minor = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const currency = z
  .string()
  .regex(/^[a-z]{3}$/)
  .transform((text) => text.toUpperCase());
/** An id, or the object expanded in its place. */
const reference = z.union([word, z.object({ id: word }).transform(({ id }) => id)]).nullish();

const event = z.object({
  id: word,
  object: z.literal('event'),
  type: word,
  livemode: z.boolean(),
  data: z.object({ object: z.record(z.string(), z.unknown()) }),
});

/** What a setup came to, where it was asked for with the page; its id alone in notices. */
const setup = z.union([
  word.transform(() => null),
  z.object({
    object: z.literal('setup_intent'),
    status: word,
    customer: reference,
    payment_method: reference,
  }),
]);

export const session = z.object({
  id: word,
  object: z.literal('checkout.session'),
  mode: z.string().max(50).nullish(),
  setup_intent: setup.nullish(),
  status: z.enum(['open', 'complete', 'expired']).nullish(),
  payment_status: z.enum(['paid', 'unpaid', 'no_payment_required']),
  client_reference_id: z.string().max(200).nullish(),
  payment_intent: reference,
  amount_total: minor.nullish(),
  currency: currency.nullish(),
});
export type Session = z.output<typeof session>;

/** A payment as Stripe keeps it, whoever began it. */
export const intent = z.object({
  id: word,
  object: z.literal('payment_intent'),
  status: z.enum([
    'requires_payment_method',
    'requires_confirmation',
    'requires_action',
    'requires_capture',
    'processing',
    'canceled',
    'succeeded',
  ]),
  amount_received: minor.nullish(),
  currency,
  metadata: z.record(z.string(), z.string().max(500)).nullish(),
  last_payment_error: z.object({ code: z.string().max(200).nullish() }).nullish(),
});
export type Intent = z.output<typeof intent>;

const charge = z.object({
  object: z.literal('charge'),
  payment_intent: reference,
  amount_refunded: minor,
  currency,
});

const dispute = z.object({
  id: word,
  object: z.literal('dispute'),
  payment_intent: reference,
  amount: minor,
  currency,
  status: word,
});

export interface NoticeSettings {
  readonly webhookSecret: string;
  /** Whether money is real here: events of the other mode are refused. */
  readonly live: boolean;
}

/** Reads a notice. Never throws for what it holds. */
export function readStripeNotice(settings: NoticeSettings, signed: SignedBody, nowMs: number): NoticeReading {
  const verified = verify(settings.webhookSecret, signed, nowMs);
  if (verified !== 'fresh') return { outcome: 'refused', fault: verified };
  const parsed = event.safeParse(parseJson(signed.octets));
  if (!parsed.success) return { outcome: 'refused', fault: 'malformed' };
  const { id, type, livemode, data } = parsed.data;
  if (livemode !== settings.live) return { outcome: 'refused', fault: 'environment' };
  const told = { outcome: 'read', noticeId: id, provider: 'stripe' } as const;
  // That a card is stored is told here, and which one is not.
  const stored = type === 'checkout.session.completed' ? setupOf(data.object) : null;
  if (stored !== null) return { ...told, facts: [], lookUp: stored };
  const facts = factsOf(type, data.object);
  return facts === null ? { outcome: 'refused', fault: 'malformed' } : { ...told, facts, lookUp: null };
}

/** Two checks, so that a notice that is genuine and old is told from a forged one in the counts. */
function verify(
  secret: string,
  { octets, headers }: SignedBody,
  nowMs: number,
): 'fresh' | 'stale' | 'signature' {
  const header = headers['stripe-signature'];
  if (header === undefined || header.length > 4_096) return 'signature';
  const { signature } = library().webhooks;
  const passes = (toleranceSeconds: number) => {
    try {
      return signature?.verifyHeader(octets, header, secret, toleranceSeconds, undefined, nowMs) === true;
    } catch {
      return false;
    }
  };
  if (passes(NOTICE_AGE_SECONDS_MAX)) return isAhead(header, nowMs) ? 'stale' : 'fresh';
  return passes(Number.MAX_SAFE_INTEGER) ? 'stale' : 'signature';
}

/** The library bounds how old a notice is, not how far ahead of the clock. */
function isAhead(header: string, nowMs: number): boolean {
  const sent = /(?:^|,)t=(\d{1,15})(?:,|$)/.exec(header)?.[1];
  return Number(sent) * 1_000 > nowMs + NOTICE_AGE_SECONDS_MAX * 1_000;
}

function parseJson(octets: Buffer): unknown {
  try {
    return JSON.parse(octets.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The page on which a card was stored; null for what is none. */
function setupOf(object: unknown): string | null {
  const read = session.safeParse(object);
  return read.success && read.data.mode === 'setup' ? read.data.id : null;
}

/** Facts of an event; none for a type from which nothing follows; null when it is not what its type says. */
function factsOf(type: string, object: unknown): readonly Fact[] | null {
  switch (type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
    case 'checkout.session.async_payment_failed':
    case 'checkout.session.expired': {
      const read = session.safeParse(object);
      return read.success
        ? factsOfSession(read.data, type === 'checkout.session.async_payment_failed')
        : null;
    }
    case 'payment_intent.succeeded':
    case 'payment_intent.processing':
    case 'payment_intent.payment_failed':
    case 'payment_intent.canceled': {
      const read = intent.safeParse(object);
      return read.success ? factsOfIntent(read.data) : null;
    }
    case 'charge.refunded': {
      const read = charge.safeParse(object);
      if (!read.success) return null;
      const { payment_intent: settlementId, amount_refunded, currency: of } = read.data;
      if (settlementId == null) return [];
      return [{ kind: 'refunded', settlementId, totalMicros: microsOfMinor(amount_refunded, of) }];
    }
    case 'charge.dispute.created':
    case 'charge.dispute.updated':
    case 'charge.dispute.funds_withdrawn':
    case 'charge.dispute.funds_reinstated':
    case 'charge.dispute.closed': {
      const read = dispute.safeParse(object);
      return read.success ? factsOfDispute(read.data) : null;
    }
    default:
      return [];
  }
}

/** How a checkout stands. `failed` is told by its event alone: the session itself only says that it is unpaid. */
export function factsOfSession(of: Session, failed = false): readonly Fact[] {
  const named = { externalId: of.id, paymentId: decodedPaymentId(of.client_reference_id) };
  if (of.mode === 'setup') {
    const { customer: customerId, payment_method: methodId, status } = of.setup_intent ?? {};
    if (of.status !== 'complete' || status !== 'succeeded' || customerId == null || methodId == null)
      return [];
    return [{ kind: 'stored', ...named, card: { customerId, methodId } }];
  }
  if (of.payment_status === 'paid') {
    const { payment_intent: settlementId, amount_total: total, currency: in_ } = of;
    if (settlementId == null || total == null || in_ == null) return [];
    const amount = { micros: microsOfMinor(total, in_), currency: in_ };
    return [{ kind: 'paid', ...named, settlementId, amount }];
  }
  if (failed) return [{ kind: 'failed', ...named }];
  if (of.status === 'expired') return [{ kind: 'expired', ...named }];
  return of.status === 'complete' ? [{ kind: 'pending', ...named }] : [];
}

/** How an automatic payment stands. One that is not ours, as of a page where somebody pays, tells nothing here. */
export function factsOfIntent(of: Intent): readonly Fact[] {
  const paymentId = decodedPaymentId(of.metadata?.[PAYMENT_ID]);
  if (paymentId === null) return [];
  const named = { externalId: of.id, paymentId };
  switch (of.status) {
    case 'succeeded': {
      if (of.amount_received == null) return [];
      const amount = { micros: microsOfMinor(of.amount_received, of.currency), currency: of.currency };
      return [{ kind: 'paid', ...named, settlementId: of.id, amount }];
    }
    case 'processing':
    case 'requires_capture':
      return [{ kind: 'pending', ...named }];
    case 'requires_confirmation':
      return [];
    default: {
      // Begun, and not tried yet.
      if (of.status === 'requires_payment_method' && of.last_payment_error == null) return [];
      const wantsSomebody =
        of.status === 'requires_action' || of.last_payment_error?.code === 'authentication_required';
      return [{ kind: 'failed', ...named, because: wantsSomebody ? 'needs_you' : 'declined' }];
    }
  }
}

/** An inquiry (`warning_...`) moves no money; all else stands until it is won, lost or prevented. */
function factsOfDispute(of: z.output<typeof dispute>): readonly Fact[] {
  const { id: disputeId, payment_intent: settlementId, status } = of;
  if (settlementId == null || status.startsWith('warning_')) return [];
  const told = { settlementId, disputeId, micros: microsOfMinor(of.amount, of.currency) };
  if (status === 'won' || status === 'prevented') return [{ kind: 'dispute_closed', ...told, won: true }];
  if (status === 'lost') return [{ kind: 'dispute_closed', ...told, won: false }];
  return [{ kind: 'disputed', ...told }];
}
