-- People, how they prove who they are, their sessions, and what they may do where. Nothing here can be used to sign
-- in: passwords are argon2id hashes under the person's own key, tokens are keyed hashes.

create table accounts.person (
  id uuid primary key,
  kind text not null check (kind in ('email', 'device')),
  email privacy.sealed,
  email_index privacy.blind_index,
  locale text not null default 'en' check (locale ~ '^[a-z]{2}$'),
  personal_workspace_id uuid unique,
  created_at timestamptz not null default platform.clock(),
  closed_at timestamptz,
  constraint email_person_has_email check ((kind = 'email') = (email is not null)),
  constraint email_is_found check ((email is null) = (email_index is null))
);
comment on table accounts.person is 'Somebody who signs in: by e-mail address and password, or by the token of a device.';
comment on column accounts.person.email is 'As it was confirmed; sealed under the identity key of the person.';
comment on column accounts.person.email_index is 'Found at sign-in, over the whole installation.';
comment on column accounts.person.personal_workspace_id is 'Dies with the account. Null for staff who are no customers.';
comment on column accounts.person.closed_at is 'From then on nothing of this person signs in.';
create unique index person_email on accounts.person (email_index) where closed_at is null;
create index person_closed on accounts.person (closed_at) where closed_at is not null;

create table accounts.password (
  person_id uuid primary key references accounts.person (id) on delete cascade,
  hash privacy.sealed not null,
  changed_at timestamptz not null default platform.clock()
);
comment on column accounts.password.hash is 'PHC string of argon2id, sealed under the identity key of the person: a stolen table can not even be guessed against.';

create table accounts.device (
  person_id uuid primary key references accounts.person (id) on delete cascade,
  token_hash privacy.keyed_hash not null unique,
  recovery_hash privacy.keyed_hash not null unique,
  system text check (length(system) between 1 and 60),
  app_version text check (length(app_version) between 1 and 40),
  changed_at timestamptz not null default platform.clock()
);
comment on table accounts.device is 'The account that is a random token: shown once, kept by the device.';
comment on column accounts.device.recovery_hash is 'Of the code that gives the account to a new device, once.';
comment on column accounts.device.system is 'Operating system and its version, as the app says; null where nobody says.';

create table accounts.membership (
  workspace_id uuid not null references accounts.workspace (id) on delete cascade,
  person_id uuid not null references accounts.person (id) on delete cascade,
  role text not null check (role in ('owner', 'admin', 'developer', 'billing', 'viewer')),
  created_at timestamptz not null default platform.clock(),
  primary key (workspace_id, person_id)
);
create index membership_person on accounts.membership (person_id);

create table accounts.staff_grant (
  person_id uuid primary key references accounts.person (id) on delete cascade,
  role text not null check (role in ('administrator', 'support', 'abuse', 'finance', 'privacy_officer')),
  granted_at timestamptz not null default platform.clock()
);
comment on table accounts.staff_grant is 'What somebody may do for the operator; apart from every workspace, and used with a second factor only.';

create table accounts.session (
  id uuid primary key,
  person_id uuid not null references accounts.person (id) on delete cascade,
  secret_hash privacy.keyed_hash not null unique,
  strength text not null check (strength in ('first_factor', 'full', 'second_factor')),
  created_at timestamptz not null default platform.clock(),
  authenticated_at timestamptz not null default platform.clock(),
  last_seen_at timestamptz not null default platform.clock(),
  idle_seconds integer not null check (idle_seconds between 60 and 31536000),
  expires_at timestamptz not null,
  ended_at timestamptz
);
comment on column accounts.session.strength is 'first_factor: a second one is still asked for, and nothing else may be done. full: signed in as far as the account asks for. second_factor: with a second one.';
comment on column accounts.session.authenticated_at is 'When a credential was last presented, for acts that want that to be recent.';
comment on column accounts.session.last_seen_at is 'Exact to a sixth of the idle time, at most ten minutes.';
create index session_person on accounts.session (person_id, id desc);
create index session_age on accounts.session (last_seen_at);

