// The locks under which a subscription moves: its wallet first, as the ledger wants it, then the subscription. The moment
// it is judged by is read when both are held, so that whoever waited judges by the time they got them.
import { isWorkspaceOpen } from '#accounts';
import { lockWallets, type Wallet } from '#ledger';
import type { Tx } from '#platform/database';
import { assertInvariant } from '#platform/errors';
import { databaseNow, lockRunning, type SubscriptionRow } from './plan-subscription.sql.ts';

export interface Place {
  readonly wallet: Wallet;
  readonly now: Date;
  /** Whether the workspace has not ended. */
  readonly isOpen: boolean;
  /** The one that runs, ended ones aside. */
  readonly subscription: SubscriptionRow | undefined;
}

export type Locked = Place & { readonly subscription: SubscriptionRow };

/** Locks both until the transaction ends. Undefined when the workspace is gone. May be repeated, to read them anew. */
export async function lockPlace(tx: Tx, workspaceId: string): Promise<Place | undefined> {
  // Sent together and taken in this order: whoever waits for the wallet waits for one round trip, not for four.
  const [[wallet], subscription, isOpen, now] = await Promise.all([
    lockWallets(tx, [workspaceId]),
    lockRunning(tx, workspaceId),
    isWorkspaceOpen(tx, workspaceId),
    databaseNow(tx),
  ]);
  return wallet === undefined ? undefined : { wallet, subscription, isOpen, now };
}

/** The place of a workspace that calls: it has a wallet. */
export async function lockOwn(tx: Tx, workspaceId: string): Promise<Place> {
  const place = await lockPlace(tx, workspaceId);
  assertInvariant(place !== undefined, 'every workspace has a wallet');
  return place;
}
