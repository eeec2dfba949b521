-- Organisations: what they are called, and who is invited to them.

create table accounts.organisation (
  workspace_id uuid primary key references accounts.workspace (id) on delete cascade,
  name privacy.sealed not null
);
comment on table accounts.organisation is 'What an organisation calls itself; accounts.workspace.name is what the operator or a person calls a workspace.';
comment on column accounts.organisation.name is 'Sealed under the identity key of the workspace.';

create table accounts.invitation (
  id uuid primary key,
  workspace_id uuid not null references accounts.workspace (id) on delete cascade,
  invited_by uuid not null references accounts.person (id) on delete cascade,
  role text not null check (role in ('owner', 'admin', 'developer', 'billing', 'viewer')),
  email privacy.sealed,
  secret_hash privacy.keyed_hash not null unique,
  created_at timestamptz not null default platform.clock(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  constraint accepted_has_no_email check ((email is null) = (accepted_at is not null))
);
comment on table accounts.invitation is 'A link that makes the owner of an address a member, once and within a week.';
comment on column accounts.invitation.email is 'Who is invited; sealed under the identity key of the workspace, null once accepted. What is revoked or too old goes whole.';
comment on column accounts.invitation.accepted_at is 'The row stays until its end, so that accepting again is recognised.';
create index invitation_workspace on accounts.invitation (workspace_id, id desc);
create index invitation_invited_by on accounts.invitation (invited_by);
create index invitation_end on accounts.invitation (expires_at);

do $$
declare
  each text;
begin
  foreach each in array array['organisation', 'invitation']
  loop
    execute format('alter table accounts.%I enable row level security', each);
    execute format('alter table accounts.%I force row level security', each);
    execute format('create policy batch_all on accounts.%I for all to sotto_batch using (true) with check (true)', each);
    execute format('grant select, insert, delete on accounts.%I to sotto_batch', each);
  end loop;
end
$$;
grant update (name) on accounts.organisation, accounts.workspace to sotto_batch;
grant update (email, accepted_at) on accounts.invitation to sotto_batch;
