// The hot statements: many holds of many workspaces at once, one transaction of the books a workspace.
// Balances follow by ledger.apply_entries(), within the same statement.
import { statement } from '#platform/statement';
import type { HoldState } from './hold.ts';

/** The holds of a batch and the transactions that set their amounts aside. Two sets of arrays, in this order. */
export const PLACE_HOLDS = statement<never>(
  'ledger.place_holds',
  'billing',
  `with opened as (
     insert into ledger.hold (id, workspace_id, amount, from_bonus, expires_at, opened_by)
     select id, workspace_id, amount, from_bonus, greatest(expires_at, (select platform.clock())), opened_by
       from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::uuid[])
         as i(id, workspace_id, amount, from_bonus, expires_at, opened_by)
   ), posting as materialized (
     select p.id, p.workspace_id, p.from_available, p.from_bonus, w.currency
       from unnest($7::uuid[], $8::uuid[], $9::bigint[], $10::bigint[])
         as p(id, workspace_id, from_available, from_bonus)
       left join ledger.wallet w on w.workspace_id = p.workspace_id
   ), posted as (
     insert into ledger.transaction (id, kind, workspace_id, created_at)
     select id, 'hold', workspace_id, (select platform.clock())
       from posting
   )
   insert into ledger.entry (transaction_id, workspace_id, account, currency, amount)
   select p.id, p.workspace_id, e.account, p.currency, e.amount
     from posting p
    cross join lateral (values
      ('available'::ledger.account, -p.from_available),
      ('bonus', -p.from_bonus),
      ('held', p.from_available + p.from_bonus)
    ) as e(account, amount)
    where e.amount <> 0`,
);

export interface ResolvedRow {
  readonly id: string;
  readonly amount: bigint;
  readonly captured: bigint;
}

/**
 * Resolves open holds to one state and returns those it resolved: $1 ids in ascending order, $2 workspaces, $3
 * amounts to capture, $4 the workspace's transaction, $5 state, $6 kind of transaction, $7 and $8 the lowest and
 * highest id (they prune partitions). The caller holds the locks of their wallets.
 *
 * What was asked for a hold is found by its place among the sorted ids (width_bucket is a binary search), not by a
 * join: a plan cached while the table was small would join by reading all holds between the lowest and the highest.
 */
export const RESOLVE_HOLDS = statement<ResolvedRow>(
  'ledger.resolve_holds',
  'billing',
  `with resolved as (
     update ledger.hold
        set state = $5::ledger.hold_state,
            captured = ($3::bigint[])[width_bucket(id, $1::uuid[])],
            resolved_by = case when amount > 0 then ($4::uuid[])[width_bucket(id, $1::uuid[])] end
      where id = any($1::uuid[])
        and id between $7::uuid and $8::uuid
        and state = 'open'
        and workspace_id = ($2::uuid[])[width_bucket(id, $1::uuid[])]
        and amount >= ($3::bigint[])[width_bucket(id, $1::uuid[])]
     returning id, workspace_id, amount, from_bonus, captured, resolved_by
   ), posting as materialized (
     select resolved_by as id,
            workspace_id,
            sum(amount)::bigint as amount,
            sum(captured)::bigint as captured,
            sum(from_bonus - least(captured, from_bonus))::bigint as to_bonus
       from resolved
      where resolved_by is not null
      group by resolved_by, workspace_id
   ), posted as (
     insert into ledger.transaction (id, kind, workspace_id, created_at)
     select id, $6::ledger.transaction_kind, workspace_id, (select platform.clock())
       from posting
   ), entered as (
     insert into ledger.entry (transaction_id, workspace_id, account, currency, amount)
     select p.id,
            case when e.account = 'revenue' then null else p.workspace_id end,
            e.account,
            (select w.currency from ledger.wallet w where w.workspace_id = p.workspace_id),
            e.amount
       from posting p
      cross join lateral (values
        ('held'::ledger.account, -p.amount),
        ('bonus', p.to_bonus),
        ('available', p.amount - p.captured - p.to_bonus),
        ('revenue', p.captured)
      ) as e(account, amount)
      where e.amount <> 0
   )
   select id, amount, captured
     from resolved`,
);

export interface FoundHoldRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly amount: bigint;
  readonly captured: bigint;
  readonly state: HoldState;
}

/**
 * The holds among $1 (between $2 and $3) that none of the transactions $4 resolved: to tell why. Sent after
 * RESOLVE_HOLDS, so that its snapshot shows whatever outcome that one had to leave standing.
 */
export const READ_UNRESOLVED = statement<FoundHoldRow>(
  'ledger.read_unresolved_holds',
  'billing',
  `select id, workspace_id, amount, captured, state::text as state
     from ledger.hold
    where id = any($1::uuid[])
      and id between $2::uuid and $3::uuid
      and (resolved_by = any($4::uuid[])) is not true`,
);

export interface OverdueRow {
  readonly id: string;
  readonly workspace_id: string;
}

/**
 * Open holds whose time has passed, oldest first, at most $1. The index hold_expires is entered where the last
 * complete sweep ended, less a margin for transactions that were still running then.
 */
export const FIND_OVERDUE = statement<OverdueRow>(
  'ledger.find_overdue_holds',
  'billing',
  `select id, workspace_id
     from ledger.hold
    where expires_at >= (select swept_until - interval '1 hour' from ledger.expiry_sweep)
      and expires_at <= (select platform.clock())
      and state = 'open'
    order by expires_at
    limit $1::integer`,
);

/** The instant of a sweep that begins now. */
export const SWEEP_BEGINS = statement<{ readonly at: Date }>(
  'ledger.begin_sweep',
  'operations',
  `select platform.clock() as at`,
);

/** Remembers that every hold that expired before $1 is resolved. */
export const SWEEP_COMPLETE = statement<never>(
  'ledger.complete_sweep',
  'operations',
  `update ledger.expiry_sweep
      set swept_until = greatest(swept_until, $1::timestamptz)`,
);
