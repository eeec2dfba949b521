// Statements that read the books of one workspace, in a tenant's transaction or a batch's.
import { statement } from '#platform/statement';
import type { TransactionKind, WalletAccount } from './posting.ts';

export interface HistoryRow {
  readonly id: string;
  readonly kind: TransactionKind;
  readonly reverses: string | null;
  readonly reason: string | null;
  readonly reference: string | null;
  readonly created_at: Date;
  readonly available: bigint;
  readonly held: bigint;
  readonly bonus: bigint;
}

/**
 * Transactions of a workspace ($1) older than an id ($2), newest first, at most $3, those kept no longer than $4 only
 * until then, to the second. The index
 * transaction_of_workspace gives the page in order, from the newest partition backwards.
 */
export const READ_HISTORY = statement<HistoryRow>(
  'ledger.read_history',
  'billing',
  `with page as materialized (
     select id, kind, reverses, reason, reference, created_at
       from ledger.transaction
      where workspace_id = $1::uuid
        and id < $2::uuid
        and ($4::text is null
             or (created_at at time zone 'UTC' + $4::interval) at time zone 'UTC' > (select platform.clock()))
      order by id desc
      limit $3::integer
   )
   select p.id, p.kind, p.reverses, p.reason, p.reference, p.created_at, e.available, e.held, e.bonus
     from page p
    cross join lateral (
      select coalesce(sum(amount) filter (where account = 'available'), 0)::bigint as available,
             coalesce(sum(amount) filter (where account = 'held'), 0)::bigint as held,
             coalesce(sum(amount) filter (where account = 'bonus'), 0)::bigint as bonus
        from ledger.entry
       where transaction_id = p.id
         and workspace_id = $1::uuid
    ) e
    order by p.id desc`,
);

/** One transaction ($2) of a workspace ($1); none when it is another's. By the primary key, in one partition. */
export const FIND_TRANSACTION = statement<HistoryRow>(
  'ledger.find_transaction',
  'billing',
  `select t.id, t.kind, t.reverses, t.reason, t.reference, t.created_at, e.available, e.held, e.bonus
     from ledger.transaction t
    cross join lateral (
      select coalesce(sum(amount) filter (where account = 'available'), 0)::bigint as available,
             coalesce(sum(amount) filter (where account = 'held'), 0)::bigint as held,
             coalesce(sum(amount) filter (where account = 'bonus'), 0)::bigint as bonus
        from ledger.entry
       where transaction_id = $2::uuid
         and workspace_id = $1::uuid
    ) e
    where t.id = $2::uuid
      and t.workspace_id = $1::uuid`,
);

export interface StatementRow {
  /** False for what lies before the statement's beginning. */
  readonly within: boolean;
  readonly kind: TransactionKind;
  readonly account: WalletAccount;
  readonly amount: bigint;
}

/**
 * Sums by kind and account for a workspace ($1), before and from the id $2 on, below the id $3. What was carried forward
 * lies before; its kind means nothing.
 */
export const SUM_STATEMENT = statement<StatementRow>(
  'ledger.sum_statement',
  'billing',
  `select t.id >= $2::uuid as within, t.kind, e.account, sum(e.amount)::bigint as amount
     from ledger.transaction t
     join ledger.entry e
       on e.transaction_id = t.id
      and e.workspace_id = t.workspace_id
    where t.workspace_id = $1::uuid
      and t.id < $3::uuid
    group by 1, 2, 3
    union all
   select false, 'adjustment', account, amount
     from ledger.opening_balance
    where workspace_id = $1::uuid`,
);
