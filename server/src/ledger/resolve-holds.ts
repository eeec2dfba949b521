// Resolving holds: capture, release and expiry are one statement with another word in it, under the locks of the
// wallets. Whoever comes second learns what the first one did.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { assertInvariant } from '#platform/errors';
import { newId } from '#platform/ids';
import { assertAmount } from './amounts.ts';
import { type FoundHoldRow, READ_UNRESOLVED, RESOLVE_HOLDS } from './hold.sql.ts';
import type { HoldCapture, HoldOutcome, HoldRef, HoldState } from './hold.ts';
import { HOLDS_MAX } from './place-holds.ts';
import { lockWalletRows } from './wallet.sql.ts';

const KINDS = { captured: 'capture', released: 'release', expired: 'expire' } as const;

/**
 * Captures holds up to their amounts and returns the rest of each, as one transaction of the books a workspace.
 * Outcomes stand in the order asked; of an id asked for twice the first one decides, and the second is told so.
 *
 * May be repeated: a resolved hold is left as it is. Needs a transaction; locks the wallets concerned in the order
 * of their ids, so a caller that locks wallets itself does so before, and for all it will touch. Two statements in one
 * round trip, which other statements of the caller may share; a second round trip tells of those left as they were,
 * so the caller awaits the outcome before it commits.
 */
export const captureHolds = (tx: Tx, captures: readonly HoldCapture[]): Promise<HoldOutcome[]> =>
  resolveHolds(tx, 'captured', captures);

/** Returns the whole amounts to where they came from. Otherwise as {@link captureHolds}. */
export const releaseHolds = (tx: Tx, holds: readonly HoldRef[]): Promise<HoldOutcome[]> =>
  resolveHolds(tx, 'released', holds.map(nothingCaptured));

/** Ends holds whose time has passed. For the sweep alone: it does not look at the time again. */
export const expireThese = (tx: Tx, holds: readonly HoldRef[]): Promise<HoldOutcome[]> =>
  resolveHolds(tx, 'expired', holds.map(nothingCaptured));

/**
 * Captures and releases as {@link captureHolds} does, and tells nobody why a hold was left as it was: for outcomes that
 * may be stored twice. Everything is sent at once, in one round trip, which COMMIT may share.
 */
export async function settleHolds(
  tx: Tx,
  captures: readonly HoldCapture[],
  releases: readonly HoldRef[],
): Promise<void> {
  const resolutions = [
    resolutionOf('captured', captures),
    resolutionOf('released', releases.map(nothingCaptured)),
  ].filter((resolution) => resolution.holds.length > 0);
  if (resolutions.length === 0) return;
  await Promise.all([
    lockWalletRows(tx, [...new Set(resolutions.flatMap(({ transactions }) => [...transactions.keys()]))]),
    ...resolutions.map((resolution) => tx.exec(RESOLVE_HOLDS, resolution.values)),
  ]);
}

const nothingCaptured = (hold: HoldRef): HoldCapture => ({ ...hold, amountMicros: 0n });

type Resolution = Exclude<HoldState, 'open'>;

/** The values of one statement: holds in the order of their ids, and the transaction of the books a workspace. */
function resolutionOf(state: Resolution, asked: readonly HoldCapture[]) {
  assertInvariant(asked.length <= HOLDS_MAX, `at most ${HOLDS_MAX} holds are resolved at once`);
  const firstById = new Map<string, HoldCapture>();
  for (const hold of asked) {
    assertAmount(hold.amountMicros);
    if (!firstById.has(hold.id)) firstById.set(hold.id, hold);
  }
  const holds = [...firstById.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const transactions = new Map(holds.map((hold) => [hold.workspaceId, newId()]));
  const values = [
    arrays.uuid(holds.map((hold) => hold.id)),
    arrays.uuid(holds.map((hold) => hold.workspaceId)),
    arrays.bigint(holds.map((hold) => hold.amountMicros)),
    arrays.uuid(holds.map((hold) => transactions.get(hold.workspaceId)!)),
    state,
    KINDS[state],
    holds[0]?.id,
    holds.at(-1)?.id,
  ];
  return { firstById, holds, transactions, values };
}

async function resolveHolds(
  tx: Tx,
  state: Resolution,
  asked: readonly HoldCapture[],
): Promise<HoldOutcome[]> {
  if (asked.length === 0) return [];
  const { firstById, holds, transactions, values } = resolutionOf(state, asked);
  const [ids, lowest, highest] = [values[0], values[6], values[7]];
  // Each statement begins after the one before it, so the second one's snapshot is not older than the locks.
  const [, resolved] = await Promise.all([
    lockWalletRows(tx, [...transactions.keys()]),
    tx.exec(RESOLVE_HOLDS, values),
  ]);
  // Why some were left as they are is asked only when some were: the snapshot shows whatever stood in the way.
  const found =
    resolved.length === holds.length
      ? []
      : await tx.exec(READ_UNRESOLVED, [ids, lowest, highest, arrays.uuid([...transactions.values()])]);
  const outcomes = new Map<string, HoldOutcome>();
  for (const row of found) outcomes.set(row.id, unresolvedOutcome(row, firstById.get(row.id)!));
  for (const { id, amount, captured } of resolved) {
    outcomes.set(id, { id, outcome: 'resolved', state, amountMicros: amount, capturedMicros: captured });
  }
  return asked.map((hold) => {
    const outcome = outcomes.get(hold.id) ?? { id: hold.id, outcome: 'unknown' };
    const repeated = firstById.get(hold.id) !== hold;
    return repeated && outcome.outcome === 'resolved' ? { ...outcome, outcome: 'already' } : outcome;
  });
}

function unresolvedOutcome(row: FoundHoldRow, asked: HoldRef): HoldOutcome {
  const { id, state, amount, captured } = row;
  if (row.workspace_id !== asked.workspaceId) return { id, outcome: 'unknown' };
  if (state === 'open') return { id, outcome: 'exceeds_hold', amountMicros: amount };
  return { id, outcome: 'already', state, amountMicros: amount, capturedMicros: captured };
}
