// A month of a wallet: what it began with, what moved it, what it ended with. Read at one moment, so that it adds up.
import type { Tx } from '#platform/database';
import { idFloor } from '#platform/ids';
import {
  listTransactions,
  PAGE_MAX,
  sumStatement,
  type WalletAmounts,
  type WalletTransaction,
} from './history.ts';

/** Movements of one statement: what is read is held in memory until it is sent. */
const MOVEMENTS_MAX = 50_000;

export interface MonthStatement {
  /** The first moment of the month, and the first after it, in UTC. */
  readonly from: Date;
  readonly to: Date;
  readonly opening: WalletAmounts;
  readonly closing: WalletAmounts;
  /** Oldest first. */
  readonly movements: readonly WalletTransaction[];
}

/** The month of a moment in UTC: `2026-11`. */
export const monthOf = (ms: number): string => new Date(ms).toISOString().slice(0, 7);

/**
 * Needs a transaction that sees one moment, as a tenant's does. What is no longer kept stands in the opening balance. All
 * books of the workspace up to the end of the month are added up.
 */
export async function readMonth(
  tx: Tx,
  workspaceId: string,
  month: string,
  keptFor: string | null,
): Promise<MonthStatement | 'too_many'> {
  const from = new Date(`${month}-01T00:00:00Z`);
  const to = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1));
  const floor = idFloor(from.getTime());
  const newestFirst: WalletTransaction[] = [];
  let before = idFloor(to.getTime());
  for (;;) {
    const page = await listTransactions(tx, { workspaceId, limit: PAGE_MAX, before, keptFor });
    const within = page.filter(({ id }) => id >= floor);
    newestFirst.push(...within);
    if (newestFirst.length > MOVEMENTS_MAX) return 'too_many';
    if (within.length < PAGE_MAX) break;
    before = within.at(-1)!.id;
  }
  const movements = newestFirst.reverse();
  const { closing } = await sumStatement(tx, { workspaceId, from, to });
  return { from, to, opening: movements.reduce(minus, closing), closing, movements };
}

const minus = (a: WalletAmounts, b: WalletAmounts): WalletAmounts => ({
  availableMicros: a.availableMicros - b.availableMicros,
  heldMicros: a.heldMicros - b.heldMicros,
  bonusMicros: a.bonusMicros - b.bonusMicros,
});
