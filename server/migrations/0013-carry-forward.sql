-- Books that end. What is past goes transaction by transaction, its sums carried into an opening balance, so that a
-- balance stays the sum of the entries; partitions are dropped when they are empty.

create table ledger.opening_balance (
  workspace_id uuid,
  account ledger.account not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  amount bigint not null,
  constraint opening_balance_once unique nulls not distinct (workspace_id, account, currency)
) with (fillfactor = 50);
comment on table ledger.opening_balance is 'Sums of the entries that ended. Over all accounts they are zero in each currency, as entries are.';
comment on column ledger.opening_balance.workspace_id is 'Null: an account of the platform, or what is left of wallets that ended.';

create table ledger.carried (
  only_row boolean primary key default true check (only_row),
  up_to uuid not null default '00000000-0000-0000-0000-000000000000'
);
comment on column ledger.carried.up_to is 'The youngest transaction that was carried forward; older ones may stand under a legal hold.';
insert into ledger.carried default values;

alter table ledger.wallet add column closed_at timestamptz;
comment on column ledger.wallet.closed_at is 'When its workspace was erased: it ends with its last transaction.';
create index wallet_closed on ledger.wallet (closed_at) where closed_at is not null;
create index posting_key_transaction on ledger.posting_key (transaction_id);

-- Deleting is for the functions below alone: they belong to the tables' owner and say what they are about.
create or replace function ledger.refuse_change() returns trigger
language plpgsql set search_path = pg_catalog
as $$
begin
  if tg_op = 'DELETE' and current_setting('ledger.carrying', true) = 'on'
     and current_user = (select pg_get_userbyid(relowner) from pg_class where oid = tg_relid) then
    return old;
  end if;
  raise exception '%.% keeps its rows as they are: %', tg_table_schema, tg_table_name, tg_argv[0]
    using errcode = 'integrity_constraint_violation', schema = tg_table_schema, table = tg_table_name;
end
$$;

-- Carries the oldest transactions made at or before a moment into the opening balances, at most `rows_max`, and
-- returns how many. Workspaces in `held` keep theirs. One at a time: another call meanwhile does nothing.
create function ledger.carry_forward(before timestamptz, held uuid[], rows_max integer) returns integer
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  ids uuid[];
begin
  perform from ledger.carried for update skip locked;
  if not found then
    return 0;
  end if;
  select array_agg(t.id order by t.id) into ids
    from (
      select id
        from ledger.transaction
       where id < platform.id_floor(before + interval '1 minute')
         and created_at <= before
         and (workspace_id is null or workspace_id <> all(held))
       order by id
       limit rows_max
    ) t;
  if ids is null then
    return 0;
  end if;
  insert into ledger.opening_balance (workspace_id, account, currency, amount)
  select workspace_id, account, currency, sum(amount)::bigint
    from ledger.entry
   where transaction_id = any(ids)
     and transaction_id between ids[1] and ids[cardinality(ids)]
   group by workspace_id, account, currency
      on conflict (workspace_id, account, currency) do update
     set amount = opening_balance.amount + excluded.amount;
  perform set_config('ledger.carrying', 'on', true);
  delete from ledger.entry
   where transaction_id = any(ids)
     and transaction_id between ids[1] and ids[cardinality(ids)];
  delete from ledger.posting_key
   where transaction_id = any(ids);
  delete from ledger.transaction
   where id = any(ids)
     and id between ids[1] and ids[cardinality(ids)];
  update ledger.carried set up_to = greatest(up_to, ids[cardinality(ids)]);
  perform set_config('ledger.carrying', 'off', true);
  return cardinality(ids);
end
$$;

-- Deletes the oldest holds whose opening and resolution are both carried forward; returns how many.
create function ledger.forget_holds(held uuid[], rows_max integer) returns integer
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  carried_to uuid := (select up_to from ledger.carried);
  ids uuid[];
begin
  select array_agg(h.id order by h.id) into ids
    from (
      select id
        from ledger.hold
       where id <= carried_to
         and state <> 'open'
         and (resolved_by is null or resolved_by <= carried_to)
         and workspace_id <> all(held)
       order by id
       limit rows_max
         for update skip locked
    ) h;
  if ids is null then
    return 0;
  end if;
  perform set_config('ledger.carrying', 'on', true);
  delete from ledger.hold
   where id = any(ids)
     and id between ids[1] and ids[cardinality(ids)];
  perform set_config('ledger.carrying', 'off', true);
  return cardinality(ids);
end
$$;

-- Deletes wallets closed at or before a moment that have no transaction and nothing held any more; what was left in
-- them stays in the books as nobody's. Returns how many.
create function ledger.end_wallets(before timestamptz, held_workspaces uuid[], rows_max integer) returns integer
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  ids uuid[];
begin
  select array_agg(w.workspace_id) into ids
    from (
      select workspace_id
        from ledger.wallet w
       where closed_at <= before
         and held = 0
         and workspace_id <> all(held_workspaces)
         and not exists (select from ledger.transaction t where t.workspace_id = w.workspace_id)
       order by closed_at
       limit rows_max
         for update skip locked
    ) w;
  if ids is null then
    return 0;
  end if;
  insert into ledger.opening_balance (workspace_id, account, currency, amount)
  select null, account, currency, sum(amount)::bigint
    from ledger.opening_balance
   where workspace_id = any(ids)
   group by account, currency
      on conflict (workspace_id, account, currency) do update
     set amount = opening_balance.amount + excluded.amount;
  perform set_config('ledger.carrying', 'on', true);
  delete from ledger.opening_balance where workspace_id = any(ids);
  delete from ledger.wallet where workspace_id = any(ids);
  perform set_config('ledger.carrying', 'off', true);
  return cardinality(ids);
end
$$;

revoke all on function ledger.carry_forward(timestamptz, uuid[], integer) from public;
revoke all on function ledger.forget_holds(uuid[], integer) from public;
revoke all on function ledger.end_wallets(timestamptz, uuid[], integer) from public;
grant execute on function ledger.carry_forward(timestamptz, uuid[], integer) to sotto_batch;
grant execute on function ledger.forget_holds(uuid[], integer) to sotto_batch;
grant execute on function ledger.end_wallets(timestamptz, uuid[], integer) to sotto_batch;

alter table ledger.opening_balance enable row level security;
alter table ledger.opening_balance force row level security;
create policy tenant_reads on ledger.opening_balance for select to sotto_tenant using (workspace_id = platform.tenant());
create policy batch_reads on ledger.opening_balance for select to sotto_batch using (true);
-- The functions above run as the owner, who is not a superuser on every cluster.
create policy owner_carries on ledger.opening_balance for all to current_user using (true) with check (true);
create policy owner_carries on ledger.transaction for all to current_user using (true) with check (true);
create policy owner_carries on ledger.entry for all to current_user using (true) with check (true);
create policy owner_carries on ledger.hold for all to current_user using (true) with check (true);
create policy owner_carries on ledger.posting_key for all to current_user using (true) with check (true);
grant select on ledger.opening_balance to sotto_tenant, sotto_batch;
grant select on ledger.carried to sotto_batch;
grant update (closed_at) on ledger.wallet to sotto_batch;
