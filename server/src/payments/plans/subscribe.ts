// Subscribing to a plan: the first period is charged with the subscription, or neither is there.
import type { Wallet } from '#ledger';
import type { Tx } from '#platform/database';
import { AppError, assertInvariant } from '#platform/errors';
import { newId } from '#platform/ids';
import { emit } from '#platform/outbox';
import { subscriptionChanged } from '../events.ts';
import { findStoreSubscriptions } from './allowance.sql.ts';
import { lockOwn } from './lock-subscription.ts';
import { periodAt } from './periods.ts';
import { findPlans, lockPlan, type PlanRow } from './plan.sql.ts';
import { insertSubscription, type SubscriptionRow } from './plan-subscription.sql.ts';
import { postDues } from './post-dues.ts';
import { type SettleParts, settled } from './settle.ts';

/** Subscriptions of stores that are looked at; a workspace has a handful. */
export const STORE_PLANS_MAX = 20;

/**
 * Subscribes a workspace and charges the first period. Needs a transaction; of many at once one subscribes. Throws
 * `conflict` when the workspace has a subscription or cannot have the plan, `insufficient_funds`, `not_found`.
 */
export async function subscribe(
  tx: Tx,
  parts: SettleParts,
  workspaceId: string,
  planId: string,
): Promise<SubscriptionRow> {
  const { wallet, subscription, isOpen, now } = await settled(tx, parts, await lockOwn(tx, workspaceId));
  if (!isOpen) throw new AppError('not_found');
  if (subscription !== undefined) {
    throw new AppError('conflict', { detail: 'The workspace has a subscription: change that one.' });
  }
  const plan = await planFor(tx, wallet, planId);
  const id = newId();
  const posted = await postDues(tx, wallet, {
    subscriptionId: id,
    name: 'period:0',
    priceMicros: plan.price,
    creditMicros: plan.credit,
  });
  if (posted.outcome === 'insufficient_funds') throw insufficient();
  const { start, end } = periodAt(now, 0);
  const made = await insertSubscription(tx, {
    id,
    workspace_id: workspaceId,
    plan_id: plan.id,
    anchor_at: now,
    period_start: start,
    period_end: end,
    paid: plan.price,
    credited: posted.creditedMicros,
    credit_level: plan.credit,
  });
  assertInvariant(made !== undefined, 'who holds the lock of the wallet saw every subscription');
  await emit(tx, subscriptionChanged, { workspace_id: workspaceId, subscription_id: id });
  return made;
}

/** A plan that this workspace can begin with now, locked against its retirement. Throws `not_found` and `conflict`. */
export async function planFor(
  tx: Tx,
  { workspaceId, currency }: Pick<Wallet, 'workspaceId' | 'currency'>,
  planId: string,
): Promise<PlanRow> {
  const plan = await lockPlan(tx, planId);
  if (plan === undefined) throw new AppError('not_found');
  if (plan.retired_at !== null) {
    throw new AppError('conflict', { field: 'plan_id', detail: 'The plan is offered no more.' });
  }
  if (plan.currency !== currency) {
    throw new AppError('conflict', {
      field: 'plan_id',
      detail: 'The plan is in another currency than the workspace.',
    });
  }
  await refuseWhereStoreSells(tx, workspaceId, plan);
  return plan;
}

export const insufficient = () =>
  new AppError('insufficient_funds', {
    detail: 'A plan is paid from what was paid in: bonus does not count. Nothing was charged.',
  });

/** Nobody pays here for what a store charges already. */
async function refuseWhereStoreSells(tx: Tx, workspaceId: string, plan: PlanRow): Promise<void> {
  const sold = await findStoreSubscriptions(tx, workspaceId, STORE_PLANS_MAX);
  const named = sold.flatMap(({ plan_id }) => plan_id ?? []);
  if (named.length === 0) return;
  const plans = await findPlans(tx, named);
  if (plans.some(({ key }) => key === plan.key)) {
    throw new AppError('conflict', { detail: 'The workspace has this plan by a subscription in a store.' });
  }
}
