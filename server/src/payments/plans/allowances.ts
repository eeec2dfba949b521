// How many members and keys a workspace may have, by its plans. Asked by accounts, which does not know plans.
import type { BoundsOf, WorkspaceBounds } from '#accounts';
import type { Tx } from '#platform/database';
import { type AllowanceRow, findAllowances } from './allowance.sql.ts';
import type { PlanSettings } from './settings.ts';

/**
 * What one workspace may have: the most that a plan of its own allows, and never less than without one. Null: no bound
 * but the platform's. Changes nothing; works in a tenant's transaction as well.
 */
export async function boundsOf(
  tx: Tx,
  { isOn, withoutPlan }: Pick<PlanSettings, 'isOn' | 'withoutPlan'>,
  workspaceId: string,
): Promise<WorkspaceBounds> {
  return isOn ? mostOf(withoutPlan, await findAllowances(tx, workspaceId)) : withoutPlan;
}

/** The same as accounts ask it. */
export const planBoundsOf =
  (plans: PlanSettings): BoundsOf =>
  (tx, workspaceId) =>
    boundsOf(tx, plans, workspaceId);

/** The larger of each. Pure: a plan that says nothing adds nothing, and no bound is the largest. */
export const mostOf = (withoutPlan: WorkspaceBounds, plans: readonly AllowanceRow[]): WorkspaceBounds => ({
  membersMax: most(
    withoutPlan.membersMax,
    plans.map(({ members_max }) => members_max),
  ),
  keysMax: most(
    withoutPlan.keysMax,
    plans.map(({ keys_max }) => keys_max),
  ),
});

const most = (without: number | null, allowed: readonly (number | null)[]): number | null =>
  without === null ? null : Math.max(without, ...allowed.map((each) => each ?? 0));
