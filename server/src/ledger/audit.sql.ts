// Statements that hold the whole books against themselves. They read everything: for the evidence report, the
// fault harness and the tests, never in a request.
import { statement } from '#platform/statement';
import type { PlatformAccount } from './posting.ts';

export interface FaultRow {
  readonly rule: BookRule;
  readonly id: string;
}

/** What the books promise about themselves; reference for each: the sentence in README.md. */
export type BookRule =
  | 'entries_balance'
  | 'transaction_has_entries'
  | 'entry_has_transaction'
  | 'balance_is_sum'
  | 'held_is_open_holds'
  | 'opening_is_its_holds'
  | 'resolution_is_its_holds';

/** Everything that breaks a rule, with the id of the transaction or workspace at fault; at most $1 rows. */
export const FIND_FAULTS = statement<FaultRow>(
  'ledger.find_faults',
  'billing',
  `with opened as (
     select opened_by as id, sum(amount) as amount
       from ledger.hold
      where opened_by is not null
      group by opened_by
   ), resolved as (
     select resolved_by as id, sum(amount) as amount, sum(captured) as captured
       from ledger.hold
      where resolved_by is not null
      group by resolved_by
   ), moved as (
     select t.id,
            t.kind,
            coalesce(sum(e.amount) filter (where e.account = 'held'), 0) as held,
            coalesce(sum(e.amount) filter (where e.account = 'revenue'), 0) as revenue
       from ledger.transaction t
       left join ledger.entry e on e.transaction_id = t.id
      where t.kind in ('hold', 'capture', 'release', 'expire')
      group by t.id
   )
   select 'entries_balance' as rule, transaction_id as id
     from ledger.entry
    group by transaction_id, currency
   having sum(amount) <> 0
    union all
   select 'transaction_has_entries', t.id
     from ledger.transaction t
    where not exists (select from ledger.entry e where e.transaction_id = t.id)
    union all
   select 'entry_has_transaction', e.transaction_id
     from ledger.entry e
    where not exists (select from ledger.transaction t where t.id = e.transaction_id)
    union all
   select 'balance_is_sum', w.workspace_id
     from ledger.wallet w
     left join (
       select workspace_id,
              currency,
              sum(amount) filter (where account = 'available') as available,
              sum(amount) filter (where account = 'held') as held,
              sum(amount) filter (where account = 'bonus') as bonus
         from ledger.entry
        group by workspace_id, currency
     ) e on e.workspace_id = w.workspace_id and e.currency = w.currency
    where (w.available, w.held, w.bonus)
       <> (coalesce(e.available, 0), coalesce(e.held, 0), coalesce(e.bonus, 0))
    union all
   select 'held_is_open_holds', w.workspace_id
     from ledger.wallet w
     left join (
       select workspace_id, sum(amount) as amount
         from ledger.hold
        where state = 'open'
        group by workspace_id
     ) h on h.workspace_id = w.workspace_id
    where w.held <> coalesce(h.amount, 0)
    union all
   select 'opening_is_its_holds', coalesce(o.id, m.id)
     from opened o
     full join (select id, held from moved where kind = 'hold') m on m.id = o.id
    where o.amount is distinct from m.held
    union all
   select 'resolution_is_its_holds', coalesce(r.id, m.id)
     from resolved r
     full join (select id, held, revenue from moved where kind <> 'hold') m on m.id = r.id
    where r.amount is distinct from -m.held
       or r.captured is distinct from m.revenue
    limit $1::integer`,
);

export interface PlatformBalanceRow {
  readonly account: PlatformAccount;
  readonly currency: string;
  readonly amount: bigint;
}

/** The balances of the platform's accounts, which are kept nowhere: the sums of their entries. */
export const SUM_PLATFORM = statement<PlatformBalanceRow>(
  'ledger.sum_platform_accounts',
  'billing',
  `select account, currency, sum(amount)::bigint as amount
     from ledger.entry
    where workspace_id is null
    group by account, currency
    order by currency, account`,
);
