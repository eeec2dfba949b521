// What follows from a subscription as the Android Publisher API tells it (developers.google.com/android-publisher, version 3,
// purchases.subscriptionsv2). The order that was last paid is told whatever the state is now, so that a notice that was lost
// costs nobody anything; each is credited once, by its own id.
import * as z from 'zod';
import type { Fact, SubscriptionState } from '../../port.ts';
import { type Products, worthOf } from '../worth.ts';
import { accountId, productName, UNACKNOWLEDGED, unconfirmed, word, workspaceOf } from './play-account.ts';

const identifiers = z.object({ obfuscatedExternalAccountId: accountId });

const phase = z.object({
  freeTrial: z.object({}).nullish(),
  prorationPeriod: z.object({ originalOfferPhaseType: word.nullish() }).nullish(),
});

/** SubscriptionPurchaseV2. `latestOrderId` is left out: it names orders that were declined as well. */
export const subscriptionPurchase = z.object({
  subscriptionState: word,
  testPurchase: z.object({}).nullish(),
  acknowledgementState: word.nullish(),
  externalAccountIdentifiers: identifiers.nullish(),
  /** Of one that was taken up again outside the app, until it is acknowledged. */
  outOfAppPurchaseContext: z.object({ expiredExternalAccountIdentifiers: identifiers.nullish() }).nullish(),
  lineItems: z
    .array(
      z.object({
        productId: productName,
        expiryTime: z.iso.datetime({ offset: true }).nullish(),
        latestSuccessfulOrderId: word.nullish(),
        offerPhase: phase.nullish(),
      }),
    )
    .min(1)
    .max(50),
});
type SubscriptionPurchase = z.output<typeof subscriptionPurchase>;

const STATES: Readonly<Record<string, SubscriptionState>> = {
  SUBSCRIPTION_STATE_ACTIVE: 'active',
  SUBSCRIPTION_STATE_CANCELED: 'cancelled',
  SUBSCRIPTION_STATE_IN_GRACE_PERIOD: 'grace',
  SUBSCRIPTION_STATE_PAUSED: 'paused',
  // The store still tries, and serves nobody meanwhile.
  SUBSCRIPTION_STATE_ON_HOLD: 'expired',
  SUBSCRIPTION_STATE_EXPIRED: 'expired',
};

/** Facts of a subscription as it stood at `asOfMs`, when the store was asked. */
export function factsOfSubscription(
  products: Products,
  purchase: SubscriptionPurchase,
  token: string,
  asOfMs: number,
): readonly Fact[] {
  const { externalAccountIdentifiers: said, outOfAppPurchaseContext: before } = purchase;
  const workspaceId =
    workspaceOf(said?.obfuscatedExternalAccountId) ??
    workspaceOf(before?.expiredExternalAccountIdentifiers?.obfuscatedExternalAccountId);
  const [first] = purchase.lineItems;
  const originalId = originalOf(first!.latestSuccessfulOrderId);
  // Without an order it was never begun.
  if (originalId === null) return [];
  const facts: Fact[] = paidOrders(purchase).map(([settlementId, bought]) => ({
    kind: 'purchased',
    workspaceId,
    originalId,
    settlementId,
    worth: worthOf(products, bought),
  }));
  const state = STATES[purchase.subscriptionState];
  const { productId } = first!;
  const expiresAtMs = lastOf(purchase);
  if (state !== undefined)
    facts.push({ kind: 'subscription', workspaceId, originalId, productId, state, expiresAtMs, asOfMs });
  if (purchase.acknowledgementState !== UNACKNOWLEDGED) return facts;
  return [...facts, ...unconfirmed(workspaceId, [{ act: 'acknowledge_subscription', productId, token }])];
}

type Bought = { readonly productId: string; readonly quantity: number };

/** The last order that was paid for each part of it, with what it paid for. A trial is an order and no payment. */
function paidOrders({ lineItems }: SubscriptionPurchase): readonly (readonly [string, readonly Bought[]])[] {
  const orders = new Map<string, Bought[]>();
  for (const { productId, latestSuccessfulOrderId: order, offerPhase } of lineItems) {
    if (order == null || isFree(offerPhase)) continue;
    orders.set(order, [...(orders.get(order) ?? []), { productId, quantity: 1 }]);
  }
  return [...orders];
}

const isFree = (of: z.output<typeof phase> | null | undefined): boolean =>
  of?.freeTrial != null || of?.prorationPeriod?.originalOfferPhaseType === 'FREE_TRIAL';

function lastOf({ lineItems }: SubscriptionPurchase): number | null {
  const times = lineItems.flatMap(({ expiryTime }) => (expiryTime == null ? [] : [Date.parse(expiryTime)]));
  return times.length === 0 ? null : Math.max(...times);
}

/** The orders of one subscription are `GPA.1`, `GPA.1..0`, `GPA.1..1`: the first names it, as with other feeds. */
const originalOf = (order: string | null | undefined): string | null =>
  order == null ? null : order.replace(/\.\.\d+$/, '');
