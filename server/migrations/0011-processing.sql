-- Who may not be processed, and for what: restrictions (GDPR Art. 18) and objections (Art. 21). A row says that
-- somebody asked and since when; while it is open, reads and operations that ask are refused.

create table privacy.restriction (
  id uuid primary key,
  subject_kind text not null check (subject_kind in ('workspace', 'person')),
  subject_id uuid not null,
  reason text not null
    check (reason in ('accuracy_contested', 'processing_unlawful', 'needed_for_claims', 'objection_pending')),
  since timestamptz not null default platform.clock(),
  until timestamptz check (until >= since)
);
comment on table privacy.restriction is 'While one is open its subject is stored and used for legal claims, and for nothing else (GDPR Art. 18(2)).';
comment on column privacy.restriction.reason is 'The ground of GDPR Art. 18(1), (a) to (d) in this order.';
comment on column privacy.restriction.until is 'When it was lifted; null while it is open.';
create unique index restriction_open on privacy.restriction (subject_kind, subject_id, reason) where until is null;

create table privacy.objection (
  id uuid primary key,
  subject_kind text not null check (subject_kind in ('workspace', 'person')),
  subject_id uuid not null,
  purpose text not null,
  since timestamptz not null default platform.clock(),
  until timestamptz check (until >= since),
  ended_as text check (ended_as in ('withdrawn', 'overruled')),
  constraint objection_end_named check ((until is null) = (ended_as is null)),
  constraint objection_to_marketing_is_absolute check (purpose <> 'marketing' or ended_as is distinct from 'overruled')
);
comment on table privacy.objection is 'While one is open its subject is not processed for that purpose (GDPR Art. 21).';
comment on column privacy.objection.ended_as is 'Withdrawn by the subject, or overruled by compelling grounds (Art. 21(1)); against marketing there are none (Art. 21(3)).';
create unique index objection_open on privacy.objection (subject_kind, subject_id, purpose) where until is null;

alter table privacy.restriction enable row level security;
alter table privacy.restriction force row level security;
alter table privacy.objection enable row level security;
alter table privacy.objection force row level security;
create policy tenant_reads on privacy.restriction for select to sotto_tenant
  using (subject_kind = 'workspace' and subject_id = platform.tenant());
create policy tenant_reads on privacy.objection for select to sotto_tenant
  using (subject_kind = 'workspace' and subject_id = platform.tenant());
create policy batch_all on privacy.restriction for all to sotto_batch using (true) with check (true);
create policy batch_all on privacy.objection for all to sotto_batch using (true) with check (true);
grant select on privacy.restriction, privacy.objection to sotto_tenant;
grant select, insert, update (until) on privacy.restriction to sotto_batch;
grant select, insert, update (until, ended_as) on privacy.objection to sotto_batch;
