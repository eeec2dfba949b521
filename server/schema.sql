-- Rendered from the catalog after all migrations by `npm run schema`. Do not edit; read it in reviews.

create schema platform;
create table platform.idempotency (
  id uuid not null,
  scope uuid not null,
  key_mac bytea not null,
  request_mac bytea not null,
  status smallint,
  answer bytea
) partition by RANGE (id);
alter table platform.idempotency add constraint idempotency_key_mac_check CHECK ((length(key_mac) = 16));
alter table platform.idempotency add constraint idempotency_pkey PRIMARY KEY (scope, key_mac, id);
alter table platform.idempotency add constraint idempotency_request_mac_check CHECK ((length(request_mac) = 16));
grant delete, insert, select, update on platform.idempotency to sotto_batch;
create table platform.job (
  id uuid not null,
  name text not null,
  key text,
  payload jsonb not null,
  due_at timestamp with time zone not null,
  attempts integer default 0 not null,
  attempts_max integer not null,
  lease_token uuid,
  lease_epoch bigint default 0 not null,
  dead_at timestamp with time zone,
  last_error text,
  created_at timestamp with time zone default platform.clock() not null
) with (fillfactor=70);
alter table platform.job add constraint job_attempts_max_check CHECK (((attempts_max >= 1) AND (attempts_max <= 100)));
alter table platform.job add constraint job_pkey PRIMARY KEY (id);
CREATE INDEX job_dead ON platform.job USING btree (dead_at DESC) WHERE (dead_at IS NOT NULL);
CREATE INDEX job_due ON platform.job USING btree (due_at) WHERE (dead_at IS NULL);
CREATE UNIQUE INDEX job_key ON platform.job USING btree (name, key) WHERE ((key IS NOT NULL) AND (dead_at IS NULL));
grant delete, insert, select, update on platform.job to sotto_batch;
create table platform.outbox (
  id uuid not null,
  name text not null,
  payload jsonb not null,
  created_at timestamp with time zone default platform.clock() not null
);
alter table platform.outbox add constraint outbox_pkey PRIMARY KEY (id);
grant delete, insert, select on platform.outbox to sotto_batch;
create table platform.partitioned (
  parent regclass not null,
  every text default 'day'::text not null,
  storage text default 'fillfactor=100'::text not null
);
alter table platform.partitioned add constraint partitioned_every_check CHECK ((every = ANY (ARRAY['day'::text, 'month'::text])));
alter table platform.partitioned add constraint partitioned_pkey PRIMARY KEY (parent);
CREATE OR REPLACE FUNCTION platform.clock()
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN statement_timestamp();
CREATE OR REPLACE FUNCTION platform.create_partitions(at timestamp with time zone DEFAULT platform.clock())
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
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
$function$;
CREATE OR REPLACE FUNCTION platform.drop_partitions(parent_table regclass, before timestamp with time zone)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
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
$function$;
CREATE OR REPLACE FUNCTION platform.id_floor(at timestamp with time zone)
 RETURNS uuid
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN ((lpad(to_hex(((EXTRACT(epoch FROM at) * (1000)::numeric))::bigint), 12, '0'::text) || '00000000000000000000'::text))::uuid;
CREATE OR REPLACE FUNCTION platform.tenant()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (NULLIF(current_setting('platform.tenant'::text, true), ''::text))::uuid;