create table accounts.sign_up (
  id uuid primary key,
  email privacy.sealed not null,
  password_hash privacy.sealed not null,
  secret_hash privacy.keyed_hash not null unique,
  locale text not null check (locale ~ '^[a-z]{2}$'),
  policy_hash bytea not null check (octet_length(policy_hash) = 32),
  acceptance text not null check (acceptance in ('explicit', 'by_use')),
  created_at timestamptz not null default platform.clock(),
  expires_at timestamptz not null
);
comment on table accounts.sign_up is 'Waits until the address is confirmed; only then is there a person, with this id.';
create index sign_up_end on accounts.sign_up (expires_at);

create table accounts.link (
  id uuid primary key,
  person_id uuid not null references accounts.person (id) on delete cascade,
  purpose text not null check (purpose in ('reset_password', 'change_email')),
  secret_hash privacy.keyed_hash not null unique,
  email privacy.sealed,
  created_at timestamptz not null default platform.clock(),
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint changed_email_is_named check ((purpose = 'change_email') = (email is not null))
);
comment on table accounts.link is 'What a mail lets its reader do, once and soon.';
create unique index link_open on accounts.link (person_id, purpose) where used_at is null;
create index link_end on accounts.link (expires_at);

create table accounts.spent_challenge (
  id text primary key check (id ~ '^[A-Za-z0-9_-]{22}$'),
  expires_at timestamptz not null
);
comment on table accounts.spent_challenge is 'Proofs of work that were used, until they would be too old anyway.';
create index spent_challenge_end on accounts.spent_challenge (expires_at);

do $$
declare
  each text;
begin
  foreach each in array array['person', 'password', 'device', 'membership', 'staff_grant', 'session', 'sign_up', 'link',
                             'spent_challenge']
  loop
    execute format('alter table accounts.%I enable row level security', each);
    execute format('alter table accounts.%I force row level security', each);
    execute format('create policy batch_all on accounts.%I for all to sotto_batch using (true) with check (true)', each);
    execute format('grant select, insert, delete on accounts.%I to sotto_batch', each);
  end loop;
end
$$;
create policy tenant_reads on accounts.membership for select to sotto_tenant using (workspace_id = platform.tenant());
grant select on accounts.membership to sotto_tenant;
grant update (email, email_index, locale, personal_workspace_id, closed_at) on accounts.person to sotto_batch;
grant update (hash, changed_at) on accounts.password to sotto_batch;
grant update (token_hash, recovery_hash, system, app_version, changed_at) on accounts.device to sotto_batch;
grant update (role) on accounts.membership, accounts.staff_grant to sotto_batch;
grant update (strength, authenticated_at, last_seen_at, ended_at) on accounts.session to sotto_batch;
grant update (used_at) on accounts.link to sotto_batch;

-- A key may be created by somebody who is signed in.
alter table accounts.api_key
  add column created_by_person uuid,
  drop constraint api_key_origin_check,
  add constraint api_key_origin_check check (origin in ('key', 'person', 'operator', 'one_time_token', 'seed')),
  add constraint api_key_person_check check ((created_by_person is not null) = (origin = 'person'));
comment on column accounts.api_key.created_by_person is 'Who created it, signed in. They may be gone since.';
create index api_key_created_by_person on accounts.api_key (created_by_person) where created_by_person is not null;
grant select (created_by_person) on accounts.api_key to sotto_tenant;

alter table privacy.audit_entry
  drop constraint audit_entry_actor_kind_check,
  add constraint audit_entry_actor_kind_check check (actor_kind in ('staff', 'customer_key', 'customer', 'system')),
  drop constraint audit_customer_named,
  add constraint audit_customer_named check (actor_kind not in ('customer_key', 'customer') or actor is not null);
