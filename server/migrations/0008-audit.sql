-- The audit trail: who did what to whom, in codes, counts and pseudonyms, never in names or texts. An entry is
-- written in the transaction it is about; a sealer orders what was committed and chains it by hashes, a month's
-- entries in segments whose heads are signed by a key that is not in the database.

-- Tables whose partitions only a function of their own may drop.
alter table platform.partitioned add column is_protected boolean not null default false;
comment on column platform.partitioned.is_protected is 'True: drop_partitions refuses, a function of its own drops what may go.';

create or replace function platform.drop_partitions(parent_table regclass, before timestamptz) returns integer
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
  if plan.is_protected then
    raise exception '% keeps its partitions: a function of its own drops them', parent_table
      using errcode = 'insufficient_privilege';
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

create table privacy.audit_entry (
  id uuid primary key,
  action text not null check (action ~ '^[a-z][a-z_]{0,31}\.[a-z][a-z_]{0,31}$'),
  outcome text not null check (outcome in ('done', 'refused', 'failed')),
  actor_kind text not null check (actor_kind in ('staff', 'customer_key', 'system')),
  actor privacy.keyed_hash,
  object_kind text check (object_kind ~ '^[a-z][a-z_]{0,31}$'),
  object privacy.keyed_hash,
  affected integer check (affected >= 0),
  request uuid,
  payload privacy.sealed,
  payload_hash bytea check (octet_length(payload_hash) = 32),
  recorded_at timestamptz not null default platform.clock(),
  constraint audit_object_whole check ((object_kind is null) = (object is null)),
  constraint audit_payload_whole check ((payload is null) = (payload_hash is null)),
  constraint audit_customer_named check (actor_kind <> 'customer_key' or actor is not null)
) partition by range (id);
comment on column privacy.audit_entry.action is 'Of a closed catalogue.';
comment on column privacy.audit_entry.actor is 'Pseudonym of the key that acted; null for the platform itself and for the operator on the machine.';
comment on column privacy.audit_entry.object is 'Pseudonym of what was acted on.';
comment on column privacy.audit_entry.affected is 'How many, where the action counts.';
comment on column privacy.audit_entry.request is 'The request it was done in.';
comment on column privacy.audit_entry.payload is 'Sealed ids; unreadable once the identity key of its workspace is destroyed.';
comment on column privacy.audit_entry.payload_hash is 'SHA-256 of the sealed payload: chained in its place, so that the chain holds without the key.';
create index audit_entry_action on privacy.audit_entry (action, id desc);

create table privacy.audit_link (
  entry_id uuid primary key,
  segment integer not null check (segment > 0),
  seq bigint not null check (seq > 0),
  hash bytea not null check (octet_length(hash) = 32)
) partition by range (entry_id);
comment on table privacy.audit_link is 'The place of an entry in the chain.';
comment on column privacy.audit_link.hash is 'SHA-256 of the hash before it, its place and the entry in canonical form.';
create index audit_link_place on privacy.audit_link (segment, seq);

create table privacy.audit_pending (
  entry_id uuid primary key
);
comment on table privacy.audit_pending is 'Entries that have no place yet. However late a transaction commits, its entries are found here.';

create table privacy.audit_segment (
  segment integer primary key check (segment > 0),
  month integer not null check (month between 200001 and 999912),
  first_seq bigint not null,
  last_seq bigint not null check (last_seq >= first_seq),
  start_hash bytea not null check (octet_length(start_hash) = 32),
  head_hash bytea not null check (octet_length(head_hash) = 32),
  signed_at timestamptz not null,
  key_epoch smallint not null,
  signature bytea not null check (octet_length(signature) = 64)
);
comment on table privacy.audit_segment is 'Consecutive links over entries of one month, with a signed head. The newest one grows.';
comment on column privacy.audit_segment.month is 'YYYYMM in UTC, of the entries'' ids.';
create index audit_segment_month on privacy.audit_segment (month);

create table privacy.audit_pruning (
  segment integer primary key references privacy.audit_segment (segment),
  pruned_at timestamptz not null,
  key_epoch smallint not null,
  signature bytea not null check (octet_length(signature) = 64)
);
comment on table privacy.audit_pruning is 'Segments whose entries retention has removed; signed, so that a removal by anybody else is told apart.';

-- One row. Its lock keeps sealers apart; its epoch shows one that acts on what it read before it lost the lock.
create table privacy.audit_chain (
  id boolean primary key default true check (id),
  epoch bigint not null default 0,
  segment integer not null default 0,
  seq bigint not null default 0,
  head_hash bytea not null default decode(repeat('00', 32), 'hex') check (octet_length(head_hash) = 32)
);
insert into privacy.audit_chain default values;

