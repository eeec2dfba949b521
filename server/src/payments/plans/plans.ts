// Plans as the operator makes them. One is never changed: its next version follows, and whoever has the one before keeps it.
import { plansOfferedMax } from '@sotto/contract/plans';
import type { Tx } from '#platform/database';
import { AppError, assertInvariant } from '#platform/errors';
import { newId } from '#platform/ids';
import {
  countOffered,
  findNewest,
  insertPlan,
  lockPlanKey,
  type PlanRow,
  updateRetired,
} from './plan.sql.ts';

export type NewPlan = Omit<PlanRow, 'id' | 'version' | 'retired_at' | 'created_at'>;

/**
 * Makes a plan or the next version of one, which retires the version before. Needs a transaction; not to be repeated. Throws
 * `conflict` when the currency is another than before, for its subscribers could not change to it, and when too many are
 * offered.
 */
export async function createPlan(tx: Tx, wanted: NewPlan): Promise<PlanRow> {
  await lockPlanKey(tx, wanted.key);
  const before = await findNewest(tx, wanted.key);
  if (before !== undefined && before.currency !== wanted.currency) {
    throw new AppError('conflict', { detail: `The plan is in ${before.currency}: name another one.` });
  }
  if (before !== undefined) {
    const retired = await updateRetired(tx, before.id);
    assertInvariant(retired !== undefined, 'a plan that was found is there');
  }
  if ((await countOffered(tx, plansOfferedMax)) >= plansOfferedMax) {
    throw new AppError('conflict', { detail: `${plansOfferedMax} plans are offered: retire one first.` });
  }
  return insertPlan(tx, { ...wanted, id: newId(), version: (before?.version ?? 0) + 1 });
}
