// Wallets and their entries as the API shows them. The currency is that of the workspace.
import { encodeId, moneyOf } from '@sotto/contract';
import type { Wallet as WalletAnswer, WalletEntry } from '@sotto/contract/wallet';
import type { WalletTransaction } from './history.ts';
import { spendableMicros, type Wallet } from './wallet.ts';

export const presentWallet = (wallet: Wallet): WalletAnswer => ({
  spendable: moneyOf(spendableMicros(wallet), wallet.currency),
  available: moneyOf(wallet.availableMicros, wallet.currency),
  bonus: moneyOf(wallet.bonusMicros, wallet.currency),
  held: moneyOf(wallet.heldMicros, wallet.currency),
  credit_limit: moneyOf(wallet.creditLimitMicros, wallet.currency),
});

/** A transaction as its workspace sees it. What it refers to stays inside: it may be a payment of another system. */
export const presentEntry = (transaction: WalletTransaction, currency: string): WalletEntry => ({
  id: encodeId('ent', transaction.id),
  kind: transaction.kind,
  available: moneyOf(transaction.availableMicros, currency),
  bonus: moneyOf(transaction.bonusMicros, currency),
  held: moneyOf(transaction.heldMicros, currency),
  reason: transaction.reason,
  created_at: transaction.createdAt.toISOString(),
});
