// Subscriptions in the stores: kept as the store's youngest word on each. What a month is worth is credited as a payment
// of its own, by the transaction that paid it, so a state credits nothing and cannot be early.
import { balance } from '#ledger';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import type { Effect } from './apply-fact.ts';
import type { Provider, StoreFact } from './port.ts';
import { storeSubscription, transferSubscriptions } from './subscription.sql.ts';

type Told<Kind> = Extract<StoreFact, { kind: Kind }>;

/** Subscriptions that go over at once; a person has a handful. */
const TRANSFERRED_MAX = 100;

/** Keeps the state unless a younger one is known. */
export async function applySubscription(
  tx: Tx,
  provider: Provider,
  fact: Told<'subscription'>,
): Promise<Effect> {
  if ((await balance(tx, fact.workspaceId)) === undefined) return { outcome: 'ignored', paymentId: null };
  const stored = await storeSubscription(tx, {
    id: newId(),
    workspaceId: fact.workspaceId,
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
