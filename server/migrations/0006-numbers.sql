-- The operator's own numbers, who has them when, and the texts that come in on them.

-- For exclusion constraints that compare an id for equality and a range for overlap; a trusted extension.
create extension if not exists btree_gist with schema public;

create schema numbers;
grant usage on schema numbers to sotto_tenant, sotto_batch;

create table numbers.number (
  id uuid primary key,
  e164 text not null check (e164 ~ '^\+[1-9][0-9]{6,14}$'),
  connector_id uuid not null references carriers.connector (id),
  capability text not null default 'two_way' check (capability in ('inbound', 'two_way')),
  quarantined_until timestamptz,
  retired_at timestamptz,
  created_at timestamptz not null default platform.clock()
);
comment on table numbers.number is 'Inventory. Its state follows from retired_at, the assignment of the moment and quarantined_until.';
comment on column numbers.number.connector_id is 'The connector its texts come in by; texts for it from elsewhere are refused.';
comment on column numbers.number.capability is 'Whether it may also stand as sender.';
comment on column numbers.number.quarantined_until is 'End of cooling and rest after its last assignment: nobody gets it before.';
create unique index number_in_use on numbers.number (e164) where retired_at is null;
create index number_connector on numbers.number (connector_id);

create table numbers.assignment (
  id uuid primary key,
  number_id uuid not null references numbers.number (id),
  workspace_id uuid not null references accounts.workspace (id),
  during tstzrange not null
    check (not isempty(during) and not lower_inf(during) and lower_inc(during) and not upper_inc(during)),
  taken_back_at timestamptz,
  check ((taken_back_at is null) = upper_inf(during)),
  constraint one_tenant_at_a_time exclude using gist (number_id with =, during with &&)
);
comment on column numbers.assignment.during is 'When texts to the number are the workspace''s, cooling included; open-ended while it has it.';
comment on column numbers.assignment.taken_back_at is 'From then on the number cools: late texts still go to the workspace.';
create index assignment_workspace on numbers.assignment (workspace_id, number_id);

alter table numbers.assignment enable row level security;
alter table numbers.assignment force row level security;
create policy tenant_reads on numbers.assignment for select to sotto_tenant using (workspace_id = platform.tenant());
create policy batch_all on numbers.assignment for all to sotto_batch using (true) with check (true);
grant select on numbers.assignment to sotto_tenant;
grant select, insert, update (during, taken_back_at) on numbers.assignment to sotto_batch;

-- A workspace sees the numbers it has or once had, for the texts it keeps name them.
alter table numbers.number enable row level security;
alter table numbers.number force row level security;
create policy tenant_reads on numbers.number for select to sotto_tenant
  using (exists (select from numbers.assignment a where a.number_id = number.id and a.workspace_id = platform.tenant()));
create policy batch_all on numbers.number for all to sotto_batch using (true) with check (true);
grant select (id, e164) on numbers.number to sotto_tenant;
grant select, insert, update (quarantined_until, retired_at) on numbers.number to sotto_batch;

-- Texts that arrived. No foreign keys: partitions of it are dropped by the day, and numbers are never deleted.
create table numbers.inbound (
  id uuid not null,
  workspace_id uuid not null,
  number_id uuid not null,
  sender privacy.sealed not null,
  sender_index privacy.blind_index not null,
  form text not null check (form in ('text', 'octets')),
  content privacy.sealed not null,
  segments smallint not null check (segments between 1 and 255),
  complete boolean not null,
  received_at timestamptz not null,
  primary key (id)
) partition by range (id);
comment on column numbers.inbound.sender is 'Who wrote. Sealed under the inbound content key of the workspace and the day of the id.';
comment on column numbers.inbound.form is 'text in UTF-8, or octets of a binary or unknown coding.';
comment on column numbers.inbound.content is 'Sealed as the sender is.';
comment on column numbers.inbound.segments is 'Parts that arrived.';
comment on column numbers.inbound.complete is 'False when parts of a long text did not arrive in time.';
comment on column numbers.inbound.received_at is 'When the last part was stored.';
create index inbound_workspace on numbers.inbound (workspace_id, id desc);
create index inbound_sender on numbers.inbound (workspace_id, sender_index, id desc);
alter table numbers.inbound enable row level security;
alter table numbers.inbound force row level security;
create policy tenant_reads on numbers.inbound for select to sotto_tenant using (workspace_id = platform.tenant());
create policy batch_all on numbers.inbound for all to sotto_batch using (true) with check (true);
grant select on numbers.inbound to sotto_tenant;
grant select, insert, delete on numbers.inbound to sotto_batch;
insert into platform.partitioned (parent) values ('numbers.inbound');

-- Long texts on their way to becoming whole. A set stays a while after it is closed, so that a repeated part is
-- known for one.
create table numbers.inbound_set (
  id uuid primary key,
  workspace_id uuid not null,
  number_id uuid not null,
  set_index privacy.blind_index not null,
  sender privacy.sealed not null,
  sender_index privacy.blind_index not null,
  form text not null check (form in ('text', 'octets')),
  total smallint not null check (total between 2 and 255),
  opened_at timestamptz not null,
  closed_at timestamptz
) with (fillfactor = 80);
comment on column numbers.inbound_set.set_index is 'Index of connector, sender, destination, reference, its width and total: what ties parts together (3GPP TS 23.040 §9.2.3.24).';
comment on column numbers.inbound_set.sender is 'Sealed under the inbound content key of the workspace and the day of the id.';
comment on column numbers.inbound_set.closed_at is 'When it became a text, whole or not.';
create index inbound_set_index on numbers.inbound_set (workspace_id, set_index, id desc);
create index inbound_set_open on numbers.inbound_set (opened_at) where closed_at is null;
create index inbound_set_closed on numbers.inbound_set (closed_at) where closed_at is not null;
create index inbound_set_number on numbers.inbound_set (number_id, id) where closed_at is null;
alter table numbers.inbound_set enable row level security;
alter table numbers.inbound_set force row level security;
create policy batch_all on numbers.inbound_set for all to sotto_batch using (true) with check (true);
grant select, insert, update (closed_at), delete on numbers.inbound_set to sotto_batch;

create table numbers.inbound_part (
  set_id uuid not null references numbers.inbound_set (id) on delete cascade,
  sequence smallint not null check (sequence between 1 and 255),
  content privacy.sealed not null,
  primary key (set_id, sequence)
);
comment on column numbers.inbound_part.content is 'Text in UTF-16LE (a surrogate pair may be cut between parts) or octets; sealed as the sender of its set is.';
alter table numbers.inbound_part enable row level security;
alter table numbers.inbound_part force row level security;
create policy batch_all on numbers.inbound_part for all to sotto_batch using (true) with check (true);
grant select, insert, delete on numbers.inbound_part to sotto_batch;
