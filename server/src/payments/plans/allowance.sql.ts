// What the plans of a workspace allow: the one it pays here, and those a store sold.
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

export interface AllowanceRow {
  readonly members_max: number | null;
  readonly keys_max: number | null;
}

const ALLOWED = statement<AllowanceRow>(
  'payments.find_allowances',
  'billing',
  `select p.members_max, p.keys_max
     from payments.plan_subscription s
     join payments.plan p on p.id = s.plan_id
    where s.workspace_id = $1::uuid
      and s.ended_at is null
      and (s.ends_at is null or s.ends_at > (select platform.clock()))
      and (s.grace_until is null or s.grace_until > (select platform.clock()))
    union all
   select bought.members_max, bought.keys_max
     from payments.subscription s
    cross join lateral (
            select distinct on (p.key) p.members_max, p.keys_max
              from payments.plan p
             where p.store_products @> array[s.product_id]
             order by p.key, p.version desc) bought
    where s.workspace_id = $1::uuid
      and s.state in ('active', 'grace', 'cancelled')
      and s.expires_at > (select platform.clock())`,
);

/** One row for each plan that allows something at this moment, whatever a job has written by then. */
export const findAllowances = (tx: Tx, workspaceId: string): Promise<AllowanceRow[]> =>
  tx.exec(ALLOWED, [workspaceId]);

export interface StoreSubscriptionRow {
  readonly provider: 'app_store' | 'play_store';
  readonly product_id: string;
  readonly state: 'active' | 'grace' | 'cancelled';
  readonly expires_at: Date;
  readonly plan_id: string | null;
}

const FROM_STORES = statement<StoreSubscriptionRow>(
  'payments.find_store_subscriptions',
  'billing',
  `select s.provider, s.product_id, s.state, s.expires_at, bought.id as plan_id
     from payments.subscription s
     left join lateral (
            select distinct on (p.key) p.id
              from payments.plan p
             where p.store_products @> array[s.product_id]
             order by p.key, p.version desc) bought on true
    where s.workspace_id = $1::uuid
      and s.state in ('active', 'grace', 'cancelled')
      and s.expires_at > (select platform.clock())
    order by s.expires_at desc
    limit $2::integer`,
);

/** Subscriptions of stores that run, with the plans they allow: of each the newest version that names the product. */
export const findStoreSubscriptions = (tx: Tx, workspaceId: string, limit: number) =>
  tx.exec(FROM_STORES, [workspaceId, limit]);
