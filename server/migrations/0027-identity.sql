-- Checks of identity documents: what a workspace hands in to show who it is, and what staff decided. Every document is
-- sealed under a key of its own check, which is destroyed soon after the decision; the check and its outcome stay.

create schema identity;
grant usage on schema identity to sotto_tenant, sotto_batch;

create table identity.identity_check (
  id uuid primary key,
  workspace_id uuid not null,
  kind text not null check (kind in ('business', 'person')),
  country text check (country ~ '^[A-Z]{2}$'),
  state text not null check (state in ('open', 'submitted', 'approved', 'rejected', 'withdrawn', 'expired')),
  rejection text check (rejection in ('unreadable', 'incomplete', 'out_of_date', 'does_not_match', 'not_accepted',
                                      'not_authentic')),
  documents_count smallint not null check (documents_count between 0 and 4),
  created_at timestamptz not null,
  submitted_at timestamptz,
  place_in_line uuid unique,
  decided_at timestamptz,
  ended_at timestamptz,
  documents_ended_at timestamptz,
  workspace_ended_at timestamptz,
  constraint identity_check_in_line check ((state = 'submitted') = (place_in_line is not null)),
  constraint identity_check_submitted_when check (submitted_at is not null or state in ('open', 'withdrawn', 'expired')),
  constraint identity_check_decided_when check ((state in ('approved', 'rejected')) = (decided_at is not null)),
  constraint identity_check_ended_when check ((state in ('withdrawn', 'expired')) = (ended_at is not null)),
  constraint identity_check_rejected_why check (rejection is null or state = 'rejected'),
  constraint identity_check_documents_over check (documents_ended_at is null or state not in ('open', 'submitted'))
);
comment on table identity.identity_check is 'One check of who a workspace is. What stays when its documents have ended.';
comment on column identity.identity_check.workspace_id is 'No foreign key: a check outlives its workspace by the moments its end takes.';
comment on column identity.identity_check.country is 'As the workspace said it: ISO 3166-1 alpha-2.';
comment on column identity.identity_check.place_in_line is 'A UUIDv7 of the submission: the order in which staff see what waits.';
comment on column identity.identity_check.ended_at is 'When it was withdrawn, or had waited too long.';
comment on column identity.identity_check.documents_ended_at is 'When the key of its documents was destroyed.';
comment on column identity.identity_check.workspace_ended_at is 'Its workspace is erased: it goes with the next run of retention.';
create index identity_check_of_workspace on identity.identity_check (workspace_id, id desc);
create index identity_check_with_documents on identity.identity_check (id) where documents_ended_at is null;
create index identity_check_workspace_ended on identity.identity_check (workspace_ended_at)
  where workspace_ended_at is not null;

create table identity.document (
  id uuid primary key,
  check_id uuid not null references identity.identity_check (id),
  kind text not null check (kind in ('passport', 'identity_card_front', 'identity_card_back', 'residence_permit',
                                     'driving_licence', 'company_register', 'tax_certificate', 'proof_of_address',
                                     'authorisation')),
  media_type text not null check (media_type in ('application/pdf', 'image/jpeg', 'image/png')),
  octets integer not null check (octets between 1 and 5000000),
  created_at timestamptz not null
);
comment on table identity.document is 'What is known of a document, without what is in it. Goes with its octets.';
comment on column identity.document.media_type is 'By what its octets begin and end with; never by what somebody says.';
create index document_of_check on identity.document (check_id, id);

create table identity.document_chunk (
  document_id uuid not null references identity.document (id),
  number smallint not null check (number between 0 and 31),
  content privacy.sealed,
  primary key (document_id, number)
);
alter table identity.document_chunk alter column content set storage external;
comment on table identity.document_chunk is 'The octets of documents in pieces, apart from what is listed.';
comment on column identity.document_chunk.content is 'Sealed under the key of the check. Null is what a policy without documents allows, and written by nobody.';

create table identity.access_window (
  check_id uuid primary key references identity.identity_check (id),
  holder_id uuid not null,
  opened_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > opened_at)
);
comment on table identity.access_window is 'Who of the staff may review a check, and until when: one at a time. The audit trail keeps who held it before.';
comment on column identity.access_window.holder_id is 'The person who took the check.';

alter table identity.identity_check enable row level security;
alter table identity.identity_check force row level security;
alter table identity.document enable row level security;
alter table identity.document force row level security;
alter table identity.document_chunk enable row level security;
alter table identity.document_chunk force row level security;
alter table identity.access_window enable row level security;
alter table identity.access_window force row level security;
create policy tenant_reads on identity.identity_check for select to sotto_tenant
  using (workspace_id = platform.tenant());
create policy tenant_reads on identity.document for select to sotto_tenant
  using (exists (select from identity.identity_check c where c.id = check_id and c.workspace_id = platform.tenant()));
create policy batch_all on identity.identity_check for all to sotto_batch using (true) with check (true);
create policy batch_all on identity.document for all to sotto_batch using (true) with check (true);
create policy batch_all on identity.document_chunk for all to sotto_batch using (true) with check (true);
create policy batch_all on identity.access_window for all to sotto_batch using (true) with check (true);
grant select (id, workspace_id, kind, country, state, rejection, created_at, submitted_at, decided_at,
              documents_ended_at, workspace_ended_at) on identity.identity_check to sotto_tenant;
grant select on identity.document to sotto_tenant;
grant select, insert, delete,
      update (state, rejection, documents_count, submitted_at, place_in_line, decided_at, ended_at,
              documents_ended_at, workspace_ended_at) on identity.identity_check to sotto_batch;
grant select, insert, delete on identity.document to sotto_batch;
grant select, insert, delete on identity.document_chunk to sotto_batch;
grant select, insert, delete, update (holder_id, opened_at, ends_at) on identity.access_window to sotto_batch;
