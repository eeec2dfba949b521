// How far back the trail goes.
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

const OLDEST = statement<{ readonly recorded_at: Date }>(
  'privacy.read_oldest_entry',
  'audit',
  `select e.recorded_at
     from privacy.audit_entry e
    order by e.id
    limit 1`,
);

/** When the oldest entry was recorded, along the primary key; null for an empty trail. */
export async function oldestEntry(tx: Tx): Promise<Date | null> {
  const [row] = await tx.exec(OLDEST, []);
  return row?.recorded_at ?? null;
}
