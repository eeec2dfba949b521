// Erasing texts that were read, and those nobody read within the ceiling.
import type { Database } from '#platform/database';
import { eraseDueOf, selectDue } from './erase-read.sql.ts';

const BATCH = 500;

/**
 * Erases texts whose end has come, in bounded transactions until none is left. Returns how many. May be repeated, and
 * run by several processes at once. Until it has run, readers are shown nothing of them either.
 */
export async function eraseRead(db: Database, signal?: AbortSignal): Promise<number> {
  for (let count = 0; ; ) {
    const found = await db.batch(async (tx) => {
      const ids = await selectDue(tx, BATCH);
      if (ids.length > 0) await eraseDueOf(tx, ids);
      return ids.length;
    });
    count += found;
    if (found < BATCH || signal?.aborted) return count;
  }
}
