// The books checked against themselves, and the platform's own accounts.
import type { Tx } from '#platform/database';
import { type BookRule, FIND_FAULTS, SUM_PLATFORM } from './audit.sql.ts';
import type { PlatformAccount } from './posting.ts';

/** A rule the books break, and the transaction or workspace where they do. */
export interface BookFault {
  readonly rule: BookRule;
  readonly id: string;
}

const FAULTS_MAX = 100;

/**
 * Holds every rule of README.md that a query can decide against all rows; no fault is an empty list, and at most
 * 100 are listed. One snapshot, no locks, safe while the platform works; reads the whole books, so not in a request.
 */
export const auditBooks = (tx: Tx): Promise<BookFault[]> => tx.exec(FIND_FAULTS, [FAULTS_MAX]);

/** A platform account in one currency. `deposits` below zero is what customers paid in, `revenue` what was earned. */
export interface PlatformBalance {
  readonly account: PlatformAccount;
  readonly currency: string;
  readonly amountMicros: bigint;
}

/** Sums the platform's accounts, by currency. Reads the whole books: for reports. Accounts never used are left out. */
export async function platformBalances(tx: Tx): Promise<PlatformBalance[]> {
  const rows = await tx.exec(SUM_PLATFORM, []);
  return rows.map((row) => ({ account: row.account, currency: row.currency, amountMicros: row.amount }));
}
