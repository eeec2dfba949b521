// The sweep that ends holds nobody resolved. It is the safety net below the contexts' own deadlines: an amount set
// aside returns even when whoever set it aside is gone.
import type { Tx } from '#platform/database';
import { assertInvariant } from '#platform/errors';
import { FIND_OVERDUE, SWEEP_BEGINS, SWEEP_COMPLETE } from './hold.sql.ts';
import type { HoldOutcome } from './hold.ts';
import { HOLDS_MAX } from './place-holds.ts';
import { expireThese } from './resolve-holds.ts';

export interface Sweep {
  /** What became of each overdue hold; `already` when it was resolved while this sweep waited for its wallet. */
  readonly holds: readonly HoldOutcome[];
  /** True when more may be overdue: sweep again, in another transaction. */
  readonly more: boolean;
}

/**
 * Expires at most `limit` open holds whose time has passed by the database's clock, oldest first, and returns
 * their amounts. May be repeated and may run in several processes at once. Needs a transaction of its own: it
 * locks wallets.
 */
export async function expireHolds(tx: Tx, limit: number): Promise<Sweep> {
  assertInvariant(limit >= 1 && limit <= HOLDS_MAX, `a sweep expires 1 to ${HOLDS_MAX} holds`);
  const [begun, overdue] = await Promise.all([tx.exec(SWEEP_BEGINS, []), tx.exec(FIND_OVERDUE, [limit])]);
  const holds = await expireThese(
    tx,
    overdue.map((row) => ({ id: row.id, workspaceId: row.workspace_id })),
  );
  const more = overdue.length === limit;
  if (!more) await tx.exec(SWEEP_COMPLETE, [begun[0]!.at]);
  return { holds, more };
}
