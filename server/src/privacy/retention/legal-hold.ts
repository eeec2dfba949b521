// Legal holds: while one stands, nothing of its workspace is disposed of by retention (GDPR Art. 17(3)(b) and (e)).
// What is past is hidden from readers all the same: a hold keeps, it does not show.
import type { Tx } from '#platform/database';
import { assertInvariant } from '#platform/errors';
import { newId } from '#platform/ids';
import { type ExpiryHandler, rowsExpired } from './handler.ts';
import {
  deleteLifted,
  insertHold,
  type LegalHoldRow,
  liftedStanding,
  liftHold,
  listHolds,
} from './legal-hold.sql.ts';

export interface LegalHold {
  readonly id: string;
  readonly workspaceId: string;
  /** A code, never a text: `court_order`, `open_dispute`. */
  readonly reason: string;
  readonly placedAt: Date;
}

/** Standing holds at once. Every batch carries them; somebody with more needs an installation of their own. */
const HOLDS_MAX = 1_000;

/**
 * Places a hold on everything a workspace keeps, from the commit on. Not to be repeated: each call places another, and
 * disposal goes on when the last one is lifted. `reason` is a code of lower-case letters and underscores.
 */
export async function placeLegalHold(tx: Tx, workspaceId: string, reason: string): Promise<LegalHold> {
  return asHold(await insertHold(tx, newId(), workspaceId, reason));
}

/** Lifts a hold; what is past by then goes with the next batches. False when it was lifted before. */
export const liftLegalHold = (tx: Tx, id: string): Promise<boolean> => liftHold(tx, id);

/** Every standing hold, oldest first. */
export async function listLegalHolds(tx: Tx): Promise<LegalHold[]> {
  const rows = await listHolds(tx, HOLDS_MAX + 1);
  // Disposing of what a hold forgotten here protects could not be undone.
  assertInvariant(rows.length <= HOLDS_MAX, `no more than ${HOLDS_MAX} legal holds stand at once`);
  return rows.map(asHold);
}

const asHold = (row: LegalHoldRow): LegalHold => ({
  id: row.id,
  workspaceId: row.workspace_id,
  reason: row.reason,
  placedAt: row.placed_at,
});

/** Lifted holds are part of the trail of who ordered what, and end as it does; standing ones stay. */
export const legalHoldExpiry: ExpiryHandler = {
  key: 'audit',
  table: 'privacy.legal_hold',
  columns: 'row',
  counts: ['created'],
  async expire(tx, { before, limit }) {
    return rowsExpired(await deleteLifted(tx, before, limit), limit);
  },
  async standing(tx, { before }) {
    return { ...(await liftedStanding(tx, before)), held: 0 };
  },
};
