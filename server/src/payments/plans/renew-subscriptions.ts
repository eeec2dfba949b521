// The look at subscriptions of which something is due, each in a transaction of its own: what goes wrong with one holds up
// no other, and is told when all were looked at.
import type { Database } from '#platform/database';
import { idFloor } from '#platform/ids';
import { lockPlace } from './lock-subscription.ts';
import { type Due, findDue } from './plan-subscription.sql.ts';
import { type Settled, type SettleParts, settle } from './settle.ts';

/** Looked up at once. */
const AT_ONCE_MAX = 100;
/** Look-ups of one run: what is left waits for the next. */
const ROUNDS_MAX = 50;

const BEFORE_ALL = { look_at: new Date(0), id: idFloor(0) };

/** Settles what is due; how many renewed. May be repeated, and run by many at once. */
export async function renewSubscriptions(
  db: Database,
  parts: SettleParts,
  signal: AbortSignal,
): Promise<number> {
  if (!parts.plans.isOn) return 0;
  let renewed = 0;
  let after: Pick<Due, 'look_at' | 'id'> = BEFORE_ALL;
  const faults: unknown[] = [];
  for (let round = 0; round < ROUNDS_MAX && !signal.aborted; round++) {
    const due = await db.batch((tx) => findDue(tx, after, AT_ONCE_MAX));
    for (const each of due) {
      if (signal.aborted) break;
      try {
        if ((await settleOne(db, parts, each)) === 'renewed') renewed += 1;
      } catch (fault) {
        faults.push(fault);
      }
    }
    const last = due.at(-1);
    if (last === undefined || due.length < AT_ONCE_MAX) break;
    after = last;
  }
  if (faults.length > 0) throw new AggregateError(faults, 'some subscriptions could not be settled');
  return renewed;
}

/** What is due may have been done meanwhile, so it is judged anew under the locks. */
const settleOne = (db: Database, parts: SettleParts, { workspace_id, id }: Due): Promise<Settled> =>
  db.batch(async (tx) => {
    const place = await lockPlace(tx, workspace_id);
    const subscription = place?.subscription;
    if (place === undefined || subscription?.id !== id) return 'stayed';
    return settle(tx, parts, { ...place, subscription });
  });
