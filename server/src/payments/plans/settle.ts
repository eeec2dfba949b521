// What is due of a subscription, done under its locks: by the job, or by a request that comes before it. Doing it again
// finds nothing to do: what is paid is written with the charge, and the charge has a key in the books.
import type { Tx } from '#platform/database';
import { assertInvariant } from '#platform/errors';
import { emit } from '#platform/outbox';
import type { Keyring } from '#privacy';
import { subscriptionEnded, subscriptionRenewed, subscriptionUnpaid } from '../events.ts';
import { type EndReason, stepOf, unpaidAt } from './decide-renewal.ts';
import { type Locked, lockPlace, type Place } from './lock-subscription.ts';
import type { Period } from './periods.ts';
import { findPlans, type PlanRow } from './plan.sql.ts';
import { type SubscriptionRow, updateSubscription } from './plan-subscription.sql.ts';
import { postDues } from './post-dues.ts';
import type { PlanSettings } from './settings.ts';
import { tellOfEnd, tellUnpaid } from './tell.ts';

export interface SettleParts {
  readonly keyring: Keyring;
  readonly plans: PlanSettings;
}

export type Settled = 'stayed' | 'renewed' | 'unpaid' | 'ended';

/** Does what is due at the moment the locks were taken. Needs a transaction; may be repeated. */
export async function settle(tx: Tx, parts: SettleParts, locked: Locked): Promise<Settled> {
  const { subscription, isOpen, now } = locked;
  const step = stepOf(standingOf(subscription, isOpen), now);
  switch (step.kind) {
    case 'stay':
      return 'stayed';
    case 'end':
      await end(tx, locked, step.reason);
      if (step.reason === 'unpaid') await tellOfEnd(tx, parts, await planOf(tx, subscription), subscription);
      return 'ended';
    case 'renew':
      return renew(tx, parts, locked, step.period);
  }
}

/** The place of a workspace with nothing due, read anew where something was. Needs a transaction. */
export async function settled(tx: Tx, parts: SettleParts, place: Place): Promise<Place> {
  const { subscription, wallet } = place;
  if (subscription === undefined) return place;
  const done = await settle(tx, parts, { ...place, subscription });
  if (done === 'stayed') return place;
  const anew = await lockPlace(tx, wallet.workspaceId);
  assertInvariant(anew !== undefined, 'what is locked stays');
  return anew;
}

/** Ends one that is locked, once. */
export async function end(
  tx: Tx,
  { subscription, now }: Pick<Locked, 'subscription' | 'now'>,
  reason: EndReason,
): Promise<SubscriptionRow> {
  const { id, workspace_id } = subscription;
  await emit(tx, subscriptionEnded, { workspace_id, subscription_id: id });
  return updateSubscription(tx, id, {
    state: 'ended',
    grace_until: null,
    end_reason: reason,
    ended_at: now,
  });
}

async function renew(tx: Tx, parts: SettleParts, locked: Locked, period: Period): Promise<Settled> {
  const { subscription, wallet, now } = locked;
  const { id, workspace_id } = subscription;
  const plan = await planOf(tx, subscription);
  const posted = await postDues(tx, wallet, {
    subscriptionId: id,
    name: `period:${period.index}`,
    priceMicros: plan.price,
    creditMicros: plan.credit,
  });
  const ids = { workspace_id, subscription_id: id };
  if (posted.outcome === 'posted') {
    await updateSubscription(tx, id, {
      plan_id: plan.id,
      next_plan_id: null,
      state: 'active',
      period: period.index,
      period_start: period.start,
      period_end: period.end,
      paid: plan.price,
      credited: posted.creditedMicros,
      credit_level: plan.credit,
      grace_until: null,
      look_at: period.end,
    });
    await emit(tx, subscriptionRenewed, ids);
    return 'renewed';
  }
  const unpaid = unpaidAt(standingOf(subscription, true), now, parts.plans.graceDays);
  if (unpaid.kind === 'end') {
    await end(tx, locked, 'unpaid');
    await tellOfEnd(tx, parts, plan, subscription);
    return 'ended';
  }
  const { graceUntil, lookAt } = unpaid;
  await updateSubscription(tx, id, { state: 'grace', grace_until: graceUntil, look_at: lookAt });
  if (unpaid.isNew) {
    await emit(tx, subscriptionUnpaid, ids);
    await tellUnpaid(tx, parts, plan, subscription, graceUntil);
  }
  return 'unpaid';
}

/** The plan of the next period. */
async function planOf(tx: Tx, { plan_id, next_plan_id }: SubscriptionRow): Promise<PlanRow> {
  const [plan] = await findPlans(tx, [next_plan_id ?? plan_id]);
  assertInvariant(plan !== undefined, 'plans are retired and never deleted');
  return plan;
}

const standingOf = (row: SubscriptionRow, isOpen: boolean) => ({
  state: row.state as 'active' | 'grace',
  anchor: row.anchor_at,
  periodEnd: row.period_end,
  endsAt: row.ends_at,
  graceUntil: row.grace_until,
  isOpen,
});
