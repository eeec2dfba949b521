-- Second factors: one-time codes, passkeys, and codes for whoever lost both. Of each, one use is one conditional
-- statement; what is stored signs nobody in by itself.

create table accounts.totp (
  person_id uuid primary key references accounts.person (id) on delete cascade,
  secret privacy.sealed not null,
  created_at timestamptz not null default platform.clock(),
  confirmed_at timestamptz,
  last_used_step bigint check (last_used_step >= 0),
  constraint totp_used_once_confirmed check (last_used_step is null or confirmed_at is not null)
);
comment on table accounts.totp is 'The secret of somebody''s authenticator app.';
comment on column accounts.totp.secret is 'Sealed under the identity key of the person.';
comment on column accounts.totp.confirmed_at is 'Null until a code has shown that the app holds the secret: until then it is not asked for.';
comment on column accounts.totp.last_used_step is 'The step of 30 seconds whose code was used last; it and all before it are used up.';

create table accounts.recovery_code (
  person_id uuid not null references accounts.person (id) on delete cascade,
  code_hash privacy.keyed_hash not null,
  created_at timestamptz not null default platform.clock(),
  primary key (person_id, code_hash)
);
comment on table accounts.recovery_code is 'Unused ones alone: a code that was used is gone.';

create table accounts.passkey (
  id uuid primary key,
  person_id uuid not null references accounts.person (id) on delete cascade,
  credential_id bytea not null unique check (octet_length(credential_id) between 1 and 1023),
  public_key bytea not null check (octet_length(public_key) between 1 and 1024),
  user_handle bytea not null check (octet_length(user_handle) between 16 and 64),
  counter bigint not null check (counter between 0 and 4294967295),
  transports text[] not null check (cardinality(transports) <= 8),
  backup_eligible boolean not null,
  backed_up boolean not null,
  name privacy.sealed,
  created_at timestamptz not null default platform.clock(),
  last_used_at timestamptz
);
comment on table accounts.passkey is 'Web Authentication: a public key of an authenticator, made for this site.';
comment on column accounts.passkey.user_handle is 'Random; the authenticator says it when nobody has said who they are.';
comment on column accounts.passkey.counter is 'Grows with each use, or is 0 for ever.';
comment on column accounts.passkey.name is 'What its owner calls it; sealed under the identity key of the person.';
create index passkey_person on accounts.passkey (person_id, id);

do $$
declare
  each text;
begin
  foreach each in array array['totp', 'recovery_code', 'passkey']
  loop
    execute format('alter table accounts.%I enable row level security', each);
    execute format('alter table accounts.%I force row level security', each);
    execute format('create policy batch_all on accounts.%I for all to sotto_batch using (true) with check (true)', each);
    execute format('grant select, insert, delete on accounts.%I to sotto_batch', each);
  end loop;
end
$$;
grant update (secret, created_at, confirmed_at, last_used_step) on accounts.totp to sotto_batch;
grant update (counter, backed_up, name, last_used_at) on accounts.passkey to sotto_batch;
grant update (granted_at) on accounts.staff_grant to sotto_batch;
create index staff_grant_role on accounts.staff_grant (role);
