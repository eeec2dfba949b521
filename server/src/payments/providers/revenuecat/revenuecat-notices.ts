// RevenueCat's webhooks (revenuecat.com/docs/integrations/webhooks). The sender proves itself by a header that was agreed
// on. What was bought is known by the store's own transaction, so that another feed of the same store credits nothing
// twice; what it is worth stands in the operator's catalogue, never in the notice.
import { createHash, timingSafeEqual } from 'node:crypto';
import { decodeId } from '@sotto/contract';
import * as z from 'zod';
import type { SignedBody } from '#platform/route';
import type { Amount, Fact, NoticeReader, NoticeReading, Provider, SubscriptionState } from '../../port.ts';

export interface RevenueCatSettings {
  /** The whole value of the Authorization header. */
  readonly authorization: string;
  /** Worth of a product, by its id in the stores. */
  readonly products: ReadonlyMap<string, Amount>;
  /** Whether purchases of the stores' sandboxes are refused. */
  readonly live: boolean;
}

/** RevenueCat repeats within hours; older is a copy somebody kept. */
export const EVENT_AGE_SECONDS_MAX = 3 * 86_400;

const word = z.string().min(1).max(180);
const instant = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

const body = z.object({
  event: z.object({
    id: word,
    type: word,
    event_timestamp_ms: instant,
    environment: z.enum(['PRODUCTION', 'SANDBOX']).nullish(),
    store: word.nullish(),
    app_user_id: word.nullish(),
    aliases: z.array(word).max(100).nullish(),
    product_id: word.nullish(),
    transaction_id: word.nullish(),
    original_transaction_id: word.nullish(),
    expiration_at_ms: instant.nullish(),
    grace_period_expiration_at_ms: instant.nullish(),
    cancel_reason: word.nullish(),
    period_type: word.nullish(),
    is_family_share: z.boolean().nullish(),
    transferred_from: z.array(word).max(100).nullish(),
    transferred_to: z.array(word).max(100).nullish(),
  }),
});
type Event = z.output<typeof body>['event'];

const STORES: Readonly<Record<string, Provider>> = {
  APP_STORE: 'app_store',
  MAC_APP_STORE: 'app_store',
  PLAY_STORE: 'play_store',
};

export const revenueCatReader = (settings: RevenueCatSettings): NoticeReader => ({
  feed: 'revenuecat',
  read: (signed, nowMs) => readEvent(settings, signed, nowMs),
});

/** Reads a notice. Never throws for what it holds. */
export function readEvent(settings: RevenueCatSettings, signed: SignedBody, nowMs: number): NoticeReading {
  if (!isSame(signed.headers.authorization ?? '', settings.authorization)) {
    return { outcome: 'refused', fault: 'signature' };
  }
  const parsed = body.safeParse(parseJson(signed.octets));
  if (!parsed.success) return { outcome: 'refused', fault: 'malformed' };
  const { event } = parsed.data;
  if (settings.live && event.environment === 'SANDBOX') return { outcome: 'refused', fault: 'environment' };
  if (Math.abs(nowMs - event.event_timestamp_ms) > EVENT_AGE_SECONDS_MAX * 1_000) {
    return { outcome: 'refused', fault: 'stale' };
  }
  const provider = STORES[event.store ?? ''];
  const facts = provider === undefined ? [] : factsOf(settings, event);
  return { outcome: 'read', noticeId: event.id, provider: provider ?? 'app_store', facts, lookUp: null };
}

/** Of equal length as hashes, so that time tells nothing about the header. */
const isSame = (given: string, expected: string): boolean => timingSafeEqual(sha256(given), sha256(expected));
const sha256 = (text: string) => createHash('sha256').update(text).digest();

function parseJson(octets: Buffer): unknown {
  try {
    return JSON.parse(octets.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The state a subscription is in after an event of this type. */
const STATES: Readonly<Record<string, SubscriptionState>> = {
  INITIAL_PURCHASE: 'active',
  RENEWAL: 'active',
  UNCANCELLATION: 'active',
  PRODUCT_CHANGE: 'active',
  SUBSCRIPTION_EXTENDED: 'active',
  BILLING_ISSUE: 'grace',
  CANCELLATION: 'cancelled',
  SUBSCRIPTION_PAUSED: 'paused',
  EXPIRATION: 'expired',
};

function factsOf(settings: RevenueCatSettings, event: Event): readonly Fact[] {
  if (event.type === 'TRANSFER') return transferOf(event);
  const workspaceId = workspaceOf([event.app_user_id, ...(event.aliases ?? [])]);
  if (workspaceId === null) return [];
  const facts: Fact[] = [];
  const { type, transaction_id: settlementId, product_id: productId } = event;
  if (isCharge(event) && settlementId != null && productId != null) {
    facts.push({
      kind: 'purchased',
      workspaceId,
      originalId: null,
      settlementId,
      worth: settings.products.get(productId) ?? null,
    });
  }
  if (isRefund(event) && settlementId != null) {
    facts.push({ kind: 'refunded', settlementId, totalMicros: null });
  }
  if (type === 'REFUND_REVERSED' && settlementId != null)
    facts.push({ kind: 'refund_reversed', settlementId });
  const state = isRefund(event) && event.expiration_at_ms != null ? 'refunded' : STATES[type];
  const { original_transaction_id: originalId } = event;
  // What never renews has no end, and so no state.
  if (state !== undefined && originalId != null && productId != null && event.expiration_at_ms != null) {
    facts.push({
      kind: 'subscription',
      workspaceId,
      originalId,
      productId,
      state,
      expiresAtMs: (state === 'grace' ? event.grace_period_expiration_at_ms : null) ?? event.expiration_at_ms,
      asOfMs: event.event_timestamp_ms,
    });
  }
  return facts;
}

/** A trial costs nothing, and what is shared was paid by somebody else in the family, under a transaction of theirs. */
const isCharge = ({ type, period_type, is_family_share }: Event): boolean =>
  ['NON_RENEWING_PURCHASE', 'INITIAL_PURCHASE', 'RENEWAL'].includes(type) &&
  period_type !== 'TRIAL' &&
  is_family_share !== true;

/** Customer support of the store gave the money back. Other reasons end a subscription and move no money. */
const isRefund = ({ type, cancel_reason }: Event): boolean =>
  type === 'CANCELLATION' && cancel_reason === 'CUSTOMER_SUPPORT';

function transferOf({ transferred_from, transferred_to }: Event): readonly Fact[] {
  const to = workspaceOf(transferred_to ?? []);
  const from = (transferred_from ?? []).flatMap((text) => decodeId('wrk', text) ?? []);
  return to === null || from.length === 0 ? [] : [{ kind: 'transferred', from, to }];
}

/** The first that is a workspace of ours; aliases of RevenueCat's own making are none. */
function workspaceOf(names: readonly (string | null | undefined)[]): string | null {
  for (const name of names) {
    const id = name == null ? null : decodeId('wrk', name);
    if (id !== null) return id;
  }
  return null;
}
