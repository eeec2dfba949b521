// Statements on payments.plan_subscription. Whoever writes one holds the lock of its workspace's wallet before its own.

import type { Selectable } from 'kysely';
import { arrays } from '#platform/arrays';
import { q, type Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { DB } from '#platform/tables';
import { DATABASE_CLOCK, readerFor } from '#privacy/reading';
import { payments } from '../steward.ts';

const read = readerFor(payments);

const SHOWN = [
  'id',
  'workspace_id',
  'plan_id',
  'next_plan_id',
  'state',
  'anchor_at',
  'period_start',
  'period_end',
  'cancelled_at',
  'ends_at',
  'grace_until',
  'ended_at',
] as const;
const ALL = [...SHOWN, 'period', 'paid', 'credited', 'credit_level', 'changes', 'look_at'] as const;

type Row = Selectable<DB['payments.plan_subscription']>;
/** What its workspace sees. */
export type ShownRow = Pick<Row, (typeof SHOWN)[number]>;
export type SubscriptionRow = Pick<Row, (typeof ALL)[number]>;

const NOW = statement<{ now: Date }>(
  'payments.read_clock',
  'operations',
  'select (select platform.clock()) as now',
);

/** The moment things are decided by, to the millisecond. */
export const databaseNow = async (tx: Tx): Promise<Date> => (await tx.exec(NOW, []))[0]!.now;

const from = (tx: Tx) => read(tx, 'billing').selectFrom('payments.plan_subscription');

/** The one of a workspace that runs, by plan_subscription_once; also in a tenant's transaction. */
export const findRunning = async (tx: Tx, workspaceId: string): Promise<ShownRow | undefined> =>
  (
    await tx.run(from(tx).select(SHOWN).where('workspace_id', '=', workspaceId).where('ended_at', 'is', null))
  )[0];

/** The same, locked until the transaction ends. */
export const lockRunning = async (tx: Tx, workspaceId: string): Promise<SubscriptionRow | undefined> =>
  (
    await tx.run(
      from(tx).select(ALL).where('workspace_id', '=', workspaceId).where('ended_at', 'is', null).forUpdate(),
    )
  )[0];

/** Undefined when the workspace has one that runs. */
export const insertSubscription = async (
  tx: Tx,
  row: Pick<
    Row,
    | 'id'
    | 'workspace_id'
    | 'plan_id'
    | 'anchor_at'
    | 'period_start'
    | 'period_end'
    | 'paid'
    | 'credited'
    | 'credit_level'
  >,
): Promise<SubscriptionRow | undefined> =>
  (
    await tx.run(
      q
        .insertInto('payments.plan_subscription')
        .values({ ...row, state: 'active', look_at: row.period_end, changed_at: DATABASE_CLOCK })
        .onConflict((conflict) => conflict.doNothing())
        .returning(ALL),
    )
  )[0];

export type SubscriptionChange = Partial<
  Pick<
    Row,
    | 'plan_id'
    | 'next_plan_id'
    | 'state'
    | 'period'
    | 'period_start'
    | 'period_end'
    | 'paid'
    | 'credited'
    | 'credit_level'
    | 'changes'
    | 'cancelled_at'
    | 'ends_at'
    | 'grace_until'
    | 'look_at'
    | 'end_reason'
    | 'ended_at'
  >
>;

/** Writes a change of one that is locked. */
export const updateSubscription = async (
  tx: Tx,
  id: string,
  change: SubscriptionChange,
): Promise<SubscriptionRow> =>
  (
    await tx.run(
      q
        .updateTable('payments.plan_subscription')
        .set({ ...change, changed_at: DATABASE_CLOCK })
        .where('id', '=', id)
        .returning(ALL),
    )
  )[0]!;

export interface Due {
  readonly id: string;
  readonly workspace_id: string;
  readonly look_at: Date;
}

const DUE = statement<Due>(
  'payments.find_due_subscriptions',
  'billing',
  `select id, workspace_id, look_at
     from payments.plan_subscription
    where ended_at is null
      and look_at <= (select platform.clock())
      and (look_at, id) > ($1::timestamptz, $2::uuid)
    order by look_at, id
    limit $3::integer`,
);

/** Those of which something is due, longest due first, behind one of them; by plan_subscription_due. Locks nothing. */
export const findDue = (tx: Tx, after: Pick<Due, 'look_at' | 'id'>, limit: number): Promise<Due[]> =>
  tx.exec(DUE, [after.look_at, after.id, limit]);

const END = statement<never>(
  'payments.end_subscriptions_of',
  'legal',
  `update payments.plan_subscription
      set state = 'ended',
          grace_until = null,
          end_reason = 'workspace_closed',
          ended_at = (select platform.clock()),
          changed_at = (select platform.clock())
    where workspace_id = any($1::uuid[])
      and ended_at is null`,
);

/** Ends those of workspaces that are erased; the rows stay with the books. May be repeated. */
export const endOfWorkspaces = async (tx: Tx, workspaceIds: readonly string[]): Promise<void> => {
  await tx.exec(END, [arrays.uuid(workspaceIds)]);
};
