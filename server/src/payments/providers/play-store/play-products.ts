// What follows from a purchase of products as the Android Publisher API tells it (developers.google.com/android-publisher,
// version 3, purchases.productsv2). An order that was paid is credited once, by its own id.
import * as z from 'zod';
import type { Confirmation, Fact } from '../../port.ts';
import { type Products, worthOf } from '../worth.ts';
import { accountId, productName, UNACKNOWLEDGED, unconfirmed, word, workspaceOf } from './play-account.ts';

const UNCONSUMED = 'CONSUMPTION_STATE_YET_TO_BE_CONSUMED';
const quantity = z.int().min(0).max(1_000);

/** ProductPurchaseV2. */
export const productPurchase = z.object({
  orderId: word.nullish(),
  purchaseStateContext: z.object({ purchaseState: word }),
  /** There for purchases of testers alone. */
  testPurchaseContext: z.object({}).nullish(),
  obfuscatedExternalAccountId: accountId,
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
type ProductPurchase = z.output<typeof productPurchase>;

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
    if (products.has(productId) && productOfferDetails?.consumptionState === UNCONSUMED)
      return [{ act: 'consume', productId, token }];
    return acknowledgementState === UNACKNOWLEDGED ? [{ act: 'acknowledge', productId, token }] : [];
  });
  return [
    { kind: 'purchased', workspaceId, originalId: null, settlementId: orderId, worth },
    ...unconfirmed(workspaceId, confirmations),
  ];
}

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
