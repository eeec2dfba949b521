// What catches content that should be gone: messages that ended without their erasure, and those whose latest moment
// has come. The transaction that ends a message erases it, so there is little to find.
import type { Database } from '#platform/database';
import { eraseFinal, eraseOverdueOf, findKept, findOverdue, type Keeping } from './final.sql.ts';

const BATCH = 500;
/** Bounds one look at messages that still wait; the next look goes on where this one ended. */
const PAGES_MAX = 20;
const BEGINNING: Keeping = { id: '00000000-0000-0000-0000-000000000000', erase_by: new Date(0) };

/** Erases content whose latest moment has come, sent or not. Returns how many messages. May be repeated. */
export async function eraseOverdue(db: Database): Promise<number> {
  for (let count = 0; ; ) {
    const ids = await db.batch(async (tx) => {
      const found = await findOverdue(tx, BATCH);
      if (found.length > 0) await eraseOverdueOf(tx, found);
      return found;
    });
    count += ids.length;
    if (ids.length < BATCH) return count;
  }
}

export interface EndedEraser {
  /** Looks at the next pages of messages kept until their end. Returns how many it erased. */
  look(): Promise<number>;
}

/** Goes round over all messages kept until their end, some pages a look. */
export function createEndedEraser(db: Database): EndedEraser {
  let after = BEGINNING;
  return {
    async look() {
      let count = 0;
      for (let page = 0; page < PAGES_MAX; page++) {
        const { kept, erased } = await db.batch(async (tx) => {
          const found = await findKept(tx, after, BATCH);
          return {
            kept: found,
            erased: await eraseFinal(
              tx,
              found.map(({ id }) => id),
            ),
          };
        });
        count += erased.length;
        after = kept.length < BATCH ? BEGINNING : kept.at(-1)!;
        if (after === BEGINNING) break;
      }
      return count;
    },
  };
}
