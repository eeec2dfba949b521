// What follows from a notice of the App Store. Money moves by transactions: each is credited once, by its own id. What a
// transaction cost nothing for (a free trial, a share of the family) is no payment. A state of a subscription is as young as the part
// that tells it, not as the notice, which Apple may sign anew when it repeats it.
import * as z from 'zod';
import type { Fact, SubscriptionState } from '../../port.ts';
import { type Products, worthOf } from '../worth.ts';

const word = z.string().min(1).max(180);
const instant = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** JWSTransactionDecodedPayload, as much of it as anything follows from. */
export const transaction = z.object({
  transactionId: word,
  originalTransactionId: word,
  bundleId: word,
  environment: word,
  productId: word,
  signedDate: instant,
  purchaseDate: instant.nullish(),
  revocationDate: instant.nullish(),
  expiresDate: instant.nullish(),
  quantity: z.int().min(1).max(1_000).nullish(),
  appAccountToken: z.string().max(100).nullish(),
  inAppOwnershipType: word.nullish(),
  offerDiscountType: word.nullish(),
  price: z.int().min(0).nullish(),
  revocationPercentage: z.int().min(0).max(100_000).nullish(),
});
export type Transaction = z.output<typeof transaction>;

/** JWSRenewalInfoDecodedPayload. */
export const renewal = z.object({
  environment: word,
  signedDate: instant,
  gracePeriodExpiresDate: instant.nullish(),
});
export type Renewal = z.output<typeof renewal>;

export interface Told {
  readonly type: string;
  readonly subtype: string | null;
  readonly bought: Transaction;
  readonly renews: Renewal | null;
}

/** Notices of a transaction that was charged. A change to a dearer product is charged at once, to a cheaper one later. */
const isCharge = ({ type, subtype }: Told): boolean =>
  ['ONE_TIME_CHARGE', 'SUBSCRIBED', 'DID_RENEW', 'OFFER_REDEEMED'].includes(type) ||
  (type === 'DID_CHANGE_RENEWAL_PREF' && subtype === 'UPGRADE');

export const factsOfNotice = (products: Products, told: Told): readonly Fact[] => [
  ...purchaseOf(products, told),
  ...refundOf(products, told),
  ...subscriptionOf(told),
];

/**
 * What follows from a transaction that an app hands over. It does not say whether it renews, so its word on a subscription is
 * as old as the purchase, and any notice since then is younger. What went back is told by a notice of its own.
 */
export function factsOfTransaction(products: Products, bought: Transaction, nowMs: number): readonly Fact[] {
  if (bought.revocationDate != null) return [];
  const type = bought.expiresDate == null ? 'ONE_TIME_CHARGE' : 'SUBSCRIBED';
  const told = { type, subtype: null, bought, renews: null };
  const isRunning = bought.expiresDate != null && bought.expiresDate > nowMs;
  const asOfMs = bought.purchaseDate ?? 0;
  return [
    ...purchaseOf(products, told),
    ...(isRunning ? subscriptionOf({ ...told, bought: { ...bought, signedDate: asOfMs } }) : []),
  ];
}

function purchaseOf(products: Products, told: Told): readonly Fact[] {
  const { bought, type } = told;
  const workspaceId = workspaceOf(bought);
  if (!isCharge(told) || isShared(bought)) return [];
  const isFree = bought.offerDiscountType === 'FREE_TRIAL' || bought.price === 0;
  // A month for nothing is credited by nobody; what an offer code gave for nothing is for a person to judge.
  if (isFree && type !== 'ONE_TIME_CHARGE') return [];
  const worth = isFree ? null : worthOfBought(products, bought);
  const originalId = bought.expiresDate == null ? null : bought.originalTransactionId;
  return [{ kind: 'purchased', workspaceId, originalId, settlementId: bought.transactionId, worth }];
}

const worthOfBought = (products: Products, { productId, quantity }: Transaction) =>
  worthOf(products, [{ productId, quantity: quantity ?? 1 }]);

/** Somebody in the family bought it, under a transaction of their own. */
const isShared = ({ inAppOwnershipType }: Transaction): boolean => inAppOwnershipType === 'FAMILY_SHARED';

const ALL_MILLIPERCENT = 100_000;

function refundOf(products: Products, { type, bought }: Told): readonly Fact[] {
  const { transactionId: settlementId, revocationPercentage: percentage } = bought;
  if (isShared(bought)) return [];
  if (type === 'REFUND_REVERSED') return [{ kind: 'refund_reversed', settlementId }];
  if (type !== 'REFUND') return [];
  const worth = worthOfBought(products, bought);
  const isPart = percentage != null && percentage < ALL_MILLIPERCENT && worth !== null;
  const totalMicros = isPart ? shareOf(worth.micros, percentage) : null;
  return [{ kind: 'refunded', settlementId, totalMicros }];
}

/** Rounded up, so that nothing stays credited for money that is gone. */
const shareOf = (micros: bigint, millipercent: number): bigint =>
  (micros * BigInt(millipercent) + BigInt(ALL_MILLIPERCENT - 1)) / BigInt(ALL_MILLIPERCENT);

function subscriptionOf(told: Told): readonly Fact[] {
  const { bought, renews } = told;
  const { originalTransactionId: originalId, productId, expiresDate } = bought;
  const workspaceId = workspaceOf(bought);
  const asOfMs = renews?.signedDate ?? bought.signedDate;
  // What never renews has no end, and so no state.
  if (expiresDate == null) return [];
  const state = stateOf(told, expiresDate > asOfMs);
  if (state === null) return [];
  const expiresAtMs = (state === 'grace' ? renews?.gracePeriodExpiresDate : null) ?? expiresDate;
  return [{ kind: 'subscription', workspaceId, originalId, productId, state, expiresAtMs, asOfMs }];
}

/** The state a notice puts a subscription into; null where it says nothing of it. */
function stateOf({ type, subtype }: Told, isRunning: boolean): SubscriptionState | null {
  switch (type) {
    case 'SUBSCRIBED':
    case 'DID_RENEW':
    case 'OFFER_REDEEMED':
    case 'RENEWAL_EXTENDED':
      return 'active';
    case 'DID_CHANGE_RENEWAL_PREF':
      return subtype === 'UPGRADE' ? 'active' : null;
    case 'DID_CHANGE_RENEWAL_STATUS':
      return subtype === 'AUTO_RENEW_DISABLED' ? 'cancelled' : 'active';
    case 'DID_FAIL_TO_RENEW':
      return 'grace';
    case 'GRACE_PERIOD_EXPIRED':
    case 'EXPIRED':
    case 'REVOKE':
      return 'expired';
    // Of a period that is over, the money went back and the subscription goes on.
    case 'REFUND':
      return isRunning ? 'refunded' : null;
    case 'REFUND_REVERSED':
      return isRunning ? 'active' : null;
    default:
      return null;
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The workspace's id without its clothes, which the app gave along with the purchase. */
const workspaceOf = ({ appAccountToken }: Transaction): string | null =>
  appAccountToken != null && UUID.test(appAccountToken) ? appAccountToken.toLowerCase() : null;
