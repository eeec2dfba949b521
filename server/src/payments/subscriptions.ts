// Subscriptions in the stores: kept as the store's youngest word on each. What a month is worth is credited as a payment
// of its own, by the transaction that paid it, so a state credits nothing and cannot be early.
import { balance } from '#ledger';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import type { Effect } from './apply-fact.ts';
import type { Provider, StoreFact } from './port.ts';
import { findOwner, storeSubscription, transferSubscriptions } from './subscription.sql.ts';

type Told<Kind> = Extract<StoreFact, { kind: Kind }>;

/** Subscriptions that go over at once; a person has a handful. */
const TRANSFERRED_MAX = 100;

/** Keeps the state unless a younger one is known. */
export async function applySubscription(
  tx: Tx,
  provider: Provider,
  fact: Told<'subscription'>,
): Promise<Effect> {
  const workspaceId = fact.workspaceId ?? (await ownerOf(tx, provider, fact.originalId));
  if (workspaceId === null || (await balance(tx, workspaceId)) === undefined)
    return { outcome: 'ignored', paymentId: null };
  const stored = await storeSubscription(tx, {
    id: newId(),
    workspaceId,
    provider,
    originalId: fact.originalId,
    productId: fact.productId,
    state: fact.state,
    expiresAt: fact.expiresAtMs === null ? null : new Date(fact.expiresAtMs),
    asOf: new Date(fact.asOfMs),
  });
  return { outcome: stored ? 'applied' : 'repeated', paymentId: null };
}

/**
 * Whose a subscription is; null for one that is nobody's here. A store does not always say it again: of one that was taken
 * up anew outside the app, Google Play says it only until it is acknowledged.
 */
export const ownerOf = async (
  tx: Tx,
  provider: Provider,
  originalId: string | null,
): Promise<string | null> => (originalId === null ? null : await findOwner(tx, provider, originalId));

/**
 * What a store account bought is now used by another workspace: its subscriptions go over. Credits stay where they were
 * credited, for they may be spent.
 */
export async function transferPurchases(
  tx: Tx,
  provider: Provider,
  { from, to }: Told<'transferred'>,
): Promise<Effect> {
  if ((await balance(tx, to)) === undefined) return { outcome: 'ignored', paymentId: null };
  const moved = await transferSubscriptions(tx, from, to, provider, TRANSFERRED_MAX);
  return { outcome: moved > 0 ? 'applied' : 'repeated', paymentId: null };
}
