// What happened in a wallet: page by page, and summed up over a time.
import type { Tx } from '#platform/database';
import { assertInvariant } from '#platform/errors';
import { idFloor } from '#platform/ids';
import { FIND_TRANSACTION, type HistoryRow, READ_HISTORY, SUM_STATEMENT } from './history.sql.ts';
import type { TransactionKind } from './posting.ts';

/** Changes of the three accounts of a wallet, or their balances, in micros. */
export interface WalletAmounts {
  readonly availableMicros: bigint;
  readonly heldMicros: bigint;
  readonly bonusMicros: bigint;
}

/** One transaction as its workspace sees it: the platform's side is left out. */
export interface WalletTransaction extends WalletAmounts {
  readonly id: string;
  readonly kind: TransactionKind;
  /** The transaction it undoes, when it is a reversal. */
  readonly reverses: string | null;
  readonly reason: string | null;
  readonly reference: string | null;
  readonly createdAt: Date;
}

/** Transactions a page may have. */
export const PAGE_MAX = 1_000;

const AFTER_EVERY_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * The newest transactions of a workspace, at most `limit` (1 to {@link PAGE_MAX}); `before` is the id of the last
 * one already seen. Later transactions never slip into pages further back. Reads only; works in a tenant's
 * transaction.
 */
export async function listTransactions(
  tx: Tx,
  page: {
    readonly workspaceId: string;
    readonly limit: number;
    readonly before?: string;
    /** How long entries are kept, ISO 8601; past it they are not shown, whatever expiry has done by now. */
    readonly keptFor?: string | null;
  },
): Promise<WalletTransaction[]> {
  assertInvariant(page.limit >= 1 && page.limit <= PAGE_MAX, `a page has 1 to ${PAGE_MAX} transactions`);
  const rows = await tx.exec(READ_HISTORY, [
    page.workspaceId,
    page.before ?? AFTER_EVERY_ID,
    page.limit,
    page.keptFor ?? null,
  ]);
  return rows.map(fromRow);
}

/**
 * One transaction of a workspace, or undefined when it has no such one. Reads only; works in a tenant's transaction,
 * and in the one that posted it.
 */
export async function findTransaction(
  tx: Tx,
  workspaceId: string,
  transactionId: string,
): Promise<WalletTransaction | undefined> {
  const [row] = await tx.exec(FIND_TRANSACTION, [workspaceId, transactionId]);
  return row && fromRow(row);
}

const fromRow = (row: HistoryRow): WalletTransaction => ({
  id: row.id,
  kind: row.kind,
  reverses: row.reverses,
  reason: row.reason,
  reference: row.reference,
  createdAt: row.created_at,
  availableMicros: row.available,
  heldMicros: row.held,
  bonusMicros: row.bonus,
});

/** Balances at both ends of a time and what moved them in between. `opening` plus all `moved` is `closing`. */
export interface WalletStatement {
  readonly opening: WalletAmounts;
  readonly closing: WalletAmounts;
  readonly moved: ReadonlyMap<TransactionKind, WalletAmounts>;
}

/**
 * Sums a workspace's transactions from `from` (included) to `to` (excluded), by the times in their ids, which are
 * the times they were made to the millisecond. Reads the whole history of the workspace up to `to`: for
 * statements and reports, not for requests in a hurry. Works in a tenant's transaction.
 */
export async function sumStatement(
  tx: Tx,
  period: { readonly workspaceId: string; readonly from: Date; readonly to: Date },
): Promise<WalletStatement> {
  assertInvariant(period.from.getTime() <= period.to.getTime(), 'a statement ends after it begins');
  const rows = await tx.exec(SUM_STATEMENT, [
    period.workspaceId,
    idFloor(period.from.getTime()),
    idFloor(period.to.getTime()),
  ]);
  let opening = NOTHING;
  let closing = NOTHING;
  const moved = new Map<TransactionKind, WalletAmounts>();
  for (const row of rows) {
    const change = { ...NOTHING, [`${row.account}Micros`]: row.amount };
    closing = add(closing, change);
    if (row.within) moved.set(row.kind, add(moved.get(row.kind) ?? NOTHING, change));
    else opening = add(opening, change);
  }
  return { opening, closing, moved };
}

const NOTHING: WalletAmounts = { availableMicros: 0n, heldMicros: 0n, bonusMicros: 0n };

const add = (a: WalletAmounts, b: WalletAmounts): WalletAmounts => ({
  availableMicros: a.availableMicros + b.availableMicros,
  heldMicros: a.heldMicros + b.heldMicros,
  bonusMicros: a.bonusMicros + b.bonusMicros,
});
