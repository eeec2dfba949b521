-- Consent as a ledger: what was given and what was withdrawn, each a record of its own that never changes. Beside it,
-- and never counted as consent, that a policy was accepted and that somebody said they are old enough.

create table privacy.consent_record (
  id uuid primary key,
  workspace_id uuid not null,
  subject_kind text not null check (subject_kind in ('workspace', 'recipient')),
  subject privacy.blind_index not null,
  purpose text not null check (purpose in ('marketing', 'improve', 'analytics', 'contact_feature', 'sale_sharing')),
  decision text not null check (decision in ('given', 'withdrawn', 'objected')),
  method text not null check (method in ('form', 'keyword', 'written', 'verbal', 'api', 'signal')),
  policy_hash bytea check (octet_length(policy_hash) = 32),
  withdraws uuid references privacy.consent_record (id),
  decided_at timestamptz not null,
  expires_at timestamptz,
  recorded_at timestamptz not null default platform.clock(),
  constraint consent_names_its_policy check (decision <> 'given' or policy_hash is not null),
  constraint consent_withdrawal_named check ((withdraws is not null) = (decision = 'withdrawn')),
  constraint consent_expires check (expires_at is null or (decision = 'given' and expires_at > decided_at)),
  constraint consent_signal_objects check (method <> 'signal' or decision = 'objected')
);
comment on table privacy.consent_record is 'Receipts of consent (fields after ISO/IEC TS 27560).';
comment on column privacy.consent_record.workspace_id is 'In whose ledger it is: for its own consent, and for that of its recipients.';
comment on column privacy.consent_record.subject is 'Pseudonym of who decided. Of a recipient it is the index of the number that suppressions use.';
comment on column privacy.consent_record.policy_hash is 'SHA-256 of the policy version that was shown.';
comment on column privacy.consent_record.expires_at is 'From then on it has to be asked again.';
create index consent_of_workspace on privacy.consent_record (workspace_id, id desc);
create index consent_of_subject on privacy.consent_record (subject, purpose, id desc);
create unique index consent_withdrawn_once on privacy.consent_record (withdraws) where withdraws is not null;

create table privacy.acceptance (
  workspace_id uuid not null,
  policy_hash bytea not null check (octet_length(policy_hash) = 32),
  mode text not null check (mode in ('explicit', 'by_use')),
  accepted_at timestamptz not null default platform.clock(),
  primary key (workspace_id, policy_hash)
);
comment on table privacy.acceptance is 'That a policy version was accepted. Never consent: nothing may rest on it as a lawful basis.';

create table privacy.age_attestation (
  workspace_id uuid primary key,
  is_of_age boolean not null,
  attested_at timestamptz not null default platform.clock()
);
comment on table privacy.age_attestation is 'What was said about being old enough, and when. Never a date of birth.';

create trigger consent_append_only before update or delete on privacy.consent_record
  for each row execute function privacy.refuse_change();
create trigger consent_never_emptied before truncate on privacy.consent_record
  for each statement execute function privacy.refuse_change();
create trigger acceptance_append_only before update or delete on privacy.acceptance
  for each row execute function privacy.refuse_change();

alter table privacy.consent_record enable row level security;
alter table privacy.consent_record force row level security;
alter table privacy.acceptance enable row level security;
alter table privacy.acceptance force row level security;
alter table privacy.age_attestation enable row level security;
alter table privacy.age_attestation force row level security;
create policy tenant_reads on privacy.consent_record for select to sotto_tenant using (workspace_id = platform.tenant());
create policy tenant_reads on privacy.acceptance for select to sotto_tenant using (workspace_id = platform.tenant());
create policy tenant_reads on privacy.age_attestation for select to sotto_tenant using (workspace_id = platform.tenant());
create policy batch_reads on privacy.consent_record for select to sotto_batch using (true);
create policy batch_appends on privacy.consent_record for insert to sotto_batch with check (true);
create policy batch_reads on privacy.acceptance for select to sotto_batch using (true);
create policy batch_appends on privacy.acceptance for insert to sotto_batch with check (true);
create policy batch_all on privacy.age_attestation for all to sotto_batch using (true) with check (true);
grant select on privacy.consent_record, privacy.acceptance, privacy.age_attestation to sotto_tenant;
grant select, insert on privacy.consent_record, privacy.acceptance to sotto_batch;
grant select, insert, update (is_of_age, attested_at) on privacy.age_attestation to sotto_batch;
