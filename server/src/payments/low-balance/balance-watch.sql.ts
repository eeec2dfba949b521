// Statements on payments.balance_watch.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import { readerFor } from '#privacy/reading';
import { payments } from '../steward.ts';

const read = readerFor(payments);

export interface WatchRow {
  readonly workspace_id: string;
  readonly threshold: bigint;
  readonly armed: boolean;
}

const WATCH = statement<never>(
  'payments.watch_balance',
  'billing',
  `insert into payments.balance_watch as w (workspace_id, threshold)
   values ($1::uuid, $2::bigint)
   on conflict (workspace_id) do update
      set threshold = excluded.threshold,
          armed = w.armed or excluded.threshold <> w.threshold,
          changed_at = (select platform.clock())`,
);

/** Watches a balance; another threshold is armed anew. May be repeated. */
export const watchBalance = async (tx: Tx, workspaceId: string, threshold: bigint): Promise<void> => {
  await tx.exec(WATCH, [workspaceId, threshold]);
};

const UNWATCH = statement<never>(
  'payments.unwatch_balances',
  'billing',
  'delete from payments.balance_watch where workspace_id = any($1::uuid[])',
);
export const unwatch = async (tx: Tx, workspaceIds: readonly string[]): Promise<void> => {
  await tx.exec(UNWATCH, [arrays.uuid(workspaceIds)]);
};

export const findThreshold = async (tx: Tx, workspaceId: string): Promise<bigint | null> =>
  (
    await tx.run(
      read(tx, 'billing')
        .selectFrom('payments.balance_watch')
        .select(['threshold'])
        .where('workspace_id', '=', workspaceId),
    )
  )[0]?.threshold ?? null;

const TAKE = statement<WatchRow>(
  'payments.take_watches',
  'billing',
  `update payments.balance_watch w
      set looked_at = (select platform.clock())
     from (
       select workspace_id
         from payments.balance_watch
        where looked_at <= (select platform.clock()) - make_interval(secs => $1::integer)
        order by looked_at
        limit $2::integer
          for update skip locked) due
    where w.workspace_id = due.workspace_id
   returning w.workspace_id, w.threshold, w.armed`,
);

/** Those nobody looked at for so long, longest first, locked and noted as looked at; by balance_watch_turn. */
export const takeWatches = (tx: Tx, quietSeconds: number, limit: number): Promise<WatchRow[]> =>
  tx.exec(TAKE, [quietSeconds, limit]);

const ARM = statement<never>(
  'payments.arm_watches',
  'billing',
  `update payments.balance_watch
      set armed = $2::boolean
    where workspace_id = any($1::uuid[])`,
);
export const setArmed = async (tx: Tx, workspaceIds: readonly string[], armed: boolean): Promise<void> => {
  await tx.exec(ARM, [arrays.uuid(workspaceIds), armed]);
};
