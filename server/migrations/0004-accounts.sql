-- Workspaces and the keys that speak for them. Nothing here can be used as a key: secrets are keyed hashes.

create schema accounts;
grant usage on schema accounts to sotto_tenant, sotto_batch;

create table accounts.workspace (
  id uuid primary key,
  kind text not null check (kind in ('personal', 'organisation')),
  name privacy.sealed,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  created_at timestamptz not null default platform.clock(),
  closed_at timestamptz
);
comment on table accounts.workspace is 'Who has a balance, keys, numbers and messages.';
comment on column accounts.workspace.name is 'Sealed under the identity key of the workspace: a personal one is often named after its person. Null where the policy holds no names.';
comment on column accounts.workspace.currency is 'The one currency of its balance (ISO 4217); never changes.';
comment on column accounts.workspace.closed_at is 'From then on none of its keys works.';
alter table accounts.workspace enable row level security;
alter table accounts.workspace force row level security;
create policy tenant_reads on accounts.workspace for select to sotto_tenant using (id = platform.tenant());
create policy batch_all on accounts.workspace for all to sotto_batch using (true) with check (true);
grant select on accounts.workspace to sotto_tenant;
grant select, insert, update (closed_at) on accounts.workspace to sotto_batch;

create table accounts.api_key (
  id uuid primary key,
  workspace_id uuid references accounts.workspace (id),
  kind text not null check (kind in ('live', 'test', 'admin')),
  origin text not null check (origin in ('key', 'operator', 'one_time_token', 'seed')),
  created_by uuid references accounts.api_key (id),
  name privacy.sealed not null,
  secret_hash privacy.keyed_hash not null unique,
  first_four text not null check (first_four ~ '^[0-9A-Za-z]{4}$'),
  last_four text not null check (last_four ~ '^[0-9A-Za-z]{4}$'),
  scopes text[] not null check (cardinality(scopes) between 1 and 64),
  networks inet[] check (cardinality(networks) between 1 and 20),
  expires_at timestamptz,
  created_at timestamptz not null default platform.clock(),
  last_used_at timestamptz,
  revoked_at timestamptz,
  check ((workspace_id is null) = (kind = 'admin')),
  check ((created_by is not null) = (origin = 'key'))
);
comment on column accounts.api_key.workspace_id is 'Null for administrators'' keys, which belong to no workspace.';
comment on column accounts.api_key.origin is 'Who issued it: another key, the operator, the one-time token of the first administrator, the development seed.';
comment on column accounts.api_key.name is 'What it is for. Sealed under the identity key of the workspace, or the operator key.';
comment on column accounts.api_key.secret_hash is 'Keyed hash of the whole token; the token itself is shown once and kept nowhere.';
comment on column accounts.api_key.first_four is 'First characters of the random part, to tell keys apart.';
comment on column accounts.api_key.last_four is 'Last characters of the token, to tell keys apart.';
comment on column accounts.api_key.networks is 'Where it may be used from; null means anywhere.';
comment on column accounts.api_key.last_used_at is 'Exact to ten minutes: uses within them are not written.';
create index api_key_workspace on accounts.api_key (workspace_id, id desc);
create index api_key_created_by on accounts.api_key (created_by) where created_by is not null;
alter table accounts.api_key enable row level security;
alter table accounts.api_key force row level security;
create policy tenant_reads on accounts.api_key for select to sotto_tenant using (workspace_id = platform.tenant());
create policy batch_all on accounts.api_key for all to sotto_batch using (true) with check (true);
grant select (id, workspace_id, kind, origin, created_by, name, first_four, last_four, scopes, networks, expires_at,
              created_at, last_used_at, revoked_at) on accounts.api_key to sotto_tenant;
grant select, insert, update (last_used_at, revoked_at) on accounts.api_key to sotto_batch;

-- The way to the first administrator's key: printed once on the operator's terminal, good for a quarter of an hour.
create table accounts.admin_token (
  id uuid primary key,
  secret_hash privacy.keyed_hash not null unique,
  created_at timestamptz not null default platform.clock(),
  expires_at timestamptz not null,
  redeemed_at timestamptz,
  api_key_id uuid references accounts.api_key (id),
  check ((redeemed_at is null) = (api_key_id is null))
);
comment on column accounts.admin_token.api_key_id is 'The administrator''s key it was exchanged for.';
create index admin_token_api_key on accounts.admin_token (api_key_id) where api_key_id is not null;
alter table accounts.admin_token enable row level security;
alter table accounts.admin_token force row level security;
create policy batch_all on accounts.admin_token for all to sotto_batch using (true) with check (true);
grant select, insert, update (redeemed_at, api_key_id), delete on accounts.admin_token to sotto_batch;
