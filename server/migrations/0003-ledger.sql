-- Double entry. A workspace has a wallet: three accounts (available, held, bonus) whose balances stand in one row,
-- so that spending takes one lock and one update. The platform's accounts have no row: their balance is the sum of
-- their entries, for a cached one would be the hottest row of the database. Money is integer micros.

create schema ledger;
grant usage on schema ledger to sotto_tenant, sotto_batch;

create type ledger.account as enum (
  'available', 'held', 'bonus',
  'deposits', 'revenue', 'bonus_granted', 'adjustments'
);
comment on type ledger.account is 'The first three belong to a workspace, the others to the platform.';

create type ledger.transaction_kind as enum (
  'top_up', 'bonus', 'adjustment', 'refund', 'reversal',
  'hold', 'capture', 'release', 'expire'
);

create type ledger.hold_state as enum ('open', 'captured', 'released', 'expired');

-- Balances are written by ledger.apply_entries() alone: no role of the product may update those columns.
create table ledger.wallet (
  workspace_id uuid primary key,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  available bigint not null default 0,
  held bigint not null default 0,
  bonus bigint not null default 0,
  credit_limit bigint not null default 0,
  created_at timestamptz not null default platform.clock(),
  constraint available_covers check (available + credit_limit >= 0),
  constraint held_not_negative check (held >= 0),
  constraint bonus_not_negative check (bonus >= 0),
  constraint credit_limit_bounds check (credit_limit between 0 and 1000000000000000000),
  constraint balance_bounds check (
    available between -1000000000000000000 and 1000000000000000000
    and held <= 1000000000000000000
    and bonus <= 1000000000000000000
  )
) with (fillfactor = 50);
comment on column ledger.wallet.available is 'Micros. Below zero it is credit drawn, down to -credit_limit.';
comment on column ledger.wallet.held is 'Micros. The sum of the open holds.';
comment on column ledger.wallet.bonus is 'Micros given away by the platform; spent first.';
comment on column ledger.wallet.credit_limit is 'Micros.';

create table ledger.transaction (
  id uuid primary key,
  kind ledger.transaction_kind not null,
  workspace_id uuid,
  reverses uuid,
  reason text check (reason ~ '^[a-z][a-z0-9_.]{0,63}$'),
  reference uuid,
  created_at timestamptz not null,
  constraint reversal_names_its_transaction check ((kind = 'reversal') = (reverses is not null))
) partition by range (id);
comment on column ledger.transaction.workspace_id is 'Whose wallet it moves; null when it moves the platform''s accounts only.';
comment on column ledger.transaction.reason is 'A code, never free text.';
comment on column ledger.transaction.reference is 'Id of what it was for: a payment, a ticket.';
create index transaction_of_workspace on ledger.transaction (workspace_id, id);

create table ledger.entry (
  transaction_id uuid not null,
  workspace_id uuid,
  account ledger.account not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  amount bigint not null,
  constraint entry_amount_bounds check (amount <> 0 and amount between -2000000000000000000 and 2000000000000000000),
  constraint entry_owner check ((workspace_id is not null) = (account in ('available', 'held', 'bonus'))),
  constraint entry_once unique nulls not distinct (transaction_id, workspace_id, account, currency)
) partition by range (transaction_id);
comment on column ledger.entry.workspace_id is 'Null: an account of the platform.';
comment on column ledger.entry.amount is 'Micros added to the account; negative takes away.';

-- The id is the caller's: of the message or activation it was taken for. Resolving is a HOT update, so no index may
-- name state, captured or resolved_by.
create table ledger.hold (
  id uuid primary key,
  workspace_id uuid not null,
  amount bigint not null check (amount between 0 and 1000000000000000000),
  from_bonus bigint not null check (from_bonus between 0 and amount),
  captured bigint not null default 0 check (captured between 0 and amount),
  expires_at timestamptz not null,
  opened_by uuid,
  resolved_by uuid,
  state ledger.hold_state not null default 'open',
  constraint hold_opening_posted check ((opened_by is null) = (amount = 0)),
  constraint hold_resolution_posted check ((resolved_by is null) = (state = 'open' or amount = 0)),
  constraint hold_captured_when_captured check (captured = 0 or state = 'captured')
) partition by range (id);
comment on column ledger.hold.from_bonus is 'Micros of the amount that came from the bonus; what is not captured returns there.';
comment on column ledger.hold.opened_by is 'Transaction that moved the amount to held, shared by the holds of one batch; null for a hold of nothing.';
comment on column ledger.hold.resolved_by is 'Transaction that captured, released or expired it.';
create index hold_expires on ledger.hold (expires_at);

-- A caller's key names one transaction for ever: the same posting asked for again is the same transaction.
create table ledger.posting_key (
  scope uuid not null,
  key text not null check (length(key) between 1 and 200),
  transaction_id uuid not null,
  request_digest bytea not null check (length(request_digest) = 32),
  primary key (scope, key)
);
comment on column ledger.posting_key.scope is 'The workspace, or the nil UUID for postings between accounts of the platform.';
comment on column ledger.posting_key.key is 'Made of ids only.';
comment on column ledger.posting_key.request_digest is 'SHA-256 of what was asked for.';

-- Up to where the sweep has expired holds; one row.
create table ledger.expiry_sweep (
  id boolean primary key default true check (id),
  swept_until timestamptz not null
);
insert into ledger.expiry_sweep (swept_until) values ('-infinity');

