-- Agreements on the processing of data (GDPR Art. 28(3)): what the operator offers organisations, and who accepted it.

create table accounts.agreement (
  id uuid primary key,
  version text not null unique check (version ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$'),
  text text not null check (length(text) between 1 and 200000),
  digest bytea not null check (length(digest) = 32),
  required_from timestamptz,
  published_at timestamptz not null default platform.clock()
);
comment on table accounts.agreement is 'A version as it was published. Nobody may change or delete one: no role has the right.';
comment on column accounts.agreement.digest is 'SHA-256 of the text in UTF-8: what an acceptance names.';
comment on column accounts.agreement.required_from is 'From when organisations that have accepted neither it nor a later one make no live keys; null: never.';

create table accounts.agreement_acceptance (
  workspace_id uuid not null references accounts.workspace (id) on delete cascade,
  agreement_id uuid not null references accounts.agreement (id),
  accepted_by uuid references accounts.person (id) on delete set null,
  accepted_at timestamptz not null default platform.clock(),
  primary key (workspace_id, agreement_id)
);
comment on column accounts.agreement_acceptance.accepted_by is 'Null once that account is erased: the organisation accepted, and goes on.';
create index agreement_acceptance_by on accounts.agreement_acceptance (accepted_by);
create index agreement_acceptance_of on accounts.agreement_acceptance (agreement_id, workspace_id);

do $$
declare
  each text;
begin
  foreach each in array array['agreement', 'agreement_acceptance']
  loop
    execute format('alter table accounts.%I enable row level security', each);
    execute format('alter table accounts.%I force row level security', each);
    execute format('create policy batch_all on accounts.%I for all to sotto_batch using (true) with check (true)', each);
    execute format('grant select, insert on accounts.%I to sotto_batch', each);
  end loop;
end
$$;
grant delete on accounts.agreement_acceptance to sotto_batch;
