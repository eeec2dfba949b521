// The routes of plans: a workspace subscribes and changes its mind; the operator makes plans and retires them.
import { decodeId } from '@sotto/contract';
import {
  cancelSubscription as cancelOperation,
  changeSubscription as changeOperation,
  getSubscription as getOperation,
  listPlans as listOperation,
  plansOfferedMax,
  resumeSubscription as resumeOperation,
  subscribe as subscribeOperation,
} from '@sotto/contract/plans';
import type { Database, Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { type Call, inTransaction, type Route, reads } from '#platform/route';
import { type AuditedCaller, actorOf, record } from '#privacy/audit';
import { findStoreSubscriptions } from './allowance.sql.ts';
import { boundsOf } from './allowances.ts';
import { type Changed, cancel, changePlan, resume } from './change-subscription.ts';
import { findOffered, findPlans } from './plan.sql.ts';
import { findRunning } from './plan-subscription.sql.ts';
import { presentPlan, presentStoreSubscription, presentSubscription } from './present.ts';
import type { SettleParts } from './settle.ts';
import { STORE_PLANS_MAX, subscribe } from './subscribe.ts';

export interface PlanRoutesOptions extends SettleParts {
  readonly db: Database;
}

type Subscriber = AuditedCaller & {
  readonly workspaceId: string;
  readonly currency: string;
  readonly test: boolean;
};

export function planRoutes(options: PlanRoutesOptions): readonly Route[] {
  const { db, keyring } = options;

  /** Written beside what was done, and answered as it is now. */
  async function noted(
    tx: Tx,
    call: { readonly caller: Subscriber; readonly requestId: string },
    action: `subscription.${'started' | 'changed' | 'cancelled' | 'resumed'}`,
    { subscription, isNew }: Changed,
  ) {
    const { id, workspace_id: workspaceId } = subscription;
    if (isNew) {
      await record(tx, keyring, {
        action,
        actor: actorOf(call),
        object: { kind: 'subscription', id },
        sealed: { workspaceId, ids: { subscription_id: id } },
      });
    }
    return presentSubscription(tx, subscription);
  }

  return [
    reads(listOperation, async ({ caller }: Call<typeof listOperation, Subscriber>) => {
      const { workspaceId, currency } = caller;
      const rows = await db.tenant(workspaceId, (tx) => findOffered(tx, currency, plansOfferedMax));
      return { data: rows.map(presentPlan) };
    }),
    reads(getOperation, ({ caller: { workspaceId } }: Call<typeof getOperation, Subscriber>) =>
      db.tenant(workspaceId, (tx) => overview(tx, options, workspaceId)),
    ),
    inTransaction(subscribeOperation, async (call: Call<typeof subscribeOperation, Subscriber>, tx) => {
      const { workspaceId } = refuseTest(call.caller);
      const subscription = await subscribe(tx, options, workspaceId, planIn(call.body));
      return noted(tx, call, 'subscription.started', { subscription, isNew: true });
    }),
    inTransaction(changeOperation, async (call: Call<typeof changeOperation, Subscriber>, tx) => {
      const { workspaceId } = refuseTest(call.caller);
      const changed = await changePlan(tx, options, workspaceId, planIn(call.body));
      return noted(tx, call, 'subscription.changed', changed);
    }),
    inTransaction(cancelOperation, async (call: Call<typeof cancelOperation, Subscriber>, tx) => {
      const { workspaceId } = refuseTest(call.caller);
      return noted(tx, call, 'subscription.cancelled', await cancel(tx, options, workspaceId));
    }),
    inTransaction(resumeOperation, async (call: Call<typeof resumeOperation, Subscriber>, tx) => {
      const { workspaceId } = refuseTest(call.caller);
      return noted(tx, call, 'subscription.resumed', await resume(tx, options, workspaceId));
    }),
  ];
}

async function overview(tx: Tx, { plans }: Pick<SettleParts, 'plans'>, workspaceId: string) {
  const running = await findRunning(tx, workspaceId);
  const sold = await findStoreSubscriptions(tx, workspaceId, STORE_PLANS_MAX);
  const named = sold.flatMap(({ plan_id }) => plan_id ?? []);
  const rows = named.length === 0 ? [] : await findPlans(tx, named);
  const { membersMax, keysMax } = await boundsOf(tx, plans, workspaceId);
  return {
    subscription: running === undefined ? null : await presentSubscription(tx, running),
    from_stores: sold.map((row) => presentStoreSubscription(row, rows)),
    allowed: { members_max: membersMax, keys_max: keysMax },
    cancel_seconds_before: plans.cutoffMs / 1_000,
  };
}

function refuseTest(caller: Subscriber): Subscriber {
  if (caller.test) throw new AppError('test_key_refused');
  return caller;
}

function planIn({ plan_id }: { readonly plan_id: string }): string {
  const id = decodeId('pln', plan_id);
  if (id === null) throw new AppError('not_found');
  return id;
}
