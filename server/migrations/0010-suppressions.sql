-- Numbers that must not be written to. What is kept is an index of the number under a key of the installation: enough
-- to recognise it, and all that may outlive the erasure of everything else about it.

create table privacy.suppression (
  id uuid primary key,
  workspace_id uuid,
  number_index privacy.blind_index not null,
  kind text not null check (kind in ('stop', 'objection', 'complaint', 'operator_block')),
  covers text not null check (covers in ('marketing', 'all')),
  source text not null check (source in ('recipient', 'workspace', 'operator', 'carrier')),
  created_at timestamptz not null default platform.clock(),
  constraint suppression_once unique nulls not distinct (number_index, workspace_id, kind)
);
comment on column privacy.suppression.workspace_id is 'Whose messages it stops; null: everybody''s.';
comment on column privacy.suppression.number_index is 'Compares over the installation, so that a stop is honoured whoever asks.';
comment on column privacy.suppression.kind is 'stop: the recipient answered STOP; objection: to marketing (GDPR Art. 21(2)); complaint: about abuse; operator_block: by the operator.';
comment on column privacy.suppression.source is 'Who told us.';
create index suppression_of_workspace on privacy.suppression (workspace_id, id desc);
create index suppression_covering_all on privacy.suppression (id) where covers = 'all';

alter table privacy.suppression enable row level security;
alter table privacy.suppression force row level security;
create policy tenant_reads on privacy.suppression for select to sotto_tenant using (workspace_id = platform.tenant());
create policy batch_all on privacy.suppression for all to sotto_batch using (true) with check (true);
grant select (id, workspace_id, kind, covers, source, created_at) on privacy.suppression to sotto_tenant;
grant select, insert, update (covers, number_index), delete on privacy.suppression to sotto_batch;
