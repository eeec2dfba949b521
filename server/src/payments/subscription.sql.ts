// Statements on subscriptions, and on purchases that go over to another workspace.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { Provider, SubscriptionState } from './port.ts';

export interface SubscriptionNotice {
  readonly id: string;
  readonly workspaceId: string;
  readonly provider: Provider;
  readonly originalId: string;
  readonly productId: string;
  readonly state: SubscriptionState;
  readonly expiresAt: Date | null;
  readonly asOf: Date;
}

const STORE = statement<{ id: string }>(
  'payments.store_subscription',
  'billing',
  `insert into payments.subscription as s
     (id, workspace_id, provider, original_id, product_id, state, expires_at, as_of)
   values ($1::uuid, $2::uuid, $3::text, $4::text, $5::text, $6::text, $7::timestamptz, $8::timestamptz)
   on conflict on constraint subscription_once do update
      set workspace_id = excluded.workspace_id,
          product_id = excluded.product_id,
          state = excluded.state,
          expires_at = excluded.expires_at,
          as_of = excluded.as_of
    where s.as_of < excluded.as_of
   returning s.id`,
);

/** Stores the state; false when something as young is known. */
export const storeSubscription = async (tx: Tx, notice: SubscriptionNotice): Promise<boolean> =>
  (
    await tx.exec(STORE, [
      notice.id,
      notice.workspaceId,
      notice.provider,
      notice.originalId,
      notice.productId,
      notice.state,
      notice.expiresAt,
      notice.asOf,
    ])
  ).length > 0;

const OWNER = statement<{ workspace_id: string }>(
  'payments.find_subscription_owner',
  'billing',
  `select workspace_id
     from payments.subscription
    where provider = $1::text
      and original_id = $2::text`,
);

/** By subscription_once. */
export const findOwner = async (tx: Tx, provider: Provider, originalId: string): Promise<string | null> =>
  (await tx.exec(OWNER, [provider, originalId]))[0]?.workspace_id ?? null;

const TRANSFER = statement<{ id: string }>(
  'payments.transfer_subscriptions',
  'billing',
  `update payments.subscription
      set workspace_id = $2::uuid
    where id in (
      select id
        from payments.subscription
       where workspace_id = any($1::uuid[])
         and provider = $3::text
       order by id
       limit $4::integer)
   returning id`,
);

/** Subscriptions of some workspaces become another's; how many. By subscription_of_workspace. */
export const transferSubscriptions = async (
  tx: Tx,
  from: readonly string[],
  to: string,
  provider: Provider,
  limit: number,
): Promise<number> => (await tx.exec(TRANSFER, [arrays.uuid(from), to, provider, limit])).length;
