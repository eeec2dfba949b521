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
  /** True when this statement resolved it. */
  readonly now: boolean;
  /** The state after this statement; null when there is no such hold in that workspace. */
  readonly state: HoldState | null;
  readonly amount: bigint | null;
  readonly captured: bigint | null;
}

/**
 * Resolves open holds to one state: $1 ids, $2 workspaces, $3 amounts to capture, $4 the workspace's transaction,
 * $5 and $6 the lowest and highest id (they prune partitions), $7 state, $8 kind of transaction. Only open holds
 * are touched; the caller holds the locks of their wallets, so the snapshot is never older than another outcome.
 */
export const RESOLVE_HOLDS = statement<ResolvedRow>(
  'ledger.resolve_holds',
  'billing',
  `with asked as materialized (
     select id, workspace_id, captured, transaction_id
       from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[])
         as a(id, workspace_id, captured, transaction_id)
   ), resolved as (
     update ledger.hold h
        set state = $7::ledger.hold_state,
            captured = a.captured,
            resolved_by = case when h.amount = 0 then null else a.transaction_id end
       from asked a
      where h.id = a.id
        and h.id between $5::uuid and $6::uuid
        and h.workspace_id = a.workspace_id
        and h.state = 'open'
        and h.amount >= a.captured
     returning h.id, h.workspace_id, h.amount, h.from_bonus, h.captured, h.resolved_by
   ), posting as materialized (
     select r.resolved_by as id,
            r.workspace_id,
            sum(r.amount)::bigint as amount,
            sum(r.captured)::bigint as captured,
            sum(r.from_bonus - least(r.captured, r.from_bonus))::bigint as to_bonus
       from resolved r
      where r.resolved_by is not null
      group by r.resolved_by, r.workspace_id
   ), posted as (
     insert into ledger.transaction (id, kind, workspace_id, created_at)
     select id, $8::ledger.transaction_kind, workspace_id, (select platform.clock())
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
   select a.id,
          r.id is not null as now,
          coalesce(case when r.id is not null then $7::ledger.hold_state end, h.state)::text as state,
          coalesce(r.amount, h.amount) as amount,
          coalesce(r.captured, h.captured) as captured
     from asked a
     left join resolved r on r.id = a.id
     left join lateral (
       select h.state, h.amount, h.captured
         from ledger.hold h
        where r.id is null
          and h.id = a.id
          and h.id between $5::uuid and $6::uuid
          and h.workspace_id = a.workspace_id
        limit 1
     ) h on true`,
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
