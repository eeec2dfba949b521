// Changing, cancelling and resuming a subscription. Whatever is due is done first, under the same locks: who comes at the
// moment of a renewal finds it done or does it.
import type { Tx } from '#platform/database';
import { AppError, assertInvariant } from '#platform/errors';
import { emit } from '#platform/outbox';
import { subscriptionChanged } from '../events.ts';
import { endOf } from './decide-cancel.ts';
import { changeOf, type Terms } from './decide-change.ts';
import { type Locked, lockOwn, type Place } from './lock-subscription.ts';
import { periodAt } from './periods.ts';
import { findPlans, type PlanRow } from './plan.sql.ts';
import {
  type SubscriptionChange,
  type SubscriptionRow,
  updateSubscription,
} from './plan-subscription.sql.ts';
import { postDues } from './post-dues.ts';
import { differenceOf, largerOf, restOf } from './prorate.ts';
import { end, type SettleParts, settled } from './settle.ts';
import { insufficient, planFor } from './subscribe.ts';

/** What a request did to a subscription. */
export interface Changed {
  readonly subscription: SubscriptionRow;
  /** False when it was so already. */
  readonly isNew: boolean;
}

/**
 * Gives a subscription another plan, at once or with the next period; the plan it has withdraws what was to come. Needs a
 * transaction; may be repeated. Throws `not_found`, `conflict`, `insufficient_funds`.
 */
export async function changePlan(
  tx: Tx,
  parts: SettleParts,
  workspaceId: string,
  planId: string,
): Promise<Changed> {
  const locked = demandRunning(await settled(tx, parts, await lockOwn(tx, workspaceId)));
  const { subscription, wallet } = locked;
  if (subscription.state === 'grace') {
    throw new AppError('conflict', { detail: 'The period that runs is not paid: top up and resume first.' });
  }
  if (subscription.cancelled_at !== null) {
    throw new AppError('conflict', { detail: 'The subscription is cancelled: resume it first.' });
  }
  if (planId === subscription.plan_id) {
    if (subscription.next_plan_id === null) return { subscription, isNew: false };
    return write(tx, subscription, { next_plan_id: null });
  }
  if (planId === subscription.next_plan_id) return { subscription, isNew: false };
  const plan = await planFor(tx, wallet, planId);
  const [current] = await findPlans(tx, [subscription.plan_id]);
  assertInvariant(current !== undefined, 'plans are retired and never deleted');
  if (changeOf(termsOf(current), termsOf(plan)) === 'at_the_end') {
    return write(tx, subscription, { next_plan_id: plan.id });
  }
  return changeNow(tx, locked, current, plan);
}

async function changeNow(tx: Tx, locked: Locked, current: PlanRow, plan: PlanRow): Promise<Changed> {
  const { subscription, wallet, now } = locked;
  const { id, period, changes, paid, credited, credit_level } = subscription;
  const rest = restOf({ start: subscription.period_start, end: subscription.period_end }, now);
  const priceMicros = differenceOf(
    { fromMicros: current.price, toMicros: plan.price, soFarMicros: paid },
    rest,
  );
  const creditMicros = differenceOf(
    { fromMicros: credit_level, toMicros: plan.credit, soFarMicros: credited },
    rest,
  );
  const posted = await postDues(tx, wallet, {
    subscriptionId: id,
    name: `period:${period}:change:${changes}`,
    priceMicros,
    creditMicros,
  });
  if (posted.outcome === 'insufficient_funds') throw insufficient();
  return write(tx, subscription, {
    plan_id: plan.id,
    next_plan_id: null,
    paid: paid + priceMicros,
    credited: credited + posted.creditedMicros,
    credit_level: largerOf(plan.credit, credit_level),
    changes: changes + 1,
  });
}

/**
 * Cancels: with this period where that is in time, else with the next one. One that is in grace ends at once and costs
 * nothing. Needs a transaction; may be repeated, the first time stands. Throws `not_found`.
 */
export async function cancel(tx: Tx, parts: SettleParts, workspaceId: string): Promise<Changed> {
  const place = await lockOwn(tx, workspaceId);
  // What is in grace is not tried again for who wants it no more.
  const locked = demandRunning(
    place.subscription?.state === 'grace' ? place : await settled(tx, parts, place),
  );
  const { subscription, now } = locked;
  if (subscription.state === 'grace')
    return { subscription: await end(tx, locked, 'cancelled'), isNew: true };
  if (subscription.cancelled_at !== null) return { subscription, isNew: false };
  const endsAt = endOf({
    now,
    periodEnd: subscription.period_end,
    nextPeriodEnd: periodAt(subscription.anchor_at, subscription.period + 1).end,
    cutoffMs: parts.plans.cutoffMs,
  });
  return write(tx, subscription, { cancelled_at: now, ends_at: endsAt });
}

/**
 * Takes a cancellation back, and in grace tries to pay at once. Needs a transaction; may be repeated. Throws `not_found`
 * and `insufficient_funds`.
 */
export async function resume(tx: Tx, parts: SettleParts, workspaceId: string): Promise<Changed> {
  const before = await lockOwn(tx, workspaceId);
  const { subscription } = demandRunning(await settled(tx, parts, before));
  if (subscription.state === 'grace') throw insufficient();
  const isNew = before.subscription?.state === 'grace';
  if (subscription.cancelled_at === null) return { subscription, isNew };
  return write(tx, subscription, { cancelled_at: null, ends_at: null });
}

function demandRunning(place: Place): Locked {
  const { subscription, isOpen } = place;
  if (subscription === undefined || !isOpen) throw new AppError('not_found');
  return { ...place, subscription };
}

async function write(
  tx: Tx,
  { id, workspace_id }: SubscriptionRow,
  change: SubscriptionChange,
): Promise<Changed> {
  const subscription = await updateSubscription(tx, id, change);
  await emit(tx, subscriptionChanged, { workspace_id, subscription_id: id });
  return { subscription, isNew: true };
}

const termsOf = ({ price, credit }: PlanRow): Terms => ({ priceMicros: price, creditMicros: credit });
