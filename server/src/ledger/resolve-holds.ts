// Resolving holds: capture, release and expiry are one statement with another word in it, under the locks of the
// wallets. Whoever comes second learns what the first one did.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { assertInvariant } from '#platform/errors';
import { newId } from '#platform/ids';
import { assertAmount } from './amounts.ts';
import { RESOLVE_HOLDS, type ResolvedRow } from './hold.sql.ts';
import type { HoldCapture, HoldOutcome, HoldRef, HoldState } from './hold.ts';
import { HOLDS_MAX } from './place-holds.ts';
import { lockWalletRows } from './wallet.sql.ts';

const KINDS = { captured: 'capture', released: 'release', expired: 'expire' } as const;

/**
 * Captures holds up to their amounts and returns the rest of each, as one transaction of the books a workspace.
 * Outcomes stand in the order asked; of an id asked for twice the first one decides, and the second is told so.
 *
 * May be repeated: a resolved hold is left as it is. Needs a transaction; locks the wallets concerned in the order
 * of their ids, so a caller that locks wallets itself does so before, and for all it will touch. Two pipelined
 * statements, one round trip.
 */
export const captureHolds = (tx: Tx, captures: readonly HoldCapture[]): Promise<HoldOutcome[]> =>
  resolveHolds(tx, 'captured', captures);

/** Returns the whole amounts to where they came from. Otherwise as {@link captureHolds}. */
export const releaseHolds = (tx: Tx, holds: readonly HoldRef[]): Promise<HoldOutcome[]> =>
  resolveHolds(tx, 'released', holds.map(nothingCaptured));

/** Ends holds whose time has passed. For the sweep alone: it does not look at the time again. */
export const expireThese = (tx: Tx, holds: readonly HoldRef[]): Promise<HoldOutcome[]> =>
  resolveHolds(tx, 'expired', holds.map(nothingCaptured));

const nothingCaptured = (hold: HoldRef): HoldCapture => ({ ...hold, amountMicros: 0n });

async function resolveHolds(
  tx: Tx,
  state: Exclude<HoldState, 'open'>,
  asked: readonly HoldCapture[],
): Promise<HoldOutcome[]> {
  assertInvariant(asked.length <= HOLDS_MAX, `at most ${HOLDS_MAX} holds are resolved at once`);
  if (asked.length === 0) return [];
  const firstById = new Map<string, HoldCapture>();
  for (const hold of asked) {
    assertAmount(hold.amountMicros);
    if (!firstById.has(hold.id)) firstById.set(hold.id, hold);
  }
  const holds = [...firstById.values()];
  const transactions = new Map<string, string>();
  for (const hold of holds) {
    if (!transactions.has(hold.workspaceId)) transactions.set(hold.workspaceId, newId());
  }
  const ids = holds.map((hold) => hold.id);
  const sorted = ids.toSorted();
  // The second statement begins after the first has its locks, so its snapshot shows every earlier outcome.
  const [, rows] = await Promise.all([
    lockWalletRows(tx, [...transactions.keys()]),
    tx.exec(RESOLVE_HOLDS, [
      arrays.uuid(ids),
      arrays.uuid(holds.map((hold) => hold.workspaceId)),
      arrays.bigint(holds.map((hold) => hold.amountMicros)),
      arrays.uuid(holds.map((hold) => transactions.get(hold.workspaceId)!)),
      sorted[0],
      sorted.at(-1),
      state,
      KINDS[state],
    ]),
  ]);
  const found = new Map(rows.map((row) => [row.id, row]));
  return asked.map((hold) => {
    const outcome = toOutcome(found.get(hold.id)!);
    const repeated = firstById.get(hold.id) !== hold;
    return repeated && outcome.outcome === 'resolved' ? { ...outcome, outcome: 'already' } : outcome;
  });
}

function toOutcome(row: ResolvedRow): HoldOutcome {
  const { id, state } = row;
  if (state === null) return { id, outcome: 'unknown' };
  if (state === 'open') return { id, outcome: 'exceeds_hold', amountMicros: row.amount! };
  return {
    id,
    outcome: row.now ? 'resolved' : 'already',
    state,
    amountMicros: row.amount!,
    capturedMicros: row.captured!,
  };
}
