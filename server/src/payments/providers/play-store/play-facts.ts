// What follows from a purchase as the Android Publisher API tells it (developers.google.com/android-publisher, version 3).
// An order that was paid is credited once, by its own id. It is told whatever the state of the purchase is now, so that a
// notice that was lost costs nobody anything. Orders that were tried and failed have no place in these fields.
import { decodeId } from '@sotto/contract';
import * as z from 'zod';
import type { Confirmation, Fact, SubscriptionState } from '../../port.ts';
import { type Products, worthOf } from '../worth.ts';

const word = z.string().min(1).max(180);
/** Stands in an address when it is confirmed. */
const productName = z.string().regex(/^(?!\.{1,2}$)[\w.-]{1,180}$/);
const pending = 'ACKNOWLEDGEMENT_STATE_PENDING';
const unconsumed = 'CONSUMPTION_STATE_YET_TO_BE_CONSUMED';
const quantity = z.int().min(0).max(1_000);

/** ProductPurchaseV2. */
export const productPurchase = z.object({
  orderId: word.nullish(),
  purchaseStateContext: z.object({ purchaseState: word }),
  /** There for purchases of testers alone. */
  testPurchaseContext: z.object({}).nullish(),
  obfuscatedExternalAccountId: z.string().max(200).nullish(),
  acknowledgementState: word.nullish(),
  productLineItem: z
    .array(
      z.object({
        productId: productName,
        productOfferDetails: z
          .object({
            quantity: quantity.nullish(),
            refundableQuantity: quantity.nullish(),
            consumptionState: word.nullish(),
          })
          .nullish(),
      }),
    )
    .min(1)
    .max(50),
});
export type ProductPurchase = z.output<typeof productPurchase>;

const identifiers = z.object({ obfuscatedExternalAccountId: z.string().max(200).nullish() });

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
export type SubscriptionPurchase = z.output<typeof subscriptionPurchase>;

/** Facts of a purchase of products; none while it is not paid. `token` is that of the purchase. */
export function factsOfProduct(
  products: Products,
  purchase: ProductPurchase,
  token: string,
): readonly Fact[] {
  const workspaceId = workspaceOf(purchase.obfuscatedExternalAccountId);
  const { orderId, purchaseStateContext, productLineItem, acknowledgementState } = purchase;
  // What has no order was given for nothing, by a code of the store's.
  if (purchaseStateContext.purchaseState !== 'PURCHASED' || orderId == null) return [];
  const worth = worthOf(products, boughtIn(purchase));
  const confirmations = productLineItem.flatMap(({ productId, productOfferDetails }): Confirmation[] => {
    // What is not sold for credit may be meant to be had once.
    if (products.has(productId) && productOfferDetails?.consumptionState === unconsumed)
      return [{ act: 'consume', productId, token }];
    return acknowledgementState === pending ? [{ act: 'acknowledge', productId, token }] : [];
  });
  return [
    { kind: 'purchased', workspaceId, originalId: null, settlementId: orderId, worth },
    ...unconfirmed(workspaceId, confirmations),
  ];
}

/** What is nobody's is not confirmed: the store gives the money back. */
const unconfirmed = (workspaceId: string | null, all: readonly Confirmation[]): readonly Fact[] =>
  workspaceId === null ? [] : all.map((each) => ({ kind: 'unconfirmed', workspaceId, ...each }));

const boughtIn = ({ productLineItem }: ProductPurchase) =>
  productLineItem.map(({ productId, productOfferDetails }) => ({
    productId,
    quantity: productOfferDetails?.quantity ?? 1,
  }));

/** How much in all has gone back of a purchase of several. */
export function factsOfRefund(products: Products, purchase: ProductPurchase): readonly Fact[] {
  const { orderId, productLineItem } = purchase;
  if (orderId == null) return [];
  const gone = productLineItem
    .map(({ productId, productOfferDetails: details }) => ({
      productId,
      quantity: (details?.quantity ?? 1) - (details?.refundableQuantity ?? 0),
    }))
    .filter((each) => each.quantity > 0);
  const worth = worthOf(products, gone);
  return gone.length === 0
    ? []
    : [{ kind: 'refunded', settlementId: orderId, totalMicros: worth?.micros ?? null }];
}

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
  if (purchase.acknowledgementState !== pending) return facts;
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

const workspaceOf = (accountId: string | null | undefined): string | null =>
  accountId == null ? null : decodeId('wrk', accountId);
