// The locks under which money of a payment moves: its wallet first, as the ledger wants it, then the payment.
import { isWorkspaceOpen } from '#accounts';
import { lockWallets, type Wallet } from '#ledger';
import type { Tx } from '#platform/database';
import { lockPayment, type PaymentRow } from './payment.sql.ts';

/** A payment and its wallet, as they are under their locks. */
export interface Locked {
  readonly wallet: Wallet;
  readonly payment: PaymentRow;
  /** Whether the workspace has not ended. */
  readonly isOpen: boolean;
}

/** Locks both, until the transaction ends. Undefined when one of them is gone. May be repeated, to read them anew. */
export async function lockBoth(
  tx: Tx,
  found: Pick<PaymentRow, 'id' | 'workspace_id'>,
): Promise<Locked | undefined> {
  // Sent together and taken in this order: whoever waits for the wallet waits for one round trip, not for three.
  const [[wallet], payment, isOpen] = await Promise.all([
    lockWallets(tx, [found.workspace_id]),
    lockPayment(tx, found.id),
    isWorkspaceOpen(tx, found.workspace_id),
  ]);
  return wallet === undefined || payment === undefined ? undefined : { wallet, payment, isOpen };
}
