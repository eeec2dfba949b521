-- The ground every context stands on: one clock, two roles, time partitions, jobs, outbox, idempotency.

create schema platform;
revoke all on schema public from public;

-- Roles belong to the cluster, not to the database: another database of the cluster may have made them.
do $$
begin
  if not exists (select from pg_roles where rolname = 'sotto_tenant') then
    create role sotto_tenant nologin;
  end if;
  if not exists (select from pg_roles where rolname = 'sotto_batch') then
    create role sotto_batch nologin;
  end if;
  execute format('grant sotto_tenant, sotto_batch to %I with set true, inherit false', current_user);
end
$$;
grant usage on schema platform to sotto_tenant, sotto_batch;

-- Every decision about time is made by this function, always as (select platform.clock()): one instant a
-- statement, usable by indexes. Tests replace its body; production refuses to start on a replaced one.
create function platform.clock() returns timestamptz
language sql stable parallel safe
return statement_timestamp();

-- Whose rows the session may see as sotto_tenant. Empty means nobody's.
create function platform.tenant() returns uuid
language sql stable parallel safe
return nullif(current_setting('platform.tenant', true), '')::uuid;

-- The lowest uuid that a UUIDv7 made at this instant can have: bounds of partitions and range scans.
create function platform.id_floor(at timestamptz) returns uuid
language sql immutable parallel safe
return (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid;

-- High-volume tables are range-partitioned by the time in their UUIDv7 key, one partition a day or a month, so
-- that retention is a partition drop. A row whose time no partition covers falls into the default partition.
create table platform.partitioned (
  parent regclass primary key,
  every text not null default 'day' check (every in ('day', 'month')),
  storage text not null default 'fillfactor=100'
);
comment on table platform.partitioned is 'Tables partitioned by time over a UUIDv7 column.';
comment on column platform.partitioned.storage is 'Storage parameters of each partition; a partitioned parent can carry none.';

-- Makes the partitions from the day before `at` to three periods after it; returns how many are new.
create function platform.create_partitions(at timestamptz default platform.clock()) returns integer
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  plan record;
  first timestamp;
  child text;
  made integer := 0;
begin
  for plan in
    select p.parent, p.every, p.storage, n.nspname as schema_name, c.relname as table_name
      from platform.partitioned p
      join pg_class c on c.oid = p.parent
      join pg_namespace n on n.oid = c.relnamespace
  loop
    if to_regclass(format('%I.%I', plan.schema_name, plan.table_name || '_default')) is null then
      execute format('create table %I.%I partition of %s default with (%s)',
        plan.schema_name, plan.table_name || '_default', plan.parent, plan.storage);
    end if;
    for first in
      select generate_series(
        date_trunc(plan.every, (at at time zone 'UTC') - interval '1 day'),
        (at at time zone 'UTC') + 3 * ('1 ' || plan.every)::interval,
        ('1 ' || plan.every)::interval)
    loop
      child := plan.table_name || '_' || to_char(first, case plan.every when 'day' then 'YYYYMMDD' else 'YYYYMM' end);
      continue when to_regclass(format('%I.%I', plan.schema_name, child)) is not null;
      begin
        execute format(
          'create table %I.%I partition of %s for values from (%L) to (%L) with (%s)',
          plan.schema_name, child, plan.parent,
          platform.id_floor(first at time zone 'UTC'),
          platform.id_floor((first + ('1 ' || plan.every)::interval) at time zone 'UTC'),
          plan.storage);
        made := made + 1;
      exception
        -- Another process made it, or the default partition already holds rows of that time: both are served.
        when duplicate_table or check_violation then null;
      end;
    end loop;
  end loop;
  return made;
end
$$;

-- Drops the partitions that ended at or before the bound; returns how many went.
-- Waits for its locks only shortly: everybody who comes to the parent meanwhile would wait behind it.
create function platform.drop_partitions(parent_table regclass, before timestamptz) returns integer
language plpgsql security definer set search_path = pg_catalog set lock_timeout = '2s'
as $$
declare
  plan record;
  child record;
  first timestamp;
  dropped integer := 0;
begin
  select * into plan from platform.partitioned p where p.parent = parent_table;
  if not found then
    raise exception '% is not a partitioned table of the platform', parent_table;
  end if;
  for child in
    select c.oid::regclass as name, substring(c.relname from '_([0-9]{6,8})$') as label
      from pg_inherits i
      join pg_class c on c.oid = i.inhrelid
     where i.inhparent = parent_table
  loop
    continue when child.label is null;
    first := to_timestamp(rpad(child.label, 8, '01'), 'YYYYMMDD') at time zone current_setting('TimeZone');
    if (first + ('1 ' || plan.every)::interval) at time zone 'UTC' <= before then
      execute format('drop table %s', child.name);
      dropped := dropped + 1;
    end if;
  end loop;
  return dropped;
end
$$;

revoke all on function platform.create_partitions(timestamptz) from public;
revoke all on function platform.drop_partitions(regclass, timestamptz) from public;
grant execute on function platform.create_partitions(timestamptz) to sotto_batch;
grant execute on function platform.drop_partitions(regclass, timestamptz) to sotto_batch;

-- Work to do later. A job is claimed for a lease: its due time moves to the lease's end, its epoch grows, and an
-- outcome counts only with the token and epoch of the claim, so a worker that slept cannot overwrite another.
create table platform.job (
  id uuid primary key,
  name text not null,
  key text,
  payload jsonb not null,
  due_at timestamptz not null,
  attempts integer not null default 0,
  attempts_max integer not null check (attempts_max between 1 and 100),
  lease_token uuid,
  lease_epoch bigint not null default 0,
  rerun_at timestamptz,
  dead_at timestamptz,
  last_error text,
  created_at timestamptz not null default platform.clock()
) with (fillfactor = 70);
comment on column platform.job.payload is 'Ids only, validated by the handler.';
comment on column platform.job.last_error is 'Error code or class, never a text that could quote data.';
comment on column platform.job.rerun_at is 'Asked for again under its key while it ran: it runs once more after this run.';
create index job_due on platform.job (name, due_at) where dead_at is null;
create index job_dead on platform.job (id) where dead_at is not null;
create unique index job_key on platform.job (name, key) where key is not null and dead_at is null;
grant select, insert, update, delete on platform.job to sotto_batch;

-- Events of committed transactions, on their way to their subscribers' jobs.
create table platform.outbox (
  id uuid primary key,
  name text not null,
  payload jsonb not null,
  created_at timestamptz not null default platform.clock()
);
comment on column platform.outbox.payload is 'Ids only.';
-- Update is never used: `for update skip locked` asks for the right.
grant select, insert, update, delete on platform.outbox to sotto_batch;

-- What was answered to a request with an Idempotency-Key. The client's key and body are kept as MACs only.
create table platform.idempotency (
  id uuid not null,
  scope uuid not null,
  key_mac bytea not null check (length(key_mac) = 16),
  request_mac bytea not null check (length(request_mac) = 16),
  status smallint,
  answer bytea,
  primary key (scope, key_mac, id)
) partition by range (id);
comment on column platform.idempotency.scope is 'The workspace (or platform principal) whose keys these are.';
comment on column platform.idempotency.status is 'HTTP status of the answer; null while undecided.';
comment on column platform.idempotency.answer is 'Sealed; what is needed to answer the same request again.';
grant select, insert, update, delete on platform.idempotency to sotto_batch;
insert into platform.partitioned (parent) values ('platform.idempotency');
