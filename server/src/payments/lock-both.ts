// The locks under which money of a payment moves: its wallet first, as the ledger wants it, then the payment.
import { lockWallets, type Wallet } from '#ledger';
import type { Tx } from '#platform/database';
import { lockPayment, type PaymentRow } from './payment.sql.ts';

/** A payment and its wallet, as they are under their locks. */
export interface Locked {
  readonly wallet: Wallet;
  readonly payment: PaymentRow;
}

/** Locks both, until the transaction ends. Undefined when one of them is gone. May be repeated, to read them anew. */
export async function lockBoth(
  tx: Tx,
  found: Pick<PaymentRow, 'id' | 'workspace_id'>,
): Promise<Locked | undefined> {
  const [wallet] = await lockWallets(tx, [found.workspace_id]);
  const payment = await lockPayment(tx, found.id);
  return wallet === undefined || payment === undefined ? undefined : { wallet, payment };
}
