// Statements over ledger.wallet. Balances are never written here: entries move them (ledger.apply_entries).
import { arrays } from '#platform/arrays';
import { q, type Tx } from '#platform/database';
import { statement } from '#platform/statement';
import { readerFor } from '#privacy/reading';
import { ledger } from './steward.ts';
import type { Wallet } from './wallet.ts';

const read = readerFor(ledger);

interface WalletRow {
  readonly workspace_id: string;
  readonly currency: string;
  readonly available: bigint;
  readonly held: bigint;
  readonly bonus: bigint;
  readonly credit_limit: bigint;
}

const fromRow = (row: WalletRow): Wallet => ({
  workspaceId: row.workspace_id,
  currency: row.currency,
  availableMicros: row.available,
  heldMicros: row.held,
  bonusMicros: row.bonus,
  creditLimitMicros: row.credit_limit,
});

// The primary key serves the look-up. `no key` leaves foreign-key checks elsewhere unblocked; the order of ids is
// the one order in which wallets are ever locked, which is what rules deadlocks out.
const LOCK = statement<WalletRow>(
  'ledger.lock_wallets',
  'billing',
  `select workspace_id, currency, available, held, bonus, credit_limit
     from ledger.wallet
    where workspace_id = any($1::uuid[])
    order by workspace_id
      for no key update`,
);

/** Locks the wallets of these workspaces until the transaction ends; those that have none are left out. */
export async function lockWalletRows(tx: Tx, workspaceIds: readonly string[]): Promise<Wallet[]> {
  const rows = await tx.exec(LOCK, [arrays.uuid(workspaceIds)]);
  return rows.map(fromRow);
}

/** Reads one wallet without locking it. */
export async function readWalletRow(tx: Tx, workspaceId: string): Promise<Wallet | undefined> {
  const rows = await tx.run(
    read(tx, 'billing')
      .selectFrom('ledger.wallet')
      .select(['workspace_id', 'currency', 'available', 'held', 'bonus', 'credit_limit'])
      .where('workspace_id', '=', workspaceId),
  );
  return rows.map(fromRow)[0];
}

/** Makes an empty wallet unless the workspace has one; true when this call made it. */
export async function insertWalletRow(tx: Tx, workspaceId: string, currency: string): Promise<boolean> {
  const rows = await tx.run(
    q
      .insertInto('ledger.wallet')
      .values({ workspace_id: workspaceId, currency })
      .onConflict((on) => on.column('workspace_id').doNothing())
      .returning('workspace_id'),
  );
  return rows.length === 1;
}

/** Sets the limit of a locked wallet. */
export async function updateCreditLimit(tx: Tx, workspaceId: string, limitMicros: bigint): Promise<void> {
  await tx.run(
    q.updateTable('ledger.wallet').set({ credit_limit: limitMicros }).where('workspace_id', '=', workspaceId),
  );
}
