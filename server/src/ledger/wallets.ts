// Opening, locking and reading wallets, and how far they may go below zero.
import type { Tx } from '#platform/database';
import { AppError, assertInvariant } from '#platform/errors';
import { assertAmount } from './amounts.ts';
import {
  closeWalletRows,
  insertWalletRow,
  lockWalletRows,
  readWalletRow,
  updateCreditLimit,
} from './wallet.sql.ts';
import type { Wallet } from './wallet.ts';

/** Wallets one call may lock; as many as a batch has items. */
export const WALLETS_MAX = 10_000;

const CURRENCY = /^[A-Z]{3}$/;

/**
 * What became of an opening: `opened` now; `already` open in that currency; `conflict` when it is open in another
 * one, which stays, for the entries behind it are in that currency.
 */
export interface WalletOpening {
  readonly outcome: 'opened' | 'already' | 'conflict';
  readonly wallet: Wallet;
}

/** Opens an empty wallet for a workspace. May be repeated. Needs a transaction. */
export async function openWallet(tx: Tx, workspaceId: string, currency: string): Promise<WalletOpening> {
  assertInvariant(CURRENCY.test(currency), 'a currency is an ISO 4217 code in capitals');
  const [opened, wallet] = await Promise.all([
    insertWalletRow(tx, workspaceId, currency),
    readWalletRow(tx, workspaceId),
  ]);
  assertInvariant(wallet !== undefined, 'a wallet just opened can be read');
  if (opened) return { outcome: 'opened', wallet };
  return { outcome: wallet.currency === currency ? 'already' : 'conflict', wallet };
}

/**
 * Locks the wallets of these workspaces, in the order of their ids, until the transaction ends, and returns them
 * as they are under the lock. Workspaces without a wallet are left out; naming one twice does no harm. Until then
 * nothing else spends from them. Call it once in a transaction, with every workspace the transaction will touch:
 * a second call for others may deadlock. One statement, sent at once.
 */
export async function lockWallets(tx: Tx, workspaceIds: readonly string[]): Promise<Wallet[]> {
  assertInvariant(workspaceIds.length <= WALLETS_MAX, `at most ${WALLETS_MAX} wallets are locked at once`);
  return lockWalletRows(tx, workspaceIds);
}

/**
 * The wallet of a workspace, or undefined when it has none. Takes no lock: to show, not to decide on. Works in a
 * tenant's transaction, where only its own wallet can be seen.
 */
export const balance = (tx: Tx, workspaceId: string): Promise<Wallet | undefined> =>
  readWalletRow(tx, workspaceId);

/**
 * Sets how far below zero `available` may go, in micros. `insufficient_funds` when more than that is drawn already:
 * nothing changes then. May be repeated. Needs a transaction; locks the wallet. Throws `AppError('not_found')` when
 * there is no wallet. The books do not move, so whoever calls this keeps the record of who did it.
 */
export async function setCreditLimit(
  tx: Tx,
  workspaceId: string,
  limitMicros: bigint,
): Promise<'set' | 'insufficient_funds'> {
  assertAmount(limitMicros);
  const [wallet] = await lockWalletRows(tx, [workspaceId]);
  if (!wallet) throw new AppError('not_found', { detail: 'The workspace has no wallet.' });
  if (wallet.availableMicros + limitMicros < 0n) return 'insufficient_funds';
  await updateCreditLimit(tx, workspaceId, limitMicros);
  return 'set';
}

/**
 * Says that the workspaces of these wallets are erased. Their books stay as long as the law asks, and end with their
 * last transaction. May be repeated. Needs a transaction; locks the wallets.
 */
export async function closeWallets(tx: Tx, workspaceIds: readonly string[]): Promise<void> {
  await lockWalletRows(tx, workspaceIds);
  await closeWalletRows(tx, workspaceIds);
}
