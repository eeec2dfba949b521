// What time does to parts of long texts: after a day of waiting the text is given out as far as it came, and what is
// closed is forgotten once no carrier sends it again.
import type { Database } from '#platform/database';
import { emitAll } from '#platform/outbox';
import type { Keyring } from '#privacy';
import { closeSets } from './close-sets.ts';
import { BY_DAY, ceilingOf, type StoredContentMode } from './content-mode.ts';
import { INBOUND_RECEIVED } from './events.ts';
import { noteInboundDays } from './expiry.ts';
import { deleteForgotten, REASSEMBLY_MS, SETS_AT_ONCE_MAX, selectOverdue } from './part-set.sql.ts';

export interface InboundSweep {
  /** Texts given out incomplete. */
  readonly closed: number;
  /** Closed sets whose parts are gone now. */
  readonly forgotten: number;
}

/**
 * Closes overdue sets and forgets old ones, one bounded batch of each. May be repeated and run from several processes
 * at once; call it again while it returns full batches.
 */
export async function sweepInbound(
  db: Database,
  keyring: Keyring,
  setsMax = SETS_AT_ONCE_MAX,
  mode: StoredContentMode = BY_DAY,
): Promise<InboundSweep> {
  // Parts wait no longer than texts are kept.
  const waitMs = Math.min(REASSEMBLY_MS, ceilingOf(mode) ?? REASSEMBLY_MS);
  const closed = await db.batch(async (tx) => {
    const texts = await closeSets(tx, keyring, await selectOverdue(tx, setsMax, waitMs), mode);
    if (texts.length > 0) {
      await emitAll(
        tx,
        texts.map(({ id, workspaceId }) => ({
          name: INBOUND_RECEIVED.name,
          payload: { inbound_id: id, workspace_id: workspaceId },
        })),
      );
    }
    return texts.length;
  });
  const forgotten = await db.batch(async (tx) => {
    const rows = await deleteForgotten(tx, setsMax);
    await noteInboundDays(tx, rows);
    return rows.length;
  });
  return { closed, forgotten };
}
