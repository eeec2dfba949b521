-- Appeals against refusals of abuse, and what people of the staff decided. The text is sealed under a key of its own, as
-- the words of a request for help are.

grant usage on schema abuse to sotto_tenant;

create table abuse.appeal (
  id uuid primary key,
  workspace_id uuid not null,
  reason text not null check (reason ~ '^[a-z_]{1,64}$'),
  body privacy.sealed not null,
  state text not null check (state in ('waiting', 'granted', 'refused')),
  created_at timestamptz not null,
  closed_at timestamptz,
  tier text check (tier in ('T0', 'T1', 'T2', 'T3')),
  granted_until timestamptz,
  workspace_ended_at timestamptz,
  constraint appeal_closed_when check ((state = 'waiting') = (closed_at is null)),
  constraint appeal_grants check ((state = 'granted') = (granted_until is not null)),
  constraint appeal_tier_granted check (tier is null or state = 'granted')
);
comment on table abuse.appeal is 'Somebody asked a person to look at a refusal again. A decision stands; another appeal may follow.';
comment on column abuse.appeal.workspace_id is 'No foreign key: an appeal outlives its workspace by the moments its end takes.';
comment on column abuse.appeal.reason is 'The code of the refusal, of contract/reasons.ts.';
comment on column abuse.appeal.body is 'Sealed under the key of the appeal.';
comment on column abuse.appeal.closed_at is 'When it was decided.';
comment on column abuse.appeal.tier is 'The tier that was given until granted_until; null for an exception from the reason alone.';
comment on column abuse.appeal.granted_until is 'When what was granted ends. It ends with the row at the latest.';
comment on column abuse.appeal.workspace_ended_at is 'Its workspace is erased: it goes with the next run of retention.';
create unique index appeal_waits_once on abuse.appeal (workspace_id, reason) where state = 'waiting';
create index appeal_of_workspace on abuse.appeal (workspace_id, id desc);
create index appeal_waiting on abuse.appeal (id) where state = 'waiting';
create index appeal_closed on abuse.appeal (closed_at) where closed_at is not null;
create index appeal_created on abuse.appeal (created_at);
create index appeal_workspace_ended on abuse.appeal (workspace_ended_at) where workspace_ended_at is not null;

alter table abuse.appeal enable row level security;
alter table abuse.appeal force row level security;
create policy tenant_reads on abuse.appeal for select to sotto_tenant using (workspace_id = platform.tenant());
create policy batch_all on abuse.appeal for all to sotto_batch using (true) with check (true);
grant select (id, workspace_id, reason, body, state, created_at, closed_at, tier, granted_until) on abuse.appeal to sotto_tenant;
grant select, insert, delete, update (state, closed_at, tier, granted_until, workspace_ended_at) on abuse.appeal to sotto_batch;