insert into platform.partitioned (parent, every, storage) values
  ('ledger.transaction', 'month', 'fillfactor=100'),
  ('ledger.entry', 'month', 'fillfactor=100'),
  ('ledger.hold', 'month', 'fillfactor=50');

-- Runs once per insert of entries, over all of them: refuses what does not balance, then moves the wallets. So a
-- balance is the sum of its entries whatever the code above does, and the checks of the wallet refuse an overdraft.
-- The statements that post have locked the wallets already, in the order of their ids.
create function ledger.apply_entries() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  wallets_named integer;
  wallets_moved integer;
begin
  if exists (select from added group by transaction_id, currency having sum(amount) <> 0) then
    raise exception 'the entries of a transaction must sum to zero in each currency'
      using errcode = 'check_violation', schema = 'ledger', table = 'entry', constraint = 'entries_balance';
  end if;
  with change as (
    select workspace_id,
           currency,
           coalesce(sum(amount) filter (where account = 'available'), 0)::bigint as available,
           coalesce(sum(amount) filter (where account = 'held'), 0)::bigint as held,
           coalesce(sum(amount) filter (where account = 'bonus'), 0)::bigint as bonus
      from added
     where workspace_id is not null
     group by workspace_id, currency
  ), moved as (
    update ledger.wallet w
       set available = w.available + c.available,
           held = w.held + c.held,
           bonus = w.bonus + c.bonus
      from change c
     where w.workspace_id = c.workspace_id
       and w.currency = c.currency
    returning 1
  )
  select (select count(*) from change), (select count(*) from moved)
    into wallets_named, wallets_moved;
  if wallets_named <> wallets_moved then
    raise exception 'an entry names a wallet that does not exist in its currency'
      using errcode = 'foreign_key_violation', schema = 'ledger', table = 'entry', constraint = 'entry_wallet';
  end if;
  return null;
end
$$;
revoke all on function ledger.apply_entries() from public;

create trigger entries_apply after insert on ledger.entry
  referencing new table as added
  for each statement execute function ledger.apply_entries();

create function ledger.refuse_change() returns trigger
language plpgsql set search_path = pg_catalog
as $$
begin
  raise exception '%.% keeps its rows as they are: %', tg_table_schema, tg_table_name, tg_argv[0]
    using errcode = 'integrity_constraint_violation', schema = tg_table_schema, table = tg_table_name;
end
$$;

-- Retention drops whole partitions; nothing else removes what was posted.
create trigger transaction_append_only before update or delete on ledger.transaction
  for each row execute function ledger.refuse_change('post a reversal');
create trigger transaction_never_emptied before truncate on ledger.transaction
  for each statement execute function ledger.refuse_change('post a reversal');
create trigger entry_append_only before update or delete on ledger.entry
  for each row execute function ledger.refuse_change('post a reversal');
create trigger entry_never_emptied before truncate on ledger.entry
  for each statement execute function ledger.refuse_change('post a reversal');

-- After, not before: a trigger before an update locks every row once more. The condition is evaluated without
-- calling the function, so resolving an open hold pays next to nothing.
create trigger hold_resolves_once after update on ledger.hold
  for each row when (old.state <> 'open') execute function ledger.refuse_change('a hold resolves once');
create trigger hold_never_deleted before delete on ledger.hold
  for each row execute function ledger.refuse_change('a hold resolves once');

alter table ledger.wallet enable row level security;
alter table ledger.wallet force row level security;
alter table ledger.transaction enable row level security;
alter table ledger.transaction force row level security;
alter table ledger.entry enable row level security;
alter table ledger.entry force row level security;
alter table ledger.hold enable row level security;
alter table ledger.hold force row level security;
alter table ledger.posting_key enable row level security;
alter table ledger.posting_key force row level security;

create policy tenant_reads on ledger.wallet for select to sotto_tenant using (workspace_id = platform.tenant());
create policy tenant_reads on ledger.transaction for select to sotto_tenant using (workspace_id = platform.tenant());
create policy tenant_reads on ledger.entry for select to sotto_tenant using (workspace_id = platform.tenant());
create policy tenant_reads on ledger.hold for select to sotto_tenant using (workspace_id = platform.tenant());
create policy batch_all on ledger.wallet for all to sotto_batch using (true) with check (true);
create policy batch_all on ledger.transaction for all to sotto_batch using (true) with check (true);
create policy batch_all on ledger.entry for all to sotto_batch using (true) with check (true);
create policy batch_all on ledger.hold for all to sotto_batch using (true) with check (true);
create policy batch_all on ledger.posting_key for all to sotto_batch using (true) with check (true);
-- apply_entries() runs as the owner, who is not a superuser on every cluster.
create policy owner_moves on ledger.wallet for all to current_user using (true) with check (true);

grant select on ledger.wallet, ledger.transaction, ledger.entry, ledger.hold to sotto_tenant;
grant select on ledger.wallet, ledger.transaction, ledger.entry, ledger.hold, ledger.posting_key to sotto_batch;
grant insert (workspace_id, currency), update (credit_limit) on ledger.wallet to sotto_batch;
grant insert on ledger.transaction, ledger.entry, ledger.posting_key to sotto_batch;
grant insert (id, workspace_id, amount, from_bonus, expires_at, opened_by) on ledger.hold to sotto_batch;
grant update (state, captured, resolved_by) on ledger.hold to sotto_batch;
grant select, update (swept_until) on ledger.expiry_sweep to sotto_batch;