insert into platform.partitioned (parent, every, storage, is_protected) values
  ('privacy.audit_entry', 'month', 'fillfactor=100', true),
  ('privacy.audit_link', 'month', 'fillfactor=100', true);

create function privacy.refuse_change() returns trigger
language plpgsql set search_path = pg_catalog
as $$
begin
  raise exception '%.% is append-only', tg_table_schema, tg_table_name
    using errcode = 'integrity_constraint_violation', schema = tg_table_schema, table = tg_table_name;
end
$$;

create trigger audit_entry_append_only before update or delete on privacy.audit_entry
  for each row execute function privacy.refuse_change();
create trigger audit_entry_never_emptied before truncate on privacy.audit_entry
  for each statement execute function privacy.refuse_change();
create trigger audit_link_append_only before update or delete on privacy.audit_link
  for each row execute function privacy.refuse_change();
create trigger audit_link_never_emptied before truncate on privacy.audit_link
  for each statement execute function privacy.refuse_change();
create trigger audit_segment_never_deleted before delete on privacy.audit_segment
  for each row execute function privacy.refuse_change();
create trigger audit_pruning_append_only before update or delete on privacy.audit_pruning
  for each row execute function privacy.refuse_change();

-- A segment only grows, and only while it is the newest.
create function privacy.segment_grows() returns trigger
language plpgsql set search_path = pg_catalog
as $$
begin
  if (new.segment, new.month, new.first_seq, new.start_hash)
       is distinct from (old.segment, old.month, old.first_seq, old.start_hash)
     or new.last_seq <= old.last_seq
     or exists (select from privacy.audit_segment s where s.segment > old.segment)
     or exists (select from privacy.audit_pruning p where p.segment = old.segment) then
    raise exception 'a segment of the audit trail only grows, and only while it is the newest'
      using errcode = 'integrity_constraint_violation', schema = 'privacy', table = 'audit_segment';
  end if;
  return new;
end
$$;
create trigger audit_segment_grows before update on privacy.audit_segment
  for each row execute function privacy.segment_grows();

-- Drops the entries and links of a month once each of its segments is recorded as pruned.
create function privacy.drop_audit_month(wanted integer) returns void
language plpgsql security definer set search_path = pg_catalog set lock_timeout = '2s'
as $$
declare
  first timestamptz := to_timestamp(wanted::text || '01', 'YYYYMMDD') at time zone current_setting('TimeZone') at time zone 'UTC';
  label text := wanted::text;
begin
  if exists (
       select from privacy.audit_segment s
        where s.month = wanted
          and not exists (select from privacy.audit_pruning p where p.segment = s.segment))
     or exists (
       select from privacy.audit_pending p
        where p.entry_id >= platform.id_floor(first)
          and p.entry_id < platform.id_floor(first + interval '1 month')) then
    raise exception 'the audit trail of % is not pruned', wanted using errcode = 'insufficient_privilege';
  end if;
  execute format('drop table privacy.%I', 'audit_link_' || label);
  execute format('drop table privacy.%I', 'audit_entry_' || label);
end
$$;
revoke all on function privacy.drop_audit_month(integer) from public;
grant execute on function privacy.drop_audit_month(integer) to sotto_batch;

alter table privacy.audit_entry enable row level security;
alter table privacy.audit_entry force row level security;
alter table privacy.audit_link enable row level security;
alter table privacy.audit_link force row level security;
create policy batch_reads on privacy.audit_entry for select to sotto_batch using (true);
create policy batch_appends on privacy.audit_entry for insert to sotto_batch with check (true);
create policy batch_reads on privacy.audit_link for select to sotto_batch using (true);
create policy batch_appends on privacy.audit_link for insert to sotto_batch with check (true);
grant select, insert (id, action, outcome, actor_kind, actor, object_kind, object, affected, request, payload, payload_hash)
  on privacy.audit_entry to sotto_batch;
grant select, insert on privacy.audit_link to sotto_batch;
grant select, insert, delete on privacy.audit_pending to sotto_batch;
grant select, insert, update (last_seq, head_hash, signed_at, key_epoch, signature) on privacy.audit_segment to sotto_batch;
grant select, insert on privacy.audit_pruning to sotto_batch;
grant select, update (epoch, segment, seq, head_hash) on privacy.audit_chain to sotto_batch;
