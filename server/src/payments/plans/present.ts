// Plans and subscriptions as the API shows them.
import { encodeId, moneyOf } from '@sotto/contract';
import type { OperatorPlan } from '@sotto/contract/admin/plans';
import type { Plan, Subscription, SubscriptionOverview } from '@sotto/contract/plans';
import type { Tx } from '#platform/database';
import { assertInvariant } from '#platform/errors';
import type { StoreSubscriptionRow } from './allowance.sql.ts';
import { findPlans, type PlanRow } from './plan.sql.ts';
import type { ShownRow } from './plan-subscription.sql.ts';

export const presentPlan = (row: PlanRow): Plan => ({
  id: encodeId('pln', row.id),
  key: row.key,
  version: row.version,
  name: row.name,
  price: moneyOf(row.price, row.currency),
  credit: moneyOf(row.credit, row.currency),
  members_max: row.members_max,
  keys_max: row.keys_max,
  store_products: row.store_products,
});

export const presentOperatorPlan = (row: PlanRow): OperatorPlan => ({
  ...presentPlan(row),
  retired_at: row.retired_at?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
});

/** A subscription with its plans, which are read in the same transaction. */
export async function presentSubscription(tx: Tx, row: ShownRow): Promise<Subscription> {
  const ids = row.next_plan_id === null ? [row.plan_id] : [row.plan_id, row.next_plan_id];
  const plans = new Map((await findPlans(tx, ids)).map((plan) => [plan.id, presentPlan(plan)]));
  const plan = plans.get(row.plan_id);
  assertInvariant(plan !== undefined, 'plans are retired and never deleted');
  return {
    id: encodeId('sub', row.id),
    plan,
    state: row.state as Subscription['state'],
    period_start: row.period_start.toISOString(),
    period_end: row.period_end.toISOString(),
    next_plan: row.next_plan_id === null ? null : plans.get(row.next_plan_id)!,
    cancelled_at: row.cancelled_at?.toISOString() ?? null,
    ends_at: row.ends_at?.toISOString() ?? null,
    grace_until: row.grace_until?.toISOString() ?? null,
    created_at: row.anchor_at.toISOString(),
    ended_at: row.ended_at?.toISOString() ?? null,
  };
}

/** Where each store lets people manage what they subscribed to. */
const MANAGE_URLS = {
  app_store: 'https://apps.apple.com/account/subscriptions',
  play_store: 'https://play.google.com/store/account/subscriptions',
} as const;

/** A subscription of a store, with the plan among these that it allows. */
export function presentStoreSubscription(
  row: StoreSubscriptionRow,
  plans: readonly PlanRow[],
): SubscriptionOverview['from_stores'][number] {
  const plan = plans.find(({ id }) => id === row.plan_id);
  return {
    store: row.provider,
    product_id: row.product_id,
    plan: plan === undefined ? null : presentPlan(plan),
    state: row.state,
    expires_at: row.expires_at.toISOString(),
    manage_url: MANAGE_URLS[row.provider],
  };
}
