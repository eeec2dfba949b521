-- What ends things needs: legal holds, the days whose content keys are to die, where the sweep of contents stands, and
-- the rights to delete what could only be added until now.

-- The time in a UUIDv7, to the millisecond; null of null.
create function platform.id_time(id uuid) returns timestamptz
language sql immutable parallel safe strict
return uuid_extract_timestamp(id);

-- As before, and patient: a partition somebody reads for long is left for the next time. Whoever comes to the parent
-- meanwhile waits behind the lock, so that is short, and a transaction drops partitions of one table alone.
create or replace function platform.drop_partitions(parent_table regclass, before timestamptz) returns integer
language plpgsql security definer set search_path = pg_catalog set lock_timeout = '500ms'
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
  -- Two at once would each wait for the other to stop reading the parent.
  if not pg_try_advisory_xact_lock(hashtextextended('platform.drop_partitions', 0)) then
    return 0;
  end if;
  for child in
    select c.oid::regclass as name, substring(c.relname from '_([0-9]{6,8})$') as label
      from pg_inherits i
      join pg_class c on c.oid = i.inhrelid
     where i.inhparent = parent_table
     order by c.relname
  loop
    continue when child.label is null;
    first := to_timestamp(rpad(child.label, 8, '01'), 'YYYYMMDD') at time zone current_setting('TimeZone');
    if (first + ('1 ' || plan.every)::interval) at time zone 'UTC' <= before then
      begin
        execute format('drop table %s', child.name);
        dropped := dropped + 1;
      exception
        when lock_not_available then
          return dropped;
      end;
    end if;
  end loop;
  return dropped;
end
$$;

create table privacy.legal_hold (
  id uuid primary key,
  workspace_id uuid not null,
  reason text not null check (reason ~ '^[a-z][a-z0-9_]{0,63}$'),
  placed_at timestamptz not null default platform.clock(),
  lifted_at timestamptz
);
comment on table privacy.legal_hold is 'While one stands, retention disposes of nothing of its workspace.';
comment on column privacy.legal_hold.reason is 'A code, never free text.';
create index legal_hold_standing on privacy.legal_hold (id) where lifted_at is null;
create index legal_hold_lifted on privacy.legal_hold (lifted_at) where lifted_at is not null;
alter table privacy.legal_hold enable row level security;
alter table privacy.legal_hold force row level security;
create policy batch_all on privacy.legal_hold for all to sotto_batch using (true) with check (true);
grant select, insert (id, workspace_id, reason), update (lifted_at), delete on privacy.legal_hold to sotto_batch;

create table privacy.ended_key (
  key_class text not null check (key_class in ('content_outbound', 'content_inbound')),
  workspace_id uuid not null,
  day date not null,
  primary key (day, workspace_id, key_class)
);
comment on table privacy.ended_key is 'Days of a workspace whose sealed rows have begun to end; gone when their key is destroyed.';
alter table privacy.ended_key enable row level security;
alter table privacy.ended_key force row level security;
create policy batch_all on privacy.ended_key for all to sotto_batch using (true) with check (true);
grant select, insert, delete on privacy.ended_key to sotto_batch;

-- Contents end in the order of their messages' ids. Everything below the mark has been looked at once: what was past
-- is erased, the few that lived longer wait in content_late.
create table messages.content_mark (
  only_row boolean primary key default true check (only_row),
  below uuid not null default '00000000-0000-0000-0000-000000000000',
  counted_from text not null default ''
);
comment on column messages.content_mark.counted_from is 'The event the policy counted from when it was set; another one begins anew.';
insert into messages.content_mark default values;

create table messages.content_late (
  message_id uuid primary key,
  workspace_id uuid not null,
  ended_at timestamptz not null,
  held boolean not null default false
);
comment on table messages.content_late is 'Messages below the mark whose content is not past yet, or is under a legal hold.';
comment on column messages.content_late.ended_at is 'When the message''s life ended, or ends at the latest: what the limit counts from.';
create index content_late_due on messages.content_late (ended_at) where not held;
create index content_late_held on messages.content_late (workspace_id) where held;
create index content_late_of_workspace on messages.content_late (workspace_id, message_id);
alter table messages.content_late enable row level security;
alter table messages.content_late force row level security;
create policy batch_all on messages.content_late for all to sotto_batch using (true) with check (true);
grant select, update (below, counted_from) on messages.content_mark to sotto_batch;
grant select, insert, update (ended_at, held), delete on messages.content_late to sotto_batch;
grant delete on messages.message, messages.part to sotto_batch;

create index assignment_taken_back on numbers.assignment (taken_back_at) where taken_back_at is not null;
create index inbound_set_age on numbers.inbound_set (opened_at);
grant delete on numbers.assignment to sotto_batch;
-- An account may end before what says which number it had: then its id means nothing any more.
alter table numbers.assignment drop constraint assignment_workspace_id_fkey;

alter table accounts.workspace add column last_active_on date not null
  default ((platform.clock() at time zone 'UTC')::date);
comment on column accounts.workspace.last_active_on is 'Day (UTC) of the last use of a key or top-up; written at most once a day.';
create index workspace_idle on accounts.workspace (last_active_on) where closed_at is null;
create index workspace_closed on accounts.workspace (closed_at) where closed_at is not null;
create table accounts.inactivity_notice (
  workspace_id uuid not null references accounts.workspace (id) on delete cascade,
  distance text not null check (distance ~ '^P[0-9A-Z]{1,39}$'),
  sent_at timestamptz not null default platform.clock(),
  primary key (workspace_id, distance)
);
comment on column accounts.inactivity_notice.distance is 'How long before the end it went out, as the policy says it.';
alter table accounts.inactivity_notice enable row level security;
alter table accounts.inactivity_notice force row level security;
create policy batch_all on accounts.inactivity_notice for all to sotto_batch using (true) with check (true);
grant select, insert, delete on accounts.inactivity_notice to sotto_batch;
grant update (last_active_on) on accounts.workspace to sotto_batch;
grant delete on accounts.workspace, accounts.api_key to sotto_batch;

-- Keys end in the order of their birth, and the primary key begins with their scope.
create index idempotency_age on platform.idempotency (id);

-- Who issued a key, and which key a token became, may end before what names them.
alter table accounts.api_key drop constraint api_key_created_by_fkey;
alter table accounts.admin_token drop constraint admin_token_api_key_id_fkey;
