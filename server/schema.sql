-- Rendered from the catalog after all migrations by `npm run schema`. Do not edit; read it in reviews.

create schema abuse;
create schema accounts;
create schema carriers;
create schema identity;
create schema ledger;
create schema mail;
create schema messages;
create schema numbers;
create schema payments;
create schema platform;
create schema privacy;
create schema support;
create schema telemetry;
create type ledger.account as enum ('available', 'held', 'bonus', 'deposits', 'revenue', 'bonus_granted', 'adjustments');
create type ledger.hold_state as enum ('open', 'captured', 'released', 'expired');
create type ledger.transaction_kind as enum ('top_up', 'bonus', 'adjustment', 'refund', 'reversal', 'hold', 'capture', 'release', 'expire');
create type messages.class as enum ('otp', 'transactional', 'marketing');
create type messages.closing as enum ('cancelled', 'expired', 'rejected', 'tested');
create type messages.part_status as enum ('submitted', 'unknown', 'delivered', 'undeliverable', 'expired', 'rejected', 'cancelled');
create domain privacy.blind_index as bytea CHECK ((octet_length(VALUE) = 17));
create domain privacy.keyed_hash as bytea CHECK ((octet_length(VALUE) = 33));
create domain privacy.sealed as bytea CHECK (((VALUE = '\x00'::bytea) OR ((octet_length(VALUE) >= 45) AND (get_byte(VALUE, 0) = 1))));
create table abuse.appeal (
  id uuid not null,
  workspace_id uuid not null,
  reason text not null,
  body privacy.sealed not null,
  state text not null,
  created_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  tier text,
  granted_until timestamp with time zone,
  workspace_ended_at timestamp with time zone
);
alter table abuse.appeal add constraint appeal_closed_when CHECK (((state = 'waiting'::text) = (closed_at IS NULL)));
alter table abuse.appeal add constraint appeal_grants CHECK (((state = 'granted'::text) = (granted_until IS NOT NULL)));
alter table abuse.appeal add constraint appeal_pkey PRIMARY KEY (id);
alter table abuse.appeal add constraint appeal_reason_check CHECK ((reason ~ '^[a-z_]{1,64}$'::text));
alter table abuse.appeal add constraint appeal_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'granted'::text, 'refused'::text])));
alter table abuse.appeal add constraint appeal_tier_check CHECK ((tier = ANY (ARRAY['T0'::text, 'T1'::text, 'T2'::text, 'T3'::text])));
alter table abuse.appeal add constraint appeal_tier_granted CHECK (((tier IS NULL) OR (state = 'granted'::text)));
CREATE INDEX appeal_closed ON abuse.appeal USING btree (closed_at) WHERE (closed_at IS NOT NULL);
CREATE INDEX appeal_created ON abuse.appeal USING btree (created_at);
CREATE INDEX appeal_of_workspace ON abuse.appeal USING btree (workspace_id, id DESC);
CREATE INDEX appeal_waiting ON abuse.appeal USING btree (id) WHERE (state = 'waiting'::text);
CREATE INDEX appeal_workspace_ended ON abuse.appeal USING btree (workspace_ended_at) WHERE (workspace_ended_at IS NOT NULL);
CREATE UNIQUE INDEX appeal_waits_once ON abuse.appeal USING btree (workspace_id, reason) WHERE (state = 'waiting'::text);
alter table abuse.appeal enable row level security;
alter table abuse.appeal force row level security;
create policy batch_all on abuse.appeal for all to sotto_batch using (true) with check (true);
create policy tenant_reads on abuse.appeal for select to sotto_tenant using ((workspace_id = platform.tenant()));
grant delete, insert, select on abuse.appeal to sotto_batch;
grant select (id, workspace_id, reason, body, state, created_at, closed_at, tier, granted_until) on abuse.appeal to sotto_tenant;
grant update (state, closed_at, tier, granted_until, workspace_ended_at) on abuse.appeal to sotto_batch;
create table abuse.bucket (
  pseudonym privacy.blind_index,
  address privacy.blind_index,
  email privacy.blind_index,
  device privacy.blind_index,
  full_at timestamp with time zone not null,
  sweep_at timestamp with time zone not null,
  created_at timestamp with time zone default platform.clock() not null
) with (fillfactor=70, autovacuum_vacuum_scale_factor=0.05);
alter table abuse.bucket add constraint bucket_of_one_subject CHECK ((num_nonnulls(pseudonym, address, email, device) = 1));
CREATE INDEX bucket_address_age ON abuse.bucket USING btree (created_at) WHERE (address IS NOT NULL);
CREATE INDEX bucket_sweep ON abuse.bucket USING btree (sweep_at);
CREATE UNIQUE INDEX bucket_subject ON abuse.bucket USING btree (COALESCE(pseudonym, address, email, device));
alter table abuse.bucket enable row level security;
alter table abuse.bucket force row level security;
create policy batch_all on abuse.bucket for all to sotto_batch using (true) with check (true);
grant delete, insert, select on abuse.bucket to sotto_batch;
grant update (full_at, sweep_at) on abuse.bucket to sotto_batch;
create table accounts.admin_token (
  id uuid not null,
  secret_hash privacy.keyed_hash not null,
  created_at timestamp with time zone default platform.clock() not null,
  expires_at timestamp with time zone not null,
  redeemed_at timestamp with time zone,
  api_key_id uuid
);
alter table accounts.admin_token add constraint admin_token_check CHECK (((redeemed_at IS NULL) = (api_key_id IS NULL)));
alter table accounts.admin_token add constraint admin_token_pkey PRIMARY KEY (id);
alter table accounts.admin_token add constraint admin_token_secret_hash_key UNIQUE (secret_hash);
CREATE INDEX admin_token_api_key ON accounts.admin_token USING btree (api_key_id) WHERE (api_key_id IS NOT NULL);
alter table accounts.admin_token enable row level security;
alter table accounts.admin_token force row level security;
create policy batch_all on accounts.admin_token for all to sotto_batch using (true) with check (true);
grant delete, insert, select on accounts.admin_token to sotto_batch;
grant update (redeemed_at, api_key_id) on accounts.admin_token to sotto_batch;
create table accounts.agreement (
  id uuid not null,
  version text not null,
  text text not null,
  digest bytea not null,
  required_from timestamp with time zone,
  published_at timestamp with time zone default platform.clock() not null
);
alter table accounts.agreement add constraint agreement_digest_check CHECK ((length(digest) = 32));
alter table accounts.agreement add constraint agreement_pkey PRIMARY KEY (id);
alter table accounts.agreement add constraint agreement_text_check CHECK (((length(text) >= 1) AND (length(text) <= 200000)));
alter table accounts.agreement add constraint agreement_version_check CHECK ((version ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$'::text));
alter table accounts.agreement add constraint agreement_version_key UNIQUE (version);
alter table accounts.agreement enable row level security;
alter table accounts.agreement force row level security;
create policy batch_all on accounts.agreement for all to sotto_batch using (true) with check (true);
grant insert, select on accounts.agreement to sotto_batch;
create table accounts.agreement_acceptance (
  workspace_id uuid not null,
  agreement_id uuid not null,
  accepted_by uuid,
  accepted_at timestamp with time zone default platform.clock() not null
);
alter table accounts.agreement_acceptance add constraint agreement_acceptance_accepted_by_fkey FOREIGN KEY (accepted_by) REFERENCES accounts.person(id) ON DELETE SET NULL;
alter table accounts.agreement_acceptance add constraint agreement_acceptance_agreement_id_fkey FOREIGN KEY (agreement_id) REFERENCES accounts.agreement(id);
alter table accounts.agreement_acceptance add constraint agreement_acceptance_pkey PRIMARY KEY (workspace_id, agreement_id);
alter table accounts.agreement_acceptance add constraint agreement_acceptance_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES accounts.workspace(id) ON DELETE CASCADE;
CREATE INDEX agreement_acceptance_by ON accounts.agreement_acceptance USING btree (accepted_by);
CREATE INDEX agreement_acceptance_of ON accounts.agreement_acceptance USING btree (agreement_id, workspace_id);
alter table accounts.agreement_acceptance enable row level security;
alter table accounts.agreement_acceptance force row level security;
create policy batch_all on accounts.agreement_acceptance for all to sotto_batch using (true) with check (true);
grant delete, insert, select on accounts.agreement_acceptance to sotto_batch;
create table accounts.api_key (
  id uuid not null,
  workspace_id uuid,
  kind text not null,
  origin text not null,
  created_by uuid,
  name privacy.sealed not null,
  secret_hash privacy.keyed_hash not null,
  first_four text not null,
  last_four text not null,
  scopes text[] not null,
  networks inet[],
  expires_at timestamp with time zone,
  created_at timestamp with time zone default platform.clock() not null,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  created_by_person uuid,
  requests_per_second integer
);
alter table accounts.api_key add constraint api_key_check CHECK (((workspace_id IS NULL) = (kind = 'admin'::text)));
alter table accounts.api_key add constraint api_key_check1 CHECK (((created_by IS NOT NULL) = (origin = 'key'::text)));
alter table accounts.api_key add constraint api_key_first_four_check CHECK ((first_four ~ '^[0-9A-Za-z]{4}$'::text));
alter table accounts.api_key add constraint api_key_kind_check CHECK ((kind = ANY (ARRAY['live'::text, 'test'::text, 'admin'::text])));
alter table accounts.api_key add constraint api_key_last_four_check CHECK ((last_four ~ '^[0-9A-Za-z]{4}$'::text));
alter table accounts.api_key add constraint api_key_networks_check CHECK (((cardinality(networks) >= 1) AND (cardinality(networks) <= 20)));
alter table accounts.api_key add constraint api_key_origin_check CHECK ((origin = ANY (ARRAY['key'::text, 'person'::text, 'operator'::text, 'one_time_token'::text, 'seed'::text])));
alter table accounts.api_key add constraint api_key_person_check CHECK (((created_by_person IS NOT NULL) = (origin = 'person'::text)));
alter table accounts.api_key add constraint api_key_pkey PRIMARY KEY (id);
alter table accounts.api_key add constraint api_key_requests_per_second_check CHECK (((requests_per_second >= 1) AND (requests_per_second <= 10000)));
alter table accounts.api_key add constraint api_key_scopes_check CHECK (((cardinality(scopes) >= 1) AND (cardinality(scopes) <= 64)));
alter table accounts.api_key add constraint api_key_secret_hash_key UNIQUE (secret_hash);
alter table accounts.api_key add constraint api_key_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES accounts.workspace(id);
CREATE INDEX api_key_created_by ON accounts.api_key USING btree (created_by) WHERE (created_by IS NOT NULL);
CREATE INDEX api_key_created_by_person ON accounts.api_key USING btree (created_by_person) WHERE (created_by_person IS NOT NULL);
CREATE INDEX api_key_workspace ON accounts.api_key USING btree (workspace_id, id DESC);
alter table accounts.api_key enable row level security;
alter table accounts.api_key force row level security;
create policy batch_all on accounts.api_key for all to sotto_batch using (true) with check (true);
create policy tenant_reads on accounts.api_key for select to sotto_tenant using ((workspace_id = platform.tenant()));
grant delete, insert, select on accounts.api_key to sotto_batch;
grant select (id, workspace_id, kind, origin, created_by, name, first_four, last_four, scopes, networks, expires_at, created_at, last_used_at, revoked_at, created_by_person, requests_per_second) on accounts.api_key to sotto_tenant;
grant update (expires_at, last_used_at, revoked_at) on accounts.api_key to sotto_batch;
create table accounts.device (
  person_id uuid not null,
  token_hash privacy.keyed_hash not null,
  recovery_hash privacy.keyed_hash not null,
  system text,
  app_version text,
  changed_at timestamp with time zone default platform.clock() not null
);
alter table accounts.device add constraint device_app_version_check CHECK (((length(app_version) >= 1) AND (length(app_version) <= 40)));
alter table accounts.device add constraint device_person_id_fkey FOREIGN KEY (person_id) REFERENCES accounts.person(id) ON DELETE CASCADE;
alter table accounts.device add constraint device_pkey PRIMARY KEY (person_id);
alter table accounts.device add constraint device_recovery_hash_key UNIQUE (recovery_hash);
alter table accounts.device add constraint device_system_check CHECK (((length(system) >= 1) AND (length(system) <= 60)));
alter table accounts.device add constraint device_token_hash_key UNIQUE (token_hash);
alter table accounts.device enable row level security;
alter table accounts.device force row level security;
create policy batch_all on accounts.device for all to sotto_batch using (true) with check (true);
grant delete, insert, select on accounts.device to sotto_batch;
grant update (token_hash, recovery_hash, system, app_version, changed_at) on accounts.device to sotto_batch;
create table accounts.inactivity_notice (
  workspace_id uuid not null,
  distance text not null,
  sent_at timestamp with time zone default platform.clock() not null
);
alter table accounts.inactivity_notice add constraint inactivity_notice_distance_check CHECK ((distance ~ '^P[0-9A-Z]{1,39}$'::text));
alter table accounts.inactivity_notice add constraint inactivity_notice_pkey PRIMARY KEY (workspace_id, distance);
alter table accounts.inactivity_notice add constraint inactivity_notice_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES accounts.workspace(id) ON DELETE CASCADE;
alter table accounts.inactivity_notice enable row level security;
alter table accounts.inactivity_notice force row level security;
create policy batch_all on accounts.inactivity_notice for all to sotto_batch using (true) with check (true);
grant delete, insert, select on accounts.inactivity_notice to sotto_batch;
create table accounts.invitation (
  id uuid not null,
  workspace_id uuid not null,
  invited_by uuid not null,
  role text not null,
  email privacy.sealed,
  secret_hash privacy.keyed_hash not null,
  created_at timestamp with time zone default platform.clock() not null,
  expires_at timestamp with time zone not null,
  accepted_at timestamp with time zone
);
alter table accounts.invitation add constraint accepted_has_no_email CHECK (((email IS NULL) = (accepted_at IS NOT NULL)));
alter table accounts.invitation add constraint invitation_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES accounts.person(id) ON DELETE CASCADE;
alter table accounts.invitation add constraint invitation_pkey PRIMARY KEY (id);
alter table accounts.invitation add constraint invitation_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'developer'::text, 'billing'::text, 'viewer'::text])));
alter table accounts.invitation add constraint invitation_secret_hash_key UNIQUE (secret_hash);
alter table accounts.invitation add constraint invitation_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES accounts.workspace(id) ON DELETE CASCADE;
CREATE INDEX invitation_end ON accounts.invitation USING btree (expires_at);
CREATE INDEX invitation_invited_by ON accounts.invitation USING btree (invited_by);
CREATE INDEX invitation_workspace ON accounts.invitation USING btree (workspace_id, id DESC);
alter table accounts.invitation enable row level security;
alter table accounts.invitation force row level security;
create policy batch_all on accounts.invitation for all to sotto_batch using (true) with check (true);
grant delete, insert, select on accounts.invitation to sotto_batch;
grant update (email, accepted_at) on accounts.invitation to sotto_batch;
create table accounts.link (
  id uuid not null,
  person_id uuid not null,
  purpose text not null,
  secret_hash privacy.keyed_hash not null,
  email privacy.sealed,
  created_at timestamp with time zone default platform.clock() not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone
);
alter table accounts.link add constraint changed_email_is_named CHECK (((purpose = 'change_email'::text) = (email IS NOT NULL)));
alter table accounts.link add constraint link_person_id_fkey FOREIGN KEY (person_id) REFERENCES accounts.person(id) ON DELETE CASCADE;
alter table accounts.link add constraint link_pkey PRIMARY KEY (id);
alter table accounts.link add constraint link_purpose_check CHECK ((purpose = ANY (ARRAY['reset_password'::text, 'change_email'::text])));
alter table accounts.link add constraint link_secret_hash_key UNIQUE (secret_hash);
CREATE INDEX link_end ON accounts.link USING btree (expires_at);
CREATE UNIQUE INDEX link_open ON accounts.link USING btree (person_id, purpose) WHERE (used_at IS NULL);
alter table accounts.link enable row level security;
alter table accounts.link force row level security;
create policy batch_all on accounts.link for all to sotto_batch using (true) with check (true);
grant delete, insert, select on accounts.link to sotto_batch;
grant update (used_at) on accounts.link to sotto_batch;
create table accounts.membership (
  workspace_id uuid not null,
  person_id uuid not null,
  role text not null,
  created_at timestamp with time zone default platform.clock() not null
);
alter table accounts.membership add constraint membership_person_id_fkey FOREIGN KEY (person_id) REFERENCES accounts.person(id) ON DELETE CASCADE;
alter table accounts.membership add constraint membership_pkey PRIMARY KEY (workspace_id, person_id);
alter table accounts.membership add constraint membership_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'developer'::text, 'billing'::text, 'viewer'::text])));
alter table accounts.membership add constraint membership_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES accounts.workspace(id) ON DELETE CASCADE;
CREATE INDEX membership_person ON accounts.membership USING btree (person_id);
alter table accounts.membership enable row level security;
alter table accounts.membership force row level security;
create policy batch_all on accounts.membership for all to sotto_batch using (true) with check (true);
create policy tenant_reads on accounts.membership for select to sotto_tenant using ((workspace_id = platform.tenant()));
grant delete, insert, select on accounts.membership to sotto_batch;
grant select on accounts.membership to sotto_tenant;
grant update (role) on accounts.membership to sotto_batch;
create table accounts.organisation (
  workspace_id uuid not null,
  name privacy.sealed not null
);
alter table accounts.organisation add constraint organisation_pkey PRIMARY KEY (workspace_id);
alter table accounts.organisation add constraint organisation_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES accounts.workspace(id) ON DELETE CASCADE;
alter table accounts.organisation enable row level security;
alter table accounts.organisation force row level security;
create policy batch_all on accounts.organisation for all to sotto_batch using (true) with check (true);
grant delete, insert, select on accounts.organisation to sotto_batch;
grant update (name) on accounts.organisation to sotto_batch;
create table accounts.passkey (
  id uuid not null,
  person_id uuid not null,
  credential_id bytea not null,
  public_key bytea not null,
  user_handle bytea not null,
  counter bigint not null,
  transports text[] not null,
  backup_eligible boolean not null,
  backed_up boolean not null,
  name privacy.sealed,
  created_at timestamp with time zone default platform.clock() not null,
  last_used_at timestamp with time zone
);
alter table accounts.passkey add constraint passkey_counter_check CHECK (((counter >= 0) AND (counter <= '4294967295'::bigint)));
alter table accounts.passkey add constraint passkey_credential_id_check CHECK (((octet_length(credential_id) >= 1) AND (octet_length(credential_id) <= 1023)));
alter table accounts.passkey add constraint passkey_credential_id_key UNIQUE (credential_id);
alter table accounts.passkey add constraint passkey_person_id_fkey FOREIGN KEY (person_id) REFERENCES accounts.person(id) ON DELETE CASCADE;
alter table accounts.passkey add constraint passkey_pkey PRIMARY KEY (id);
alter table accounts.passkey add constraint passkey_public_key_check CHECK (((octet_length(public_key) >= 1) AND (octet_length(public_key) <= 1024)));
alter table accounts.passkey add constraint passkey_transports_check CHECK ((cardinality(transports) <= 8));
alter table accounts.passkey add constraint passkey_user_handle_check CHECK (((octet_length(user_handle) >= 16) AND (octet_length(user_handle) <= 64)));
CREATE INDEX passkey_person ON accounts.passkey USING btree (person_id, id);
alter table accounts.passkey enable row level security;
alter table accounts.passkey force row level security;
create policy batch_all on accounts.passkey for all to sotto_batch using (true) with check (true);
grant delete, insert, select on accounts.passkey to sotto_batch;
grant update (counter, backed_up, name, last_used_at) on accounts.passkey to sotto_batch;
create table accounts.password (
  person_id uuid not null,
  hash privacy.sealed not null,
  changed_at timestamp with time zone default platform.clock() not null
);
alter table accounts.password add constraint password_person_id_fkey FOREIGN KEY (person_id) REFERENCES accounts.person(id) ON DELETE CASCADE;
alter table accounts.password add constraint password_pkey PRIMARY KEY (person_id);
alter table accounts.password enable row level security;
alter table accounts.password force row level security;
create policy batch_all on accounts.password for all to sotto_batch using (true) with check (true);
grant delete, insert, select on accounts.password to sotto_batch;
grant update (hash, changed_at) on accounts.password to sotto_batch;
create table accounts.person (
  id uuid not null,
  kind text not null,
  email privacy.sealed,
  email_index privacy.blind_index,
  locale text default 'en'::text not null,
  personal_workspace_id uuid,
  created_at timestamp with time zone default platform.clock() not null,
  closed_at timestamp with time zone
);
alter table accounts.person add constraint email_is_found CHECK (((email IS NULL) = (email_index IS NULL)));
alter table accounts.person add constraint email_person_has_email CHECK (((kind = 'email'::text) = (email IS NOT NULL)));
alter table accounts.person add constraint person_kind_check CHECK ((kind = ANY (ARRAY['email'::text, 'device'::text])));
alter table accounts.person add constraint person_locale_check CHECK ((locale ~ '^[a-z]{2}$'::text));
alter table accounts.person add constraint person_personal_workspace_id_key UNIQUE (personal_workspace_id);
alter table accounts.person add constraint person_pkey PRIMARY KEY (id);
CREATE INDEX person_closed ON accounts.person USING btree (closed_at) WHERE (closed_at IS NOT NULL);
CREATE UNIQUE INDEX person_email ON accounts.person USING btree (email_index) WHERE (closed_at IS NULL);
alter table accounts.person enable row level security;
alter table accounts.person force row level security;
create policy batch_all on accounts.person for all to sotto_batch using (true) with check (true);
grant delete, insert, select on accounts.person to sotto_batch;
grant update (email, email_index, locale, personal_workspace_id, closed_at) on accounts.person to sotto_batch;
create table accounts.recovery_code (
  person_id uuid not null,
  code_hash privacy.keyed_hash not null,
  created_at timestamp with time zone default platform.clock() not null
);
alter table accounts.recovery_code add constraint recovery_code_person_id_fkey FOREIGN KEY (person_id) REFERENCES accounts.person(id) ON DELETE CASCADE;
alter table accounts.recovery_code add constraint recovery_code_pkey PRIMARY KEY (person_id, code_hash);
alter table accounts.recovery_code enable row level security;
alter table accounts.recovery_code force row level security;
create policy batch_all on accounts.recovery_code for all to sotto_batch using (true) with check (true);
grant delete, insert, select on accounts.recovery_code to sotto_batch;
create table accounts.session (
  id uuid not null,
  person_id uuid not null,
  secret_hash privacy.keyed_hash not null,
  strength text not null,
  created_at timestamp with time zone default platform.clock() not null,
  authenticated_at timestamp with time zone default platform.clock() not null,
  last_seen_at timestamp with time zone default platform.clock() not null,
  idle_seconds integer not null,
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone
);
alter table accounts.session add constraint session_idle_seconds_check CHECK (((idle_seconds >= 60) AND (idle_seconds <= 31536000)));
alter table accounts.session add constraint session_person_id_fkey FOREIGN KEY (person_id) REFERENCES accounts.person(id) ON DELETE CASCADE;
alter table accounts.session add constraint session_pkey PRIMARY KEY (id);
alter table accounts.session add constraint session_secret_hash_key UNIQUE (secret_hash);
alter table accounts.session add constraint session_strength_check CHECK ((strength = ANY (ARRAY['first_factor'::text, 'full'::text, 'second_factor'::text])));
CREATE INDEX session_age ON accounts.session USING btree (last_seen_at);
CREATE INDEX session_person ON accounts.session USING btree (person_id, id DESC);
alter table accounts.session enable row level security;
alter table accounts.session force row level security;
create policy batch_all on accounts.session for all to sotto_batch using (true) with check (true);
grant delete, insert, select on accounts.session to sotto_batch;
grant update (strength, authenticated_at, last_seen_at, ended_at) on accounts.session to sotto_batch;
create table accounts.sign_up (
  id uuid not null,
  email privacy.sealed not null,
  password_hash privacy.sealed not null,
  secret_hash privacy.keyed_hash not null,
  locale text not null,
  policy_hash bytea not null,
  acceptance text not null,
  created_at timestamp with time zone default platform.clock() not null,
  expires_at timestamp with time zone not null
);
alter table accounts.sign_up add constraint sign_up_acceptance_check CHECK ((acceptance = ANY (ARRAY['explicit'::text, 'by_use'::text])));
alter table accounts.sign_up add constraint sign_up_locale_check CHECK ((locale ~ '^[a-z]{2}$'::text));
alter table accounts.sign_up add constraint sign_up_pkey PRIMARY KEY (id);
alter table accounts.sign_up add constraint sign_up_policy_hash_check CHECK ((octet_length(policy_hash) = 32));
alter table accounts.sign_up add constraint sign_up_secret_hash_key UNIQUE (secret_hash);
CREATE INDEX sign_up_end ON accounts.sign_up USING btree (expires_at);
alter table accounts.sign_up enable row level security;
alter table accounts.sign_up force row level security;
create policy batch_all on accounts.sign_up for all to sotto_batch using (true) with check (true);
grant delete, insert, select on accounts.sign_up to sotto_batch;
create table accounts.spent_challenge (
  id text not null,
  expires_at timestamp with time zone not null
);
alter table accounts.spent_challenge add constraint spent_challenge_id_check CHECK ((id ~ '^[A-Za-z0-9_-]{22}$'::text));
alter table accounts.spent_challenge add constraint spent_challenge_pkey PRIMARY KEY (id);
CREATE INDEX spent_challenge_end ON accounts.spent_challenge USING btree (expires_at);
alter table accounts.spent_challenge enable row level security;
alter table accounts.spent_challenge force row level security;
create policy batch_all on accounts.spent_challenge for all to sotto_batch using (true) with check (true);
grant delete, insert, select on accounts.spent_challenge to sotto_batch;
create table accounts.staff_grant (
  person_id uuid not null,
  role text not null,
  granted_at timestamp with time zone default platform.clock() not null
);
alter table accounts.staff_grant add constraint staff_grant_person_id_fkey FOREIGN KEY (person_id) REFERENCES accounts.person(id) ON DELETE CASCADE;
alter table accounts.staff_grant add constraint staff_grant_pkey PRIMARY KEY (person_id);
alter table accounts.staff_grant add constraint staff_grant_role_check CHECK ((role = ANY (ARRAY['administrator'::text, 'support'::text, 'abuse'::text, 'finance'::text, 'privacy_officer'::text])));
CREATE INDEX staff_grant_role ON accounts.staff_grant USING btree (role);
alter table accounts.staff_grant enable row level security;
alter table accounts.staff_grant force row level security;
create policy batch_all on accounts.staff_grant for all to sotto_batch using (true) with check (true);
grant delete, insert, select on accounts.staff_grant to sotto_batch;
grant update (role, granted_at) on accounts.staff_grant to sotto_batch;
create table accounts.totp (
  person_id uuid not null,
  secret privacy.sealed not null,
  created_at timestamp with time zone default platform.clock() not null,
  confirmed_at timestamp with time zone,
  last_used_step bigint
);
alter table accounts.totp add constraint totp_last_used_step_check CHECK ((last_used_step >= 0));
alter table accounts.totp add constraint totp_person_id_fkey FOREIGN KEY (person_id) REFERENCES accounts.person(id) ON DELETE CASCADE;
alter table accounts.totp add constraint totp_pkey PRIMARY KEY (person_id);
alter table accounts.totp add constraint totp_used_once_confirmed CHECK (((last_used_step IS NULL) OR (confirmed_at IS NOT NULL)));
alter table accounts.totp enable row level security;
alter table accounts.totp force row level security;
create policy batch_all on accounts.totp for all to sotto_batch using (true) with check (true);
grant delete, insert, select on accounts.totp to sotto_batch;
grant update (secret, created_at, confirmed_at, last_used_step) on accounts.totp to sotto_batch;
create table accounts.workspace (
  id uuid not null,
  kind text not null,
  name privacy.sealed,
  currency text not null,
  created_at timestamp with time zone default platform.clock() not null,
  closed_at timestamp with time zone,
  last_active_on date default ((platform.clock() AT TIME ZONE 'UTC'::text))::date not null
);
alter table accounts.workspace add constraint workspace_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text));
alter table accounts.workspace add constraint workspace_kind_check CHECK ((kind = ANY (ARRAY['personal'::text, 'organisation'::text])));
alter table accounts.workspace add constraint workspace_pkey PRIMARY KEY (id);
CREATE INDEX workspace_closed ON accounts.workspace USING btree (closed_at) WHERE (closed_at IS NOT NULL);
CREATE INDEX workspace_idle ON accounts.workspace USING btree (last_active_on) WHERE (closed_at IS NULL);
alter table accounts.workspace enable row level security;
alter table accounts.workspace force row level security;
create policy batch_all on accounts.workspace for all to sotto_batch using (true) with check (true);
create policy tenant_reads on accounts.workspace for select to sotto_tenant using ((id = platform.tenant()));
grant delete, insert, select on accounts.workspace to sotto_batch;
grant select on accounts.workspace to sotto_tenant;
grant update (name, closed_at, last_active_on) on accounts.workspace to sotto_batch;
create table carriers.bind_lease (
  connector_id uuid not null,
  slot smallint not null,
  token uuid,
  epoch bigint default 1 not null,
  expires_at timestamp with time zone not null
) with (fillfactor=50);
alter table carriers.bind_lease add constraint bind_lease_connector_id_fkey FOREIGN KEY (connector_id) REFERENCES carriers.connector(id) ON DELETE CASCADE;
alter table carriers.bind_lease add constraint bind_lease_pkey PRIMARY KEY (connector_id, slot);
alter table carriers.bind_lease add constraint bind_lease_slot_check CHECK ((slot >= 0));
grant delete, insert, select, update on carriers.bind_lease to sotto_batch;
create table carriers.connector (
  id uuid not null,
  name text not null,
  enabled boolean default true not null,
  version bigint default 1 not null,
  host text not null,
  port integer not null,
  tls text default 'off'::text not null,
  tls_ca text,
  tls_server_name text,
  system_id text not null,
  password privacy.sealed,
  system_type text default ''::text not null,
  bind_mode text default 'trx'::text not null,
  binds smallint default 1 not null,
  window_size integer default 10 not null,
  otp_window_reserve integer default 1 not null,
  parts_per_second integer,
  interface_version smallint default 52 not null,
  source_international_ton smallint default 1 not null,
  source_international_npi smallint default 1 not null,
  source_alphanumeric_ton smallint default 5 not null,
  source_alphanumeric_npi smallint default 0 not null,
  source_short_code_ton smallint default 3 not null,
  source_short_code_npi smallint default 0 not null,
  destination_ton smallint default 1 not null,
  destination_npi smallint default 1 not null,
  default_alphabet text default 'gsm7'::text not null,
  long_messages text default 'udh8'::text not null,
  registered_delivery smallint default 1 not null,
  message_ids text default 'learned'::text not null,
  accepted_is_final boolean default false not null,
  validity text default 'relative'::text not null,
  enquire_link_seconds integer default 30 not null,
  response_timeout_seconds integer default 30 not null,
  permanent_statuses integer[] default '{}'::integer[] not null,
  temporary_statuses integer[] default '{}'::integer[] not null,
  throttling_statuses integer[] default '{}'::integer[] not null,
  upstream_retention_days integer,
  created_at timestamp with time zone default platform.clock() not null,
  changed_at timestamp with time zone default platform.clock() not null
);
alter table carriers.connector add constraint connector_bind_mode_check CHECK ((bind_mode = ANY (ARRAY['trx'::text, 'tx_rx'::text])));
alter table carriers.connector add constraint connector_binds_check CHECK (((binds >= 1) AND (binds <= 32)));
alter table carriers.connector add constraint connector_check CHECK (((otp_window_reserve >= 0) AND ((otp_window_reserve < window_size) OR (window_size = 1))));
alter table carriers.connector add constraint connector_default_alphabet_check CHECK ((default_alphabet = ANY (ARRAY['gsm7'::text, 'gsm7_packed'::text, 'latin1'::text, 'ascii'::text])));
alter table carriers.connector add constraint connector_destination_npi_check CHECK (((destination_npi >= 0) AND (destination_npi <= 18)));
alter table carriers.connector add constraint connector_destination_ton_check CHECK (((destination_ton >= 0) AND (destination_ton <= 6)));
alter table carriers.connector add constraint connector_enquire_link_seconds_check CHECK (((enquire_link_seconds >= 1) AND (enquire_link_seconds <= 3600)));
alter table carriers.connector add constraint connector_host_check CHECK (((length(host) >= 1) AND (length(host) <= 253)));
alter table carriers.connector add constraint connector_interface_version_check CHECK ((interface_version = ANY (ARRAY[51, 52, 80])));
alter table carriers.connector add constraint connector_long_messages_check CHECK ((long_messages = ANY (ARRAY['udh8'::text, 'udh16'::text, 'sar'::text, 'payload'::text])));
alter table carriers.connector add constraint connector_message_ids_check CHECK ((message_ids = ANY (ARRAY['exact'::text, 'hex_to_dec'::text, 'dec_to_hex'::text, 'learned'::text])));
alter table carriers.connector add constraint connector_name_check CHECK ((name ~ '^[a-z][a-z0-9-]{0,39}$'::text));
alter table carriers.connector add constraint connector_name_key UNIQUE (name);
alter table carriers.connector add constraint connector_parts_per_second_check CHECK (((parts_per_second >= 1) AND (parts_per_second <= 100000)));
alter table carriers.connector add constraint connector_permanent_statuses_check CHECK ((cardinality(permanent_statuses) <= 64));
alter table carriers.connector add constraint connector_pkey PRIMARY KEY (id);
alter table carriers.connector add constraint connector_port_check CHECK (((port >= 1) AND (port <= 65535)));
alter table carriers.connector add constraint connector_registered_delivery_check CHECK (((registered_delivery >= 0) AND (registered_delivery <= 31)));
alter table carriers.connector add constraint connector_response_timeout_seconds_check CHECK (((response_timeout_seconds >= 1) AND (response_timeout_seconds <= 600)));
alter table carriers.connector add constraint connector_source_alphanumeric_npi_check CHECK (((source_alphanumeric_npi >= 0) AND (source_alphanumeric_npi <= 18)));
alter table carriers.connector add constraint connector_source_alphanumeric_ton_check CHECK (((source_alphanumeric_ton >= 0) AND (source_alphanumeric_ton <= 6)));
alter table carriers.connector add constraint connector_source_international_npi_check CHECK (((source_international_npi >= 0) AND (source_international_npi <= 18)));
alter table carriers.connector add constraint connector_source_international_ton_check CHECK (((source_international_ton >= 0) AND (source_international_ton <= 6)));
alter table carriers.connector add constraint connector_source_short_code_npi_check CHECK (((source_short_code_npi >= 0) AND (source_short_code_npi <= 18)));
alter table carriers.connector add constraint connector_source_short_code_ton_check CHECK (((source_short_code_ton >= 0) AND (source_short_code_ton <= 6)));
alter table carriers.connector add constraint connector_system_id_check CHECK (((length(system_id) >= 1) AND (length(system_id) <= 15)));
alter table carriers.connector add constraint connector_system_type_check CHECK ((length(system_type) <= 12));
alter table carriers.connector add constraint connector_temporary_statuses_check CHECK ((cardinality(temporary_statuses) <= 64));
alter table carriers.connector add constraint connector_throttling_statuses_check CHECK ((cardinality(throttling_statuses) <= 64));
alter table carriers.connector add constraint connector_tls_ca_check CHECK ((length(tls_ca) <= 65536));
alter table carriers.connector add constraint connector_tls_check CHECK ((tls = ANY (ARRAY['off'::text, 'verify'::text, 'pinned'::text])));
alter table carriers.connector add constraint connector_tls_server_name_check CHECK (((length(tls_server_name) >= 1) AND (length(tls_server_name) <= 253)));
alter table carriers.connector add constraint connector_upstream_retention_days_check CHECK (((upstream_retention_days >= 0) AND (upstream_retention_days <= 36500)));
alter table carriers.connector add constraint connector_validity_check CHECK ((validity = ANY (ARRAY['none'::text, 'relative'::text, 'absolute'::text])));
alter table carriers.connector add constraint connector_window_size_check CHECK (((window_size >= 1) AND (window_size <= 5000)));
grant delete, insert, select, update on carriers.connector to sotto_batch;
create table identity.access_window (
  check_id uuid not null,
  holder_id uuid not null,
  opened_at timestamp with time zone not null,
  ends_at timestamp with time zone not null
);
alter table identity.access_window add constraint access_window_check CHECK ((ends_at > opened_at));
alter table identity.access_window add constraint access_window_check_id_fkey FOREIGN KEY (check_id) REFERENCES identity.identity_check(id);
alter table identity.access_window add constraint access_window_pkey PRIMARY KEY (check_id);
alter table identity.access_window enable row level security;
alter table identity.access_window force row level security;
create policy batch_all on identity.access_window for all to sotto_batch using (true) with check (true);
grant delete, insert, select on identity.access_window to sotto_batch;
grant update (holder_id, opened_at, ends_at) on identity.access_window to sotto_batch;
create table identity.document (
  id uuid not null,
  check_id uuid not null,
  kind text not null,
  media_type text not null,
  octets integer not null,
  created_at timestamp with time zone not null
);
alter table identity.document add constraint document_check_id_fkey FOREIGN KEY (check_id) REFERENCES identity.identity_check(id);
alter table identity.document add constraint document_kind_check CHECK ((kind = ANY (ARRAY['passport'::text, 'identity_card_front'::text, 'identity_card_back'::text, 'residence_permit'::text, 'driving_licence'::text, 'company_register'::text, 'tax_certificate'::text, 'proof_of_address'::text, 'authorisation'::text])));
alter table identity.document add constraint document_media_type_check CHECK ((media_type = ANY (ARRAY['application/pdf'::text, 'image/jpeg'::text, 'image/png'::text])));
alter table identity.document add constraint document_octets_check CHECK (((octets >= 1) AND (octets <= 5000000)));
alter table identity.document add constraint document_pkey PRIMARY KEY (id);
CREATE INDEX document_of_check ON identity.document USING btree (check_id, id);
alter table identity.document enable row level security;
alter table identity.document force row level security;
create policy batch_all on identity.document for all to sotto_batch using (true) with check (true);
create policy tenant_reads on identity.document for select to sotto_tenant using ((EXISTS ( SELECT
   FROM identity.identity_check c
  WHERE ((c.id = document.check_id) AND (c.workspace_id = platform.tenant())))));
grant delete, insert, select on identity.document to sotto_batch;
grant select on identity.document to sotto_tenant;
create table identity.document_chunk (
  document_id uuid not null,
  number smallint not null,
  content privacy.sealed
);
alter table identity.document_chunk add constraint document_chunk_document_id_fkey FOREIGN KEY (document_id) REFERENCES identity.document(id);
alter table identity.document_chunk add constraint document_chunk_number_check CHECK (((number >= 0) AND (number <= 31)));
alter table identity.document_chunk add constraint document_chunk_pkey PRIMARY KEY (document_id, number);
alter table identity.document_chunk enable row level security;
alter table identity.document_chunk force row level security;
create policy batch_all on identity.document_chunk for all to sotto_batch using (true) with check (true);
grant delete, insert, select on identity.document_chunk to sotto_batch;
create table identity.identity_check (
  id uuid not null,
  workspace_id uuid not null,
  kind text not null,
  country text,
  state text not null,
  rejection text,
  documents_count smallint not null,
  created_at timestamp with time zone not null,
  submitted_at timestamp with time zone,
  place_in_line uuid,
  decided_at timestamp with time zone,
  ended_at timestamp with time zone,
  documents_ended_at timestamp with time zone,
  workspace_ended_at timestamp with time zone
);
alter table identity.identity_check add constraint identity_check_country_check CHECK ((country ~ '^[A-Z]{2}$'::text));
alter table identity.identity_check add constraint identity_check_decided_when CHECK (((state = ANY (ARRAY['approved'::text, 'rejected'::text])) = (decided_at IS NOT NULL)));
alter table identity.identity_check add constraint identity_check_documents_count_check CHECK (((documents_count >= 0) AND (documents_count <= 4)));
alter table identity.identity_check add constraint identity_check_documents_over CHECK (((documents_ended_at IS NULL) OR (state <> ALL (ARRAY['open'::text, 'submitted'::text]))));
alter table identity.identity_check add constraint identity_check_ended_when CHECK (((state = ANY (ARRAY['withdrawn'::text, 'expired'::text])) = (ended_at IS NOT NULL)));
alter table identity.identity_check add constraint identity_check_in_line CHECK (((state = 'submitted'::text) = (place_in_line IS NOT NULL)));
alter table identity.identity_check add constraint identity_check_kind_check CHECK ((kind = ANY (ARRAY['business'::text, 'person'::text])));
alter table identity.identity_check add constraint identity_check_pkey PRIMARY KEY (id);
alter table identity.identity_check add constraint identity_check_place_in_line_key UNIQUE (place_in_line);
alter table identity.identity_check add constraint identity_check_rejected_why CHECK (((rejection IS NULL) OR (state = 'rejected'::text)));
alter table identity.identity_check add constraint identity_check_rejection_check CHECK ((rejection = ANY (ARRAY['unreadable'::text, 'incomplete'::text, 'out_of_date'::text, 'does_not_match'::text, 'not_accepted'::text, 'not_authentic'::text])));
alter table identity.identity_check add constraint identity_check_state_check CHECK ((state = ANY (ARRAY['open'::text, 'submitted'::text, 'approved'::text, 'rejected'::text, 'withdrawn'::text, 'expired'::text])));
alter table identity.identity_check add constraint identity_check_submitted_when CHECK (((submitted_at IS NOT NULL) OR (state = ANY (ARRAY['open'::text, 'withdrawn'::text, 'expired'::text]))));
CREATE INDEX identity_check_of_workspace ON identity.identity_check USING btree (workspace_id, id DESC);
CREATE INDEX identity_check_with_documents ON identity.identity_check USING btree (id) WHERE (documents_ended_at IS NULL);
CREATE INDEX identity_check_workspace_ended ON identity.identity_check USING btree (workspace_ended_at) WHERE (workspace_ended_at IS NOT NULL);
alter table identity.identity_check enable row level security;
alter table identity.identity_check force row level security;
create policy batch_all on identity.identity_check for all to sotto_batch using (true) with check (true);
create policy tenant_reads on identity.identity_check for select to sotto_tenant using ((workspace_id = platform.tenant()));
grant delete, insert, select on identity.identity_check to sotto_batch;
grant select (id, workspace_id, kind, country, state, rejection, created_at, submitted_at, decided_at, documents_ended_at, workspace_ended_at) on identity.identity_check to sotto_tenant;
grant update (state, rejection, documents_count, submitted_at, place_in_line, decided_at, ended_at, documents_ended_at, workspace_ended_at) on identity.identity_check to sotto_batch;
create table ledger.carried (
  only_row boolean default true not null,
  up_to uuid default '00000000-0000-0000-0000-000000000000'::uuid not null
);
alter table ledger.carried add constraint carried_only_row_check CHECK (only_row);
alter table ledger.carried add constraint carried_pkey PRIMARY KEY (only_row);
grant select on ledger.carried to sotto_batch;
create table ledger.entry (
  transaction_id uuid not null,
  workspace_id uuid,
  account ledger.account not null,
  currency text not null,
  amount bigint not null
) partition by RANGE (transaction_id);
alter table ledger.entry add constraint entry_amount_bounds CHECK (((amount <> 0) AND ((amount >= '-2000000000000000000'::bigint) AND (amount <= '2000000000000000000'::bigint))));
alter table ledger.entry add constraint entry_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text));
alter table ledger.entry add constraint entry_once UNIQUE NULLS NOT DISTINCT (transaction_id, workspace_id, account, currency);
alter table ledger.entry add constraint entry_owner CHECK (((workspace_id IS NOT NULL) = (account = ANY (ARRAY['available'::ledger.account, 'held'::ledger.account, 'bonus'::ledger.account]))));
alter table ledger.entry enable row level security;
alter table ledger.entry force row level security;
create policy batch_all on ledger.entry for all to sotto_batch using (true) with check (true);
create policy owner_carries on ledger.entry for all to sotto_owner using (true) with check (true);
create policy tenant_reads on ledger.entry for select to sotto_tenant using ((workspace_id = platform.tenant()));
grant insert, select on ledger.entry to sotto_batch;
grant select on ledger.entry to sotto_tenant;
CREATE TRIGGER entries_apply AFTER INSERT ON ledger.entry REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger.apply_entries();
CREATE TRIGGER entry_append_only BEFORE DELETE OR UPDATE ON ledger.entry FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change('post a reversal');
CREATE TRIGGER entry_never_emptied BEFORE TRUNCATE ON ledger.entry FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change('post a reversal');
create table ledger.expiry_sweep (
  id boolean default true not null,
  swept_until timestamp with time zone not null
);
alter table ledger.expiry_sweep add constraint expiry_sweep_id_check CHECK (id);
alter table ledger.expiry_sweep add constraint expiry_sweep_pkey PRIMARY KEY (id);
grant select on ledger.expiry_sweep to sotto_batch;
grant update (swept_until) on ledger.expiry_sweep to sotto_batch;
create table ledger.hold (
  id uuid not null,
  workspace_id uuid not null,
  amount bigint not null,
  from_bonus bigint not null,
  captured bigint default 0 not null,
  expires_at timestamp with time zone not null,
  opened_by uuid,
  resolved_by uuid,
  state ledger.hold_state default 'open'::ledger.hold_state not null
) partition by RANGE (id);
alter table ledger.hold add constraint hold_amount_check CHECK (((amount >= 0) AND (amount <= '1000000000000000000'::bigint)));
alter table ledger.hold add constraint hold_captured_when_captured CHECK (((captured = 0) OR (state = 'captured'::ledger.hold_state)));
alter table ledger.hold add constraint hold_check CHECK (((from_bonus >= 0) AND (from_bonus <= amount)));
alter table ledger.hold add constraint hold_check1 CHECK (((captured >= 0) AND (captured <= amount)));
alter table ledger.hold add constraint hold_opening_posted CHECK (((opened_by IS NULL) = (amount = 0)));
alter table ledger.hold add constraint hold_pkey PRIMARY KEY (id);
alter table ledger.hold add constraint hold_resolution_posted CHECK (((resolved_by IS NULL) = ((state = 'open'::ledger.hold_state) OR (amount = 0))));
CREATE INDEX hold_expires ON ledger.hold USING btree (expires_at);
alter table ledger.hold enable row level security;
alter table ledger.hold force row level security;
create policy batch_all on ledger.hold for all to sotto_batch using (true) with check (true);
create policy owner_carries on ledger.hold for all to sotto_owner using (true) with check (true);
create policy tenant_reads on ledger.hold for select to sotto_tenant using ((workspace_id = platform.tenant()));
grant select on ledger.hold to sotto_batch;
grant select on ledger.hold to sotto_tenant;
grant insert (id, workspace_id, amount, from_bonus, expires_at, opened_by) on ledger.hold to sotto_batch;
grant update (captured, resolved_by, state) on ledger.hold to sotto_batch;
CREATE TRIGGER hold_never_deleted BEFORE DELETE ON ledger.hold FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change('a hold resolves once');
CREATE TRIGGER hold_resolves_once AFTER UPDATE ON ledger.hold FOR EACH ROW WHEN ((old.state <> 'open'::ledger.hold_state)) EXECUTE FUNCTION ledger.refuse_change('a hold resolves once');
create table ledger.opening_balance (
  workspace_id uuid,
  account ledger.account not null,
  currency text not null,
  amount bigint not null
) with (fillfactor=50);
alter table ledger.opening_balance add constraint opening_balance_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text));
alter table ledger.opening_balance add constraint opening_balance_once UNIQUE NULLS NOT DISTINCT (workspace_id, account, currency);
alter table ledger.opening_balance enable row level security;
alter table ledger.opening_balance force row level security;
create policy batch_reads on ledger.opening_balance for select to sotto_batch using (true);
create policy owner_carries on ledger.opening_balance for all to sotto_owner using (true) with check (true);
create policy tenant_reads on ledger.opening_balance for select to sotto_tenant using ((workspace_id = platform.tenant()));
grant select on ledger.opening_balance to sotto_batch;
grant select on ledger.opening_balance to sotto_tenant;
create table ledger.posting_key (
  scope uuid not null,
  key text not null,
  transaction_id uuid not null,
  request_digest bytea not null
);
alter table ledger.posting_key add constraint posting_key_key_check CHECK (((length(key) >= 1) AND (length(key) <= 200)));
alter table ledger.posting_key add constraint posting_key_pkey PRIMARY KEY (scope, key);
alter table ledger.posting_key add constraint posting_key_request_digest_check CHECK ((length(request_digest) = 32));
CREATE INDEX posting_key_transaction ON ledger.posting_key USING btree (transaction_id);
alter table ledger.posting_key enable row level security;
alter table ledger.posting_key force row level security;
create policy batch_all on ledger.posting_key for all to sotto_batch using (true) with check (true);
create policy owner_carries on ledger.posting_key for all to sotto_owner using (true) with check (true);
grant insert, select on ledger.posting_key to sotto_batch;
create table ledger.transaction (
  id uuid not null,
  kind ledger.transaction_kind not null,
  workspace_id uuid,
  reverses uuid,
  reason text,
  reference uuid,
  created_at timestamp with time zone not null
) partition by RANGE (id);
alter table ledger.transaction add constraint reversal_names_its_transaction CHECK (((kind = 'reversal'::ledger.transaction_kind) = (reverses IS NOT NULL)));
alter table ledger.transaction add constraint transaction_pkey PRIMARY KEY (id);
alter table ledger.transaction add constraint transaction_reason_check CHECK ((reason ~ '^[a-z][a-z0-9_.]{0,63}$'::text));
CREATE INDEX transaction_of_workspace ON ledger.transaction USING btree (workspace_id, id);
alter table ledger.transaction enable row level security;
alter table ledger.transaction force row level security;
create policy batch_all on ledger.transaction for all to sotto_batch using (true) with check (true);
create policy owner_carries on ledger.transaction for all to sotto_owner using (true) with check (true);
create policy tenant_reads on ledger.transaction for select to sotto_tenant using ((workspace_id = platform.tenant()));
grant insert, select on ledger.transaction to sotto_batch;
grant select on ledger.transaction to sotto_tenant;
CREATE TRIGGER transaction_append_only BEFORE DELETE OR UPDATE ON ledger.transaction FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change('post a reversal');
CREATE TRIGGER transaction_never_emptied BEFORE TRUNCATE ON ledger.transaction FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change('post a reversal');
create table ledger.wallet (
  workspace_id uuid not null,
  currency text not null,
  available bigint default 0 not null,
  held bigint default 0 not null,
  bonus bigint default 0 not null,
  credit_limit bigint default 0 not null,
  created_at timestamp with time zone default platform.clock() not null,
  closed_at timestamp with time zone
) with (fillfactor=50);
alter table ledger.wallet add constraint available_covers CHECK (((available + credit_limit) >= 0));
alter table ledger.wallet add constraint balance_bounds CHECK ((((available >= '-1000000000000000000'::bigint) AND (available <= '1000000000000000000'::bigint)) AND (held <= '1000000000000000000'::bigint) AND (bonus <= '1000000000000000000'::bigint)));
alter table ledger.wallet add constraint bonus_not_negative CHECK ((bonus >= 0));
alter table ledger.wallet add constraint credit_limit_bounds CHECK (((credit_limit >= 0) AND (credit_limit <= '1000000000000000000'::bigint)));
alter table ledger.wallet add constraint held_not_negative CHECK ((held >= 0));
alter table ledger.wallet add constraint wallet_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text));
alter table ledger.wallet add constraint wallet_pkey PRIMARY KEY (workspace_id);
CREATE INDEX wallet_closed ON ledger.wallet USING btree (closed_at) WHERE (closed_at IS NOT NULL);
alter table ledger.wallet enable row level security;
alter table ledger.wallet force row level security;
create policy batch_all on ledger.wallet for all to sotto_batch using (true) with check (true);
create policy owner_moves on ledger.wallet for all to sotto_owner using (true) with check (true);
create policy tenant_reads on ledger.wallet for select to sotto_tenant using ((workspace_id = platform.tenant()));
grant select on ledger.wallet to sotto_batch;
grant select on ledger.wallet to sotto_tenant;
grant insert (workspace_id, currency) on ledger.wallet to sotto_batch;
grant update (credit_limit, closed_at) on ledger.wallet to sotto_batch;
create table mail.arrival (
  hash privacy.keyed_hash not null,
  arrived_at timestamp with time zone default platform.clock() not null
);
alter table mail.arrival add constraint arrival_pkey PRIMARY KEY (hash);
CREATE INDEX arrival_age ON mail.arrival USING btree (arrived_at);
alter table mail.arrival enable row level security;
alter table mail.arrival force row level security;
create policy batch_all on mail.arrival for all to sotto_batch using (true) with check (true);
grant delete, insert, select on mail.arrival to sotto_batch;
create table mail.outbox (
  id uuid not null,
  workspace_id uuid,
  person_id uuid,
  template text not null,
  locale text not null,
  purpose text not null,
  address privacy.sealed,
  params privacy.sealed,
  state text default 'waiting'::text not null,
  attempts smallint default 0 not null,
  answer smallint,
  created_at timestamp with time zone default platform.clock() not null,
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  ticket_id uuid
);
alter table mail.outbox add constraint outbox_answer_check CHECK (((answer >= 200) AND (answer <= 599)));
alter table mail.outbox add constraint outbox_attempts_check CHECK ((attempts >= 0));
alter table mail.outbox add constraint outbox_check1 CHECK (((state = 'waiting'::text) = (ended_at IS NULL)));
alter table mail.outbox add constraint outbox_check2 CHECK (((state = 'waiting'::text) OR ((address IS NULL) AND (params IS NULL))));
alter table mail.outbox add constraint outbox_locale_check CHECK ((locale = ANY (ARRAY['en'::text, 'ar'::text])));
alter table mail.outbox add constraint outbox_of_somebody CHECK ((num_nonnulls(workspace_id, person_id, ticket_id) = 1));
alter table mail.outbox add constraint outbox_pkey PRIMARY KEY (id);
alter table mail.outbox add constraint outbox_purpose_check CHECK ((purpose = ANY (ARRAY['service'::text, 'security'::text, 'support'::text, 'marketing'::text])));
alter table mail.outbox add constraint outbox_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'refused'::text, 'dropped'::text, 'expired'::text])));
alter table mail.outbox add constraint outbox_template_check CHECK ((template ~ '^[a-z_]{1,60}$'::text));
CREATE INDEX outbox_age ON mail.outbox USING btree (created_at);
CREATE INDEX outbox_of_person ON mail.outbox USING btree (person_id) WHERE (person_id IS NOT NULL);
CREATE INDEX outbox_of_ticket ON mail.outbox USING btree (ticket_id) WHERE (ticket_id IS NOT NULL);
CREATE INDEX outbox_of_workspace ON mail.outbox USING btree (workspace_id) WHERE (workspace_id IS NOT NULL);
alter table mail.outbox enable row level security;
alter table mail.outbox force row level security;
create policy batch_all on mail.outbox for all to sotto_batch using (true) with check (true);
grant delete, insert, select on mail.outbox to sotto_batch;
grant update (address, params, state, attempts, answer, ended_at) on mail.outbox to sotto_batch;
create table messages.content_late (
  message_id uuid not null,
  workspace_id uuid not null,
  ended_at timestamp with time zone not null,
  held boolean default false not null
);
alter table messages.content_late add constraint content_late_pkey PRIMARY KEY (message_id);
CREATE INDEX content_late_due ON messages.content_late USING btree (ended_at) WHERE (NOT held);
CREATE INDEX content_late_held ON messages.content_late USING btree (workspace_id) WHERE held;
CREATE INDEX content_late_of_workspace ON messages.content_late USING btree (workspace_id, message_id);
alter table messages.content_late enable row level security;
alter table messages.content_late force row level security;
create policy batch_all on messages.content_late for all to sotto_batch using (true) with check (true);
grant delete, insert, select on messages.content_late to sotto_batch;
grant update (ended_at, held) on messages.content_late to sotto_batch;
create table messages.content_mark (
  only_row boolean default true not null,
  below uuid default '00000000-0000-0000-0000-000000000000'::uuid not null,
  counted_from text default ''::text not null
);
alter table messages.content_mark add constraint content_mark_only_row_check CHECK (only_row);
alter table messages.content_mark add constraint content_mark_pkey PRIMARY KEY (only_row);
grant select on messages.content_mark to sotto_batch;
grant update (below, counted_from) on messages.content_mark to sotto_batch;
create table messages.message (
  id uuid not null,
  workspace_id uuid not null,
  class messages.class not null,
  recipient privacy.sealed,
  recipient_index privacy.blind_index,
  body privacy.sealed,
  annotations privacy.sealed,
  sender text,
  encoding text not null,
  segments smallint not null,
  price_per_part bigint not null,
  currency text not null,
  test boolean not null,
  created_at timestamp with time zone not null,
  scheduled_at timestamp with time zone,
  valid_until timestamp with time zone not null,
  possible_duplicate boolean default false not null,
  closed_as messages.closing,
  closed_at timestamp with time zone,
  close_error text,
  erased_at timestamp with time zone,
  erase_by timestamp with time zone
) partition by RANGE (id);
alter table messages.message add constraint message_encoding_check CHECK ((encoding = ANY (ARRAY['gsm7'::text, 'ucs2'::text])));
alter table messages.message add constraint message_pkey PRIMARY KEY (id);
alter table messages.message add constraint message_price_per_part_check CHECK ((price_per_part >= 0));
alter table messages.message add constraint message_segments_check CHECK (((segments >= 1) AND (segments <= 10)));
CREATE INDEX message_erase_by ON messages.message USING btree (erase_by, id) WHERE (erase_by IS NOT NULL);
CREATE INDEX message_of_workspace ON messages.message USING btree (workspace_id, id);
CREATE INDEX message_to_recipient ON messages.message USING btree (workspace_id, recipient_index) WHERE (recipient_index IS NOT NULL);
alter table messages.message enable row level security;
alter table messages.message force row level security;
create policy batch_all on messages.message for all to sotto_batch using (true) with check (true);
create policy tenant_reads on messages.message for select to sotto_tenant using ((workspace_id = platform.tenant()));
grant delete, insert, select, update on messages.message to sotto_batch;
grant select on messages.message to sotto_tenant;
create table messages.parked_receipt (
  id uuid not null,
  connector_id uuid not null,
  carrier_message_ids text[] not null,
  destination privacy.sealed,
  status messages.part_status not null,
  final boolean not null,
  error_code text,
  received_at timestamp with time zone default platform.clock() not null
);
alter table messages.parked_receipt add constraint parked_receipt_pkey PRIMARY KEY (id);
CREATE INDEX parked_receipt_age ON messages.parked_receipt USING btree (received_at);
CREATE INDEX parked_receipt_ids ON messages.parked_receipt USING gin (carrier_message_ids);
grant delete, insert, select, update on messages.parked_receipt to sotto_batch;
create table messages.part (
  message_id uuid not null,
  sequence smallint not null,
  workspace_id uuid not null,
  connector_id uuid not null,
  carrier_message_id text,
  status messages.part_status not null,
  error_code text,
  submitted_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  undecided boolean generated always as (((status = 'unknown'::messages.part_status) AND (finished_at IS NULL)))
) partition by RANGE (message_id);
alter table messages.part add constraint part_pkey PRIMARY KEY (message_id, sequence);
CREATE INDEX part_at_carrier ON messages.part USING btree (connector_id, carrier_message_id) WHERE (carrier_message_id IS NOT NULL);
CREATE INDEX part_undecided ON messages.part USING btree (connector_id, submitted_at) WHERE undecided;
alter table messages.part enable row level security;
alter table messages.part force row level security;
create policy batch_all on messages.part for all to sotto_batch using (true) with check (true);
create policy tenant_reads on messages.part for select to sotto_tenant using ((workspace_id = platform.tenant()));
grant delete, insert, select, update on messages.part to sotto_batch;
grant select on messages.part to sotto_tenant;
create table messages.price (
  id uuid not null,
  prefix text not null,
  class messages.class,
  currency text not null,
  per_part bigint not null,
  cost_per_part bigint,
  created_at timestamp with time zone default platform.clock() not null
);
alter table messages.price add constraint price_cost_per_part_check CHECK ((cost_per_part >= 0));
alter table messages.price add constraint price_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text));
alter table messages.price add constraint price_per_part_check CHECK ((per_part >= 0));
alter table messages.price add constraint price_pkey PRIMARY KEY (id);
alter table messages.price add constraint price_prefix_check CHECK ((prefix ~ '^[0-9]{0,15}$'::text));
alter table messages.price add constraint price_prefix_class_currency_key UNIQUE NULLS NOT DISTINCT (prefix, class, currency);
grant delete, insert, select, update on messages.price to sotto_batch;
create table messages.queue (
  message_id uuid not null,
  sequence smallint not null,
  workspace_id uuid not null,
  lane smallint not null,
  connector_id uuid not null,
  due_at timestamp with time zone not null,
  valid_until timestamp with time zone not null,
  sender_token uuid,
  epoch integer default 0 not null,
  attempts smallint default 0 not null,
  tried uuid[],
  resent boolean default false not null
) with (fillfactor=90, autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_threshold=5000, autovacuum_vacuum_cost_delay=0, autovacuum_vacuum_insert_scale_factor=0.5, autovacuum_analyze_scale_factor=0.2);
alter table messages.queue add constraint queue_lane_check CHECK (((lane >= 0) AND (lane <= 2)));
alter table messages.queue add constraint queue_pkey PRIMARY KEY (message_id, sequence);
CREATE INDEX queue_claimed ON messages.queue USING btree (sender_token) WHERE (sender_token IS NOT NULL);
CREATE INDEX queue_ready ON messages.queue USING btree (connector_id, lane, due_at) WHERE (sender_token IS NULL);
alter table messages.queue enable row level security;
alter table messages.queue force row level security;
create policy batch_all on messages.queue for all to sotto_batch using (true) with check (true);
create policy tenant_reads on messages.queue for select to sotto_tenant using ((workspace_id = platform.tenant()));
grant delete, insert, select, update on messages.queue to sotto_batch;
grant select on messages.queue to sotto_tenant;
create table messages.route (
  id uuid not null,
  prefix text not null,
  class messages.class,
  connector_id uuid not null,
  rank smallint default 0 not null,
  weight integer default 1 not null,
  sender text,
  created_at timestamp with time zone default platform.clock() not null
);
alter table messages.route add constraint route_connector_id_fkey FOREIGN KEY (connector_id) REFERENCES carriers.connector(id);
alter table messages.route add constraint route_pkey PRIMARY KEY (id);
alter table messages.route add constraint route_prefix_check CHECK ((prefix ~ '^[0-9]{0,15}$'::text));
alter table messages.route add constraint route_prefix_class_connector_id_key UNIQUE NULLS NOT DISTINCT (prefix, class, connector_id);
alter table messages.route add constraint route_rank_check CHECK (((rank >= 0) AND (rank <= 100)));
alter table messages.route add constraint route_weight_check CHECK (((weight >= 1) AND (weight <= 1000)));
grant delete, insert, select, update on messages.route to sotto_batch;
create table messages.sender (
  token uuid not null,
  expires_at timestamp with time zone not null,
  started_at timestamp with time zone default platform.clock() not null
);
alter table messages.sender add constraint sender_pkey PRIMARY KEY (token);
grant delete, insert, select, update on messages.sender to sotto_batch;
create table messages.tariff_version (
  only_row boolean default true not null,
  version bigint default 1 not null
);
alter table messages.tariff_version add constraint tariff_version_only_row_check CHECK (only_row);
alter table messages.tariff_version add constraint tariff_version_pkey PRIMARY KEY (only_row);
grant select, update on messages.tariff_version to sotto_batch;
create table numbers.assignment (
  id uuid not null,
  number_id uuid not null,
  workspace_id uuid not null,
  during tstzrange not null,
  taken_back_at timestamp with time zone
);
alter table numbers.assignment add constraint assignment_check CHECK (((taken_back_at IS NULL) = upper_inf(during)));
alter table numbers.assignment add constraint assignment_during_check CHECK (((NOT isempty(during)) AND (NOT lower_inf(during)) AND lower_inc(during) AND (NOT upper_inc(during))));
alter table numbers.assignment add constraint assignment_number_id_fkey FOREIGN KEY (number_id) REFERENCES numbers.number(id);
alter table numbers.assignment add constraint assignment_pkey PRIMARY KEY (id);
alter table numbers.assignment add constraint one_tenant_at_a_time EXCLUDE USING gist (number_id WITH =, during WITH &&);
CREATE INDEX assignment_taken_back ON numbers.assignment USING btree (taken_back_at) WHERE (taken_back_at IS NOT NULL);
CREATE INDEX assignment_workspace ON numbers.assignment USING btree (workspace_id, number_id);
alter table numbers.assignment enable row level security;
alter table numbers.assignment force row level security;
create policy batch_all on numbers.assignment for all to sotto_batch using (true) with check (true);
create policy tenant_reads on numbers.assignment for select to sotto_tenant using ((workspace_id = platform.tenant()));
grant delete, insert, select on numbers.assignment to sotto_batch;
grant select on numbers.assignment to sotto_tenant;
grant update (during, taken_back_at) on numbers.assignment to sotto_batch;
create table numbers.assignment_home (
  assignment_id uuid not null,
  token uuid not null,
  epoch bigint default 1 not null
) with (fillfactor=80);
alter table numbers.assignment_home add constraint assignment_home_assignment_id_fkey FOREIGN KEY (assignment_id) REFERENCES numbers.assignment(id) ON DELETE CASCADE;
alter table numbers.assignment_home add constraint assignment_home_pkey PRIMARY KEY (assignment_id);
CREATE INDEX assignment_home_token ON numbers.assignment_home USING btree (token);
alter table numbers.assignment_home enable row level security;
alter table numbers.assignment_home force row level security;
create policy batch_all on numbers.assignment_home for all to sotto_batch using (true) with check (true);
grant delete, insert, select on numbers.assignment_home to sotto_batch;
grant update (token, epoch) on numbers.assignment_home to sotto_batch;
create table numbers.home (
  token uuid not null,
  address text not null,
  texts_held integer default 0 not null,
  expires_at timestamp with time zone not null,
  started_at timestamp with time zone default platform.clock() not null
) with (fillfactor=50);
alter table numbers.home add constraint home_address_check CHECK (((length(address) >= 3) AND (length(address) <= 300)));
alter table numbers.home add constraint home_pkey PRIMARY KEY (token);
alter table numbers.home add constraint home_texts_held_check CHECK ((texts_held >= 0));
alter table numbers.home enable row level security;
alter table numbers.home force row level security;
create policy batch_all on numbers.home for all to sotto_batch using (true) with check (true);
grant delete, insert, select on numbers.home to sotto_batch;
grant update (texts_held, expires_at) on numbers.home to sotto_batch;
create table numbers.inbound (
  id uuid not null,
  workspace_id uuid not null,
  number_id uuid not null,
  sender privacy.sealed,
  sender_index privacy.blind_index,
  form text not null,
  content privacy.sealed,
  segments smallint not null,
  complete boolean not null,
  received_at timestamp with time zone not null,
  set_id uuid,
  erase_by timestamp with time zone,
  erased_at timestamp with time zone
) partition by RANGE (id);
alter table numbers.inbound add constraint inbound_form_check CHECK ((form = ANY (ARRAY['text'::text, 'octets'::text])));
alter table numbers.inbound add constraint inbound_pkey PRIMARY KEY (id);
alter table numbers.inbound add constraint inbound_segments_check CHECK (((segments >= 1) AND (segments <= 255)));
alter table numbers.inbound add constraint inbound_whole_or_erased CHECK (((erased_at IS NOT NULL) OR ((sender IS NOT NULL) AND (sender_index IS NOT NULL) AND (content IS NOT NULL))));
CREATE INDEX inbound_erase_by ON numbers.inbound USING btree (erase_by, id) WHERE (erase_by IS NOT NULL);
CREATE INDEX inbound_sender ON numbers.inbound USING btree (workspace_id, sender_index, id DESC) WHERE (sender_index IS NOT NULL);
CREATE INDEX inbound_workspace ON numbers.inbound USING btree (workspace_id, id DESC);
alter table numbers.inbound enable row level security;
alter table numbers.inbound force row level security;
create policy batch_all on numbers.inbound for all to sotto_batch using (true) with check (true);
create policy tenant_reads on numbers.inbound for select to sotto_tenant using ((workspace_id = platform.tenant()));
grant delete, insert, select on numbers.inbound to sotto_batch;
grant select on numbers.inbound to sotto_tenant;
grant update (sender, sender_index, content, erase_by, erased_at) on numbers.inbound to sotto_batch;
create table numbers.inbound_part (
  set_id uuid not null,
  sequence smallint not null,
  content privacy.sealed not null
);
alter table numbers.inbound_part add constraint inbound_part_pkey PRIMARY KEY (set_id, sequence);
alter table numbers.inbound_part add constraint inbound_part_sequence_check CHECK (((sequence >= 1) AND (sequence <= 255)));
alter table numbers.inbound_part add constraint inbound_part_set_id_fkey FOREIGN KEY (set_id) REFERENCES numbers.inbound_set(id) ON DELETE CASCADE;
alter table numbers.inbound_part enable row level security;
alter table numbers.inbound_part force row level security;
create policy batch_all on numbers.inbound_part for all to sotto_batch using (true) with check (true);
grant delete, insert, select on numbers.inbound_part to sotto_batch;
create table numbers.inbound_set (
  id uuid not null,
  workspace_id uuid not null,
  number_id uuid not null,
  set_index privacy.blind_index not null,
  sender privacy.sealed not null,
  sender_index privacy.blind_index not null,
  form text not null,
  total smallint not null,
  opened_at timestamp with time zone not null,
  closed_at timestamp with time zone
) with (fillfactor=80);
alter table numbers.inbound_set add constraint inbound_set_form_check CHECK ((form = ANY (ARRAY['text'::text, 'octets'::text])));
alter table numbers.inbound_set add constraint inbound_set_pkey PRIMARY KEY (id);
alter table numbers.inbound_set add constraint inbound_set_total_check CHECK (((total >= 2) AND (total <= 255)));
CREATE INDEX inbound_set_age ON numbers.inbound_set USING btree (opened_at);
CREATE INDEX inbound_set_closed ON numbers.inbound_set USING btree (closed_at) WHERE (closed_at IS NOT NULL);
CREATE INDEX inbound_set_index ON numbers.inbound_set USING btree (workspace_id, set_index, id DESC);
CREATE INDEX inbound_set_number ON numbers.inbound_set USING btree (number_id, id) WHERE (closed_at IS NULL);
CREATE INDEX inbound_set_open ON numbers.inbound_set USING btree (opened_at) WHERE (closed_at IS NULL);
alter table numbers.inbound_set enable row level security;
alter table numbers.inbound_set force row level security;
create policy batch_all on numbers.inbound_set for all to sotto_batch using (true) with check (true);
grant delete, insert, select on numbers.inbound_set to sotto_batch;
grant update (closed_at) on numbers.inbound_set to sotto_batch;
create table numbers.memory_loss (
  only_row boolean default true not null,
  texts bigint default 0 not null,
  last_at timestamp with time zone
);
alter table numbers.memory_loss add constraint memory_loss_only_row_check CHECK (only_row);
alter table numbers.memory_loss add constraint memory_loss_pkey PRIMARY KEY (only_row);
alter table numbers.memory_loss enable row level security;
alter table numbers.memory_loss force row level security;
create policy batch_all on numbers.memory_loss for all to sotto_batch using (true) with check (true);
grant select on numbers.memory_loss to sotto_batch;
grant update (texts, last_at) on numbers.memory_loss to sotto_batch;
create table numbers.number (
  id uuid not null,
  e164 text not null,
  connector_id uuid not null,
  capability text default 'two_way'::text not null,
  quarantined_until timestamp with time zone,
  retired_at timestamp with time zone,
  created_at timestamp with time zone default platform.clock() not null
);
alter table numbers.number add constraint number_capability_check CHECK ((capability = ANY (ARRAY['inbound'::text, 'two_way'::text])));
alter table numbers.number add constraint number_connector_id_fkey FOREIGN KEY (connector_id) REFERENCES carriers.connector(id);
alter table numbers.number add constraint number_e164_check CHECK ((e164 ~ '^\+[1-9][0-9]{6,14}$'::text));
alter table numbers.number add constraint number_pkey PRIMARY KEY (id);
CREATE INDEX number_connector ON numbers.number USING btree (connector_id);
CREATE UNIQUE INDEX number_in_use ON numbers.number USING btree (e164) WHERE (retired_at IS NULL);
alter table numbers.number enable row level security;
alter table numbers.number force row level security;
create policy batch_all on numbers.number for all to sotto_batch using (true) with check (true);
create policy tenant_reads on numbers.number for select to sotto_tenant using ((EXISTS ( SELECT
   FROM numbers.assignment a
  WHERE ((a.number_id = number.id) AND (a.workspace_id = platform.tenant())))));
grant insert, select on numbers.number to sotto_batch;
grant select (id, e164) on numbers.number to sotto_tenant;
grant update (quarantined_until, retired_at) on numbers.number to sotto_batch;
create table payments.auto_top_up (
  workspace_id uuid not null,
  status text not null,
  threshold bigint not null,
  amount bigint not null,
  monthly_cap bigint not null,
  declines integer default 0 not null,
  stopped_by text,
  untold boolean default false not null,
  look_at timestamp with time zone default platform.clock() not null,
  changed_at timestamp with time zone default platform.clock() not null
);
alter table payments.auto_top_up add constraint auto_top_up_amount_check CHECK ((amount > 0));
alter table payments.auto_top_up add constraint auto_top_up_declines_check CHECK ((declines >= 0));
alter table payments.auto_top_up add constraint auto_top_up_pkey PRIMARY KEY (workspace_id);
alter table payments.auto_top_up add constraint auto_top_up_status_check CHECK ((status = ANY (ARRAY['off'::text, 'setting_up'::text, 'on'::text, 'needs_you'::text, 'declined'::text])));
alter table payments.auto_top_up add constraint auto_top_up_stopped_by_check CHECK ((stopped_by = ANY (ARRAY['needs_you'::text, 'declined'::text, 'refunded'::text, 'disputed'::text])));
alter table payments.auto_top_up add constraint auto_top_up_stopped_by_something CHECK (((stopped_by IS NULL) OR (status = ANY (ARRAY['off'::text, 'needs_you'::text, 'declined'::text]))));
alter table payments.auto_top_up add constraint auto_top_up_threshold_check CHECK ((threshold > 0));
alter table payments.auto_top_up add constraint auto_top_up_within_its_cap CHECK ((monthly_cap >= amount));
CREATE INDEX auto_top_up_changed ON payments.auto_top_up USING btree (changed_at);
CREATE INDEX auto_top_up_turn ON payments.auto_top_up USING btree (look_at) WHERE (status = 'on'::text);
CREATE INDEX auto_top_up_untold ON payments.auto_top_up USING btree (workspace_id) WHERE untold;
alter table payments.auto_top_up enable row level security;
alter table payments.auto_top_up force row level security;
create policy batch_all on payments.auto_top_up for all to sotto_batch using (true) with check (true);
create policy tenant_reads on payments.auto_top_up for select to sotto_tenant using ((workspace_id = platform.tenant()));
grant delete, insert, select on payments.auto_top_up to sotto_batch;
grant select (workspace_id, status, threshold, amount, monthly_cap, stopped_by, look_at) on payments.auto_top_up to sotto_tenant;
grant update (status, threshold, amount, monthly_cap, declines, stopped_by, untold, look_at, changed_at) on payments.auto_top_up to sotto_batch;
create table payments.balance_watch (
  workspace_id uuid not null,
  threshold bigint not null,
  armed boolean default true not null,
  looked_at timestamp with time zone default platform.clock() not null,
  changed_at timestamp with time zone default platform.clock() not null
);
alter table payments.balance_watch add constraint balance_watch_pkey PRIMARY KEY (workspace_id);
alter table payments.balance_watch add constraint balance_watch_threshold_check CHECK ((threshold > 0));
CREATE INDEX balance_watch_changed ON payments.balance_watch USING btree (changed_at);
CREATE INDEX balance_watch_turn ON payments.balance_watch USING btree (looked_at);
alter table payments.balance_watch enable row level security;
alter table payments.balance_watch force row level security;
create policy batch_all on payments.balance_watch for all to sotto_batch using (true) with check (true);
create policy tenant_reads on payments.balance_watch for select to sotto_tenant using ((workspace_id = platform.tenant()));
grant delete, insert, select on payments.balance_watch to sotto_batch;
grant select (workspace_id, threshold) on payments.balance_watch to sotto_tenant;
grant update (threshold, armed, looked_at, changed_at) on payments.balance_watch to sotto_batch;
create table payments.bank_transfer (
  id uuid not null,
  workspace_id uuid not null,
  state text default 'waiting'::text not null,
  amount bigint not null,
  currency text not null,
  reference text not null,
  entered_by_person uuid,
  entered_by_key uuid,
  decided_by_person uuid,
  decided_by_key uuid,
  created_at timestamp with time zone default platform.clock() not null,
  decided_at timestamp with time zone
);
alter table payments.bank_transfer add constraint bank_transfer_amount_check CHECK ((amount > 0));
alter table payments.bank_transfer add constraint bank_transfer_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text));
alter table payments.bank_transfer add constraint bank_transfer_decided_once CHECK (((state = 'waiting'::text) = ((decided_at IS NULL) AND (decided_by_person IS NULL) AND (decided_by_key IS NULL))));
alter table payments.bank_transfer add constraint bank_transfer_entered_by_somebody CHECK (((entered_by_person IS NOT NULL) OR (entered_by_key IS NOT NULL)));
alter table payments.bank_transfer add constraint bank_transfer_pkey PRIMARY KEY (id);
alter table payments.bank_transfer add constraint bank_transfer_reference_check CHECK (((length(reference) >= 4) AND (length(reference) <= 64)));
alter table payments.bank_transfer add constraint bank_transfer_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'approved'::text, 'rejected'::text])));
alter table payments.bank_transfer add constraint bank_transfer_takes_two CHECK (((state <> 'approved'::text) OR (COALESCE((entered_by_person <> decided_by_person), true) AND COALESCE((entered_by_key <> decided_by_key), true))));
CREATE INDEX bank_transfer_created ON payments.bank_transfer USING btree (created_at);
CREATE INDEX bank_transfer_waiting ON payments.bank_transfer USING btree (id DESC) WHERE (state = 'waiting'::text);
CREATE UNIQUE INDEX bank_transfer_once ON payments.bank_transfer USING btree (reference) WHERE (state <> 'rejected'::text);
alter table payments.bank_transfer enable row level security;
alter table payments.bank_transfer force row level security;
create policy batch_all on payments.bank_transfer for all to sotto_batch using (true) with check (true);
grant delete, insert, select on payments.bank_transfer to sotto_batch;
grant update (state, decided_by_person, decided_by_key, decided_at) on payments.bank_transfer to sotto_batch;
create table payments.billing_details (
  workspace_id uuid not null,
  details privacy.sealed not null,
  updated_at timestamp with time zone default platform.clock() not null
);
alter table payments.billing_details add constraint billing_details_pkey PRIMARY KEY (workspace_id);
alter table payments.billing_details enable row level security;
alter table payments.billing_details force row level security;
create policy batch_all on payments.billing_details for all to sotto_batch using (true) with check (true);
create policy tenant_reads on payments.billing_details for select to sotto_tenant using ((workspace_id = platform.tenant()));
grant delete, insert, select on payments.billing_details to sotto_batch;
grant select on payments.billing_details to sotto_tenant;
grant update (details, updated_at) on payments.billing_details to sotto_batch;
create table payments.confirmation (
  id uuid not null,
  workspace_id uuid not null,
  act text not null,
  product_id text not null,
  token text not null,
  created_at timestamp with time zone default platform.clock() not null
);
alter table payments.confirmation add constraint confirmation_act_check CHECK ((act = ANY (ARRAY['consume'::text, 'acknowledge'::text, 'acknowledge_subscription'::text])));
alter table payments.confirmation add constraint confirmation_once UNIQUE (token, product_id);
alter table payments.confirmation add constraint confirmation_pkey PRIMARY KEY (id);
alter table payments.confirmation add constraint confirmation_product_id_check CHECK (((length(product_id) >= 1) AND (length(product_id) <= 200)));
alter table payments.confirmation add constraint confirmation_token_check CHECK (((length(token) >= 1) AND (length(token) <= 1500)));
CREATE INDEX confirmation_created ON payments.confirmation USING btree (created_at);
alter table payments.confirmation enable row level security;
alter table payments.confirmation force row level security;
create policy batch_all on payments.confirmation for all to sotto_batch using (true) with check (true);
grant delete, insert, select on payments.confirmation to sotto_batch;
create table payments.early_fact (
  provider text not null,
  settlement_id text not null,
  external_id text not null,
  kind text not null,
  amount bigint,
  payment_id uuid,
  received_at timestamp with time zone default platform.clock() not null
);
alter table payments.early_fact add constraint early_fact_amount_check CHECK ((amount >= 0));
alter table payments.early_fact add constraint early_fact_external_id_check CHECK (((length(external_id) >= 1) AND (length(external_id) <= 200)));
alter table payments.early_fact add constraint early_fact_kind_check CHECK ((kind = ANY (ARRAY['refunded'::text, 'refund_reversed'::text, 'disputed'::text, 'dispute_won'::text, 'dispute_lost'::text])));
alter table payments.early_fact add constraint early_fact_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments.payment(id);
alter table payments.early_fact add constraint early_fact_pkey PRIMARY KEY (provider, settlement_id, external_id, kind);
alter table payments.early_fact add constraint early_fact_provider_check CHECK ((provider = ANY (ARRAY['stripe'::text, 'btcpay'::text, 'app_store'::text, 'play_store'::text])));
alter table payments.early_fact add constraint early_fact_settlement_id_check CHECK (((length(settlement_id) >= 1) AND (length(settlement_id) <= 200)));
CREATE INDEX early_fact_payment ON payments.early_fact USING btree (payment_id) WHERE (payment_id IS NOT NULL);
CREATE INDEX early_fact_received ON payments.early_fact USING btree (received_at);
alter table payments.early_fact enable row level security;
alter table payments.early_fact force row level security;
create policy batch_all on payments.early_fact for all to sotto_batch using (true) with check (true);
grant delete, insert, select on payments.early_fact to sotto_batch;
grant update (amount) on payments.early_fact to sotto_batch;
create table payments.exchange_rate (
  id uuid not null,
  base text not null,
  quote text not null,
  rate bigint not null,
  valid_from timestamp with time zone not null,
  created_at timestamp with time zone default platform.clock() not null
);
alter table payments.exchange_rate add constraint exchange_rate_base_check CHECK ((base ~ '^[A-Z]{3}$'::text));
alter table payments.exchange_rate add constraint exchange_rate_of_two CHECK ((base <> quote));
alter table payments.exchange_rate add constraint exchange_rate_once UNIQUE (base, quote, valid_from);
alter table payments.exchange_rate add constraint exchange_rate_pkey PRIMARY KEY (id);
alter table payments.exchange_rate add constraint exchange_rate_quote_check CHECK ((quote ~ '^[A-Z]{3}$'::text));
alter table payments.exchange_rate add constraint exchange_rate_rate_check CHECK (((rate >= 1) AND (rate <= '1000000000000000'::bigint)));
alter table payments.exchange_rate enable row level security;
alter table payments.exchange_rate force row level security;
create policy batch_appends on payments.exchange_rate for insert to sotto_batch with check (true);
create policy batch_reads on payments.exchange_rate for select to sotto_batch using (true);
grant insert, select on payments.exchange_rate to sotto_batch;
CREATE TRIGGER exchange_rate_never_changes BEFORE DELETE OR UPDATE ON payments.exchange_rate FOR EACH ROW EXECUTE FUNCTION privacy.refuse_unless_ending();
create table payments.instrument (
  id uuid not null,
  workspace_id uuid not null,
  state text default 'asked'::text not null,
  external_id text,
  customer_id text,
  method_id text,
  request_key bytea,
  request_digest bytea,
  created_at timestamp with time zone default platform.clock() not null,
  dropped_at timestamp with time zone
);
alter table payments.instrument add constraint instrument_customer_id_check CHECK (((length(customer_id) >= 1) AND (length(customer_id) <= 200)));
alter table payments.instrument add constraint instrument_dropped_then CHECK (((state = 'dropped'::text) = (dropped_at IS NOT NULL)));
alter table payments.instrument add constraint instrument_external_id_check CHECK (((length(external_id) >= 1) AND (length(external_id) <= 200)));
alter table payments.instrument add constraint instrument_external_id_key UNIQUE (external_id);
alter table payments.instrument add constraint instrument_known_whole CHECK (((customer_id IS NULL) = (method_id IS NULL)));
alter table payments.instrument add constraint instrument_method_id_check CHECK (((length(method_id) >= 1) AND (length(method_id) <= 200)));
alter table payments.instrument add constraint instrument_pkey PRIMARY KEY (id);
alter table payments.instrument add constraint instrument_request_digest_check CHECK ((length(request_digest) = 16));
alter table payments.instrument add constraint instrument_request_key_check CHECK ((length(request_key) = 16));
alter table payments.instrument add constraint instrument_request_once UNIQUE (workspace_id, request_key);
alter table payments.instrument add constraint instrument_state_check CHECK ((state = ANY (ARRAY['asked'::text, 'stored'::text, 'dropped'::text])));
alter table payments.instrument add constraint instrument_stored_is_known CHECK (((state <> 'stored'::text) OR (method_id IS NOT NULL)));
CREATE INDEX instrument_asked ON payments.instrument USING btree (created_at) WHERE (state = 'asked'::text);
CREATE INDEX instrument_of_workspace ON payments.instrument USING btree (workspace_id);
CREATE UNIQUE INDEX instrument_one_asked ON payments.instrument USING btree (workspace_id) WHERE (state = 'asked'::text);
CREATE UNIQUE INDEX instrument_one_stored ON payments.instrument USING btree (workspace_id) WHERE (state = 'stored'::text);
alter table payments.instrument enable row level security;
alter table payments.instrument force row level security;
create policy batch_all on payments.instrument for all to sotto_batch using (true) with check (true);
grant delete, insert, select on payments.instrument to sotto_batch;
grant update (state, external_id, customer_id, method_id, dropped_at) on payments.instrument to sotto_batch;
create table payments.invoice (
  id uuid not null,
  workspace_id uuid not null,
  kind text not null,
  series text not null,
  year integer not null,
  sequence integer not null,
  payment_id uuid not null,
  corrects uuid,
  issued_at timestamp with time zone not null,
  supplied_at timestamp with time zone not null,
  seller_name text not null,
  seller_address text not null,
  seller_country text not null,
  seller_tax_id text,
  buyer privacy.sealed,
  currency text not null,
  total bigint not null,
  tax bigint not null,
  tax_rate integer not null,
  reverse_charge boolean not null
);
alter table payments.invoice add constraint invoice_check CHECK (((tax >= 0) AND (tax <= total)));
alter table payments.invoice add constraint invoice_corrects CHECK (((corrects IS NULL) = (kind = 'invoice'::text)));
alter table payments.invoice add constraint invoice_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text));
alter table payments.invoice add constraint invoice_kind_check CHECK ((kind = ANY (ARRAY['invoice'::text, 'credit_note'::text])));
alter table payments.invoice add constraint invoice_number_once UNIQUE (series, year, sequence);
alter table payments.invoice add constraint invoice_numbered_in_its_year CHECK (((year)::numeric = EXTRACT(year FROM (issued_at AT TIME ZONE 'UTC'::text))));
alter table payments.invoice add constraint invoice_pkey PRIMARY KEY (id);
alter table payments.invoice add constraint invoice_reverse_charged_without_tax CHECK (((NOT reverse_charge) OR (tax = 0)));
alter table payments.invoice add constraint invoice_seller_address_check CHECK (((length(seller_address) >= 1) AND (length(seller_address) <= 300)));
alter table payments.invoice add constraint invoice_seller_country_check CHECK ((seller_country ~ '^[A-Z]{2}$'::text));
alter table payments.invoice add constraint invoice_seller_name_check CHECK (((length(seller_name) >= 1) AND (length(seller_name) <= 200)));
alter table payments.invoice add constraint invoice_seller_tax_id_check CHECK (((length(seller_tax_id) >= 1) AND (length(seller_tax_id) <= 30)));
alter table payments.invoice add constraint invoice_sequence_check CHECK ((sequence > 0));
alter table payments.invoice add constraint invoice_tax_rate_check CHECK (((tax_rate >= 0) AND (tax_rate <= 1000000)));
alter table payments.invoice add constraint invoice_total_check CHECK ((total > 0));
CREATE INDEX credit_note_of_payment ON payments.invoice USING btree (payment_id) WHERE (kind = 'credit_note'::text);
CREATE INDEX invoice_issued ON payments.invoice USING btree (issued_at);
CREATE INDEX invoice_of_workspace ON payments.invoice USING btree (workspace_id, id DESC);
CREATE UNIQUE INDEX invoice_of_payment ON payments.invoice USING btree (payment_id) WHERE (kind = 'invoice'::text);
alter table payments.invoice enable row level security;
alter table payments.invoice force row level security;
create policy batch_appends on payments.invoice for insert to sotto_batch with check (true);
create policy batch_reads on payments.invoice for select to sotto_batch using (true);
create policy owner_ends on payments.invoice for all to sotto_owner using (true) with check (true);
create policy tenant_reads on payments.invoice for select to sotto_tenant using ((workspace_id = platform.tenant()));
grant insert, select on payments.invoice to sotto_batch;
grant select on payments.invoice to sotto_tenant;
CREATE TRIGGER invoice_never_changes BEFORE DELETE OR UPDATE ON payments.invoice FOR EACH ROW EXECUTE FUNCTION privacy.refuse_unless_ending();
create table payments.invoice_series (
  series text not null,
  year integer default 0 not null,
  last_number integer default 0 not null
);
alter table payments.invoice_series add constraint invoice_series_last_number_check CHECK ((last_number >= 0));
alter table payments.invoice_series add constraint invoice_series_pkey PRIMARY KEY (series);
alter table payments.invoice_series add constraint invoice_series_series_check CHECK ((series ~ '^[A-Z0-9]{1,10}(-[A-Z0-9]{1,4})?$'::text));
alter table payments.invoice_series enable row level security;
alter table payments.invoice_series force row level security;
create policy batch_all on payments.invoice_series for all to sotto_batch using (true) with check (true);
grant select on payments.invoice_series to sotto_batch;
grant insert (series) on payments.invoice_series to sotto_batch;
grant update (year, last_number) on payments.invoice_series to sotto_batch;
create table payments.notice (
  id uuid not null,
  feed text not null,
  notice_id text not null,
  payment_id uuid,
  outcome text not null,
  received_at timestamp with time zone default platform.clock() not null
);
alter table payments.notice add constraint notice_feed_check CHECK ((feed = ANY (ARRAY['stripe'::text, 'btcpay'::text, 'revenuecat'::text, 'app_store'::text, 'play_store'::text])));
alter table payments.notice add constraint notice_notice_id_check CHECK (((length(notice_id) >= 1) AND (length(notice_id) <= 200)));
alter table payments.notice add constraint notice_once UNIQUE (feed, notice_id);
alter table payments.notice add constraint notice_outcome_check CHECK ((outcome = ANY (ARRAY['applied'::text, 'ignored'::text, 'kept'::text])));
alter table payments.notice add constraint notice_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments.payment(id);
alter table payments.notice add constraint notice_pkey PRIMARY KEY (id);
CREATE INDEX notice_of_payment ON payments.notice USING btree (payment_id);
CREATE INDEX notice_received ON payments.notice USING btree (received_at);
alter table payments.notice enable row level security;
alter table payments.notice force row level security;
create policy batch_all on payments.notice for all to sotto_batch using (true) with check (true);
grant delete, insert, select on payments.notice to sotto_batch;
grant update (outcome) on payments.notice to sotto_batch;
create table payments.payment (
  id uuid not null,
  workspace_id uuid not null,
  provider text not null,
  status text default 'open'::text not null,
  currency text not null,
  asked bigint,
  paid bigint,
  paid_currency text,
  credited bigint default 0 not null,
  taken_back bigint default 0 not null,
  lost bigint default 0 not null,
  external_id text,
  settlement_id text,
  checkout_url text,
  request_key bytea,
  request_digest bytea,
  created_at timestamp with time zone default platform.clock() not null,
  paid_at timestamp with time zone,
  approved bigint,
  approved_by_person uuid,
  approved_by_key uuid,
  rate_base text,
  rate_quote text,
  rate bigint,
  rate_from timestamp with time zone,
  instrument_id uuid,
  failed_because text
);
alter table payments.payment add constraint payment_approved_by_somebody CHECK (((approved IS NULL) = ((approved_by_person IS NULL) AND (approved_by_key IS NULL))));
alter table payments.payment add constraint payment_approved_check CHECK ((approved > 0));
alter table payments.payment add constraint payment_asked_check CHECK ((asked > 0));
alter table payments.payment add constraint payment_checkout_url_check CHECK ((length(checkout_url) <= 2000));
alter table payments.payment add constraint payment_credited_check CHECK ((credited >= 0));
alter table payments.payment add constraint payment_credited_when_paid CHECK (((credited > 0) = (status = 'paid'::text)));
alter table payments.payment add constraint payment_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text));
alter table payments.payment add constraint payment_external_id_check CHECK (((length(external_id) >= 1) AND (length(external_id) <= 200)));
alter table payments.payment add constraint payment_external_once UNIQUE (provider, external_id);
alter table payments.payment add constraint payment_failed_because_check CHECK ((failed_because = ANY (ARRAY['declined'::text, 'needs_you'::text, 'not_made'::text])));
alter table payments.payment add constraint payment_lost_check CHECK ((lost >= 0));
alter table payments.payment add constraint payment_paid_check CHECK ((paid >= 0));
alter table payments.payment add constraint payment_paid_currency_check CHECK ((paid_currency ~ '^[A-Z]{3}$'::text));
alter table payments.payment add constraint payment_paid_in_a_currency CHECK (((paid IS NULL) = (paid_currency IS NULL)));
alter table payments.payment add constraint payment_pkey PRIMARY KEY (id);
alter table payments.payment add constraint payment_provider_check CHECK ((provider = ANY (ARRAY['stripe'::text, 'btcpay'::text, 'app_store'::text, 'play_store'::text, 'bank'::text])));
alter table payments.payment add constraint payment_rate_base_check CHECK ((rate_base ~ '^[A-Z]{3}$'::text));
alter table payments.payment add constraint payment_rate_check CHECK ((rate > 0));
alter table payments.payment add constraint payment_rate_quote_check CHECK ((rate_quote ~ '^[A-Z]{3}$'::text));
alter table payments.payment add constraint payment_rate_whole CHECK ((num_nonnulls(rate_base, rate_quote, rate, rate_from) = ANY (ARRAY[0, 4])));
alter table payments.payment add constraint payment_request_digest_check CHECK ((length(request_digest) = 16));
alter table payments.payment add constraint payment_request_key_check CHECK ((length(request_key) = 16));
alter table payments.payment add constraint payment_request_once UNIQUE (workspace_id, request_key);
alter table payments.payment add constraint payment_settled_once UNIQUE (provider, settlement_id);
alter table payments.payment add constraint payment_settlement_id_check CHECK (((length(settlement_id) >= 1) AND (length(settlement_id) <= 200)));
alter table payments.payment add constraint payment_status_check CHECK ((status = ANY (ARRAY['open'::text, 'pending'::text, 'expired'::text, 'failed'::text, 'review'::text, 'paid'::text])));
alter table payments.payment add constraint payment_taken_back_check CHECK ((taken_back >= 0));
alter table payments.payment add constraint payment_takes_back_what_it_credited CHECK (((taken_back + lost) <= credited));
CREATE INDEX payment_attention ON payments.payment USING btree (id DESC) WHERE ((status = 'review'::text) OR (lost > 0));
CREATE INDEX payment_automatic ON payments.payment USING btree (workspace_id, created_at DESC) WHERE (instrument_id IS NOT NULL);
CREATE INDEX payment_created ON payments.payment USING btree (created_at);
CREATE INDEX payment_of_workspace ON payments.payment USING btree (workspace_id, id DESC);
CREATE INDEX payment_unpaid ON payments.payment USING btree (provider, id) WHERE (status = ANY (ARRAY['open'::text, 'pending'::text]));
CREATE UNIQUE INDEX payment_one_automatic ON payments.payment USING btree (workspace_id) WHERE ((instrument_id IS NOT NULL) AND (status = ANY (ARRAY['open'::text, 'pending'::text])));
alter table payments.payment enable row level security;
alter table payments.payment force row level security;
create policy batch_all on payments.payment for all to sotto_batch using (true) with check (true);
create policy tenant_reads on payments.payment for select to sotto_tenant using ((workspace_id = platform.tenant()));
grant delete, insert, select on payments.payment to sotto_batch;
grant select (id, workspace_id, provider, status, currency, asked, credited, taken_back, checkout_url, created_at, paid_at, rate_base, rate_quote, rate, rate_from, instrument_id, failed_because) on payments.payment to sotto_tenant;
grant update (workspace_id, status, paid, paid_currency, credited, taken_back, lost, external_id, settlement_id, checkout_url, paid_at, approved, approved_by_person, approved_by_key, rate_base, rate_quote, rate, rate_from, failed_because) on payments.payment to sotto_batch;
create table payments.plan (
  id uuid not null,
  key text not null,
  version integer not null,
  name text not null,
  currency text not null,
  price bigint not null,
  credit bigint not null,
  members_max integer,
  keys_max integer,
  store_products text[] default '{}'::text[] not null,
  retired_at timestamp with time zone,
  created_at timestamp with time zone default platform.clock() not null
);
alter table payments.plan add constraint plan_credit_check CHECK (((credit >= 0) AND (credit <= '1000000000000000'::bigint)));
alter table payments.plan add constraint plan_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text));
alter table payments.plan add constraint plan_key_check CHECK ((key ~ '^[a-z][a-z0-9_]{0,39}$'::text));
alter table payments.plan add constraint plan_keys_max_check CHECK (((keys_max >= 1) AND (keys_max <= 10000)));
alter table payments.plan add constraint plan_members_max_check CHECK (((members_max >= 1) AND (members_max <= 1000)));
alter table payments.plan add constraint plan_name_check CHECK (((length(name) >= 1) AND (length(name) <= 80)));
alter table payments.plan add constraint plan_pkey PRIMARY KEY (id);
alter table payments.plan add constraint plan_price_check CHECK (((price >= 0) AND (price <= '1000000000000000'::bigint)));
alter table payments.plan add constraint plan_store_products_check CHECK ((cardinality(store_products) <= 20));
alter table payments.plan add constraint plan_version_check CHECK ((version > 0));
alter table payments.plan add constraint plan_version_once UNIQUE (key, version);
CREATE INDEX plan_of_product ON payments.plan USING gin (store_products);
CREATE UNIQUE INDEX plan_offered ON payments.plan USING btree (key) WHERE (retired_at IS NULL);
alter table payments.plan enable row level security;
alter table payments.plan force row level security;
create policy batch_all on payments.plan for all to sotto_batch using (true) with check (true);
create policy tenant_reads on payments.plan for select to sotto_tenant using (true);
grant insert, select on payments.plan to sotto_batch;
grant select on payments.plan to sotto_tenant;
grant update (retired_at) on payments.plan to sotto_batch;
create table payments.plan_subscription (
  id uuid not null,
  workspace_id uuid not null,
  plan_id uuid not null,
  next_plan_id uuid,
  state text not null,
  anchor_at timestamp with time zone not null,
  period integer default 0 not null,
  period_start timestamp with time zone not null,
  period_end timestamp with time zone not null,
  paid bigint not null,
  credited bigint not null,
  credit_level bigint not null,
  changes integer default 0 not null,
  cancelled_at timestamp with time zone,
  ends_at timestamp with time zone,
  grace_until timestamp with time zone,
  look_at timestamp with time zone not null,
  end_reason text,
  ended_at timestamp with time zone,
  changed_at timestamp with time zone not null
);
alter table payments.plan_subscription add constraint plan_subscription_cancelled_ends CHECK (((cancelled_at IS NULL) = (ends_at IS NULL)));
alter table payments.plan_subscription add constraint plan_subscription_changes_check CHECK ((changes >= 0));
alter table payments.plan_subscription add constraint plan_subscription_check CHECK ((period_end > period_start));
alter table payments.plan_subscription add constraint plan_subscription_credit_level_check CHECK ((credit_level >= 0));
alter table payments.plan_subscription add constraint plan_subscription_credited_check CHECK ((credited >= 0));
alter table payments.plan_subscription add constraint plan_subscription_end_reason_check CHECK ((end_reason = ANY (ARRAY['cancelled'::text, 'unpaid'::text, 'workspace_closed'::text])));
alter table payments.plan_subscription add constraint plan_subscription_ended_why CHECK ((((state = 'ended'::text) = (ended_at IS NOT NULL)) AND ((ended_at IS NULL) = (end_reason IS NULL))));
alter table payments.plan_subscription add constraint plan_subscription_grace_ends CHECK (((state = 'grace'::text) = (grace_until IS NOT NULL)));
alter table payments.plan_subscription add constraint plan_subscription_next_plan_id_fkey FOREIGN KEY (next_plan_id) REFERENCES payments.plan(id);
alter table payments.plan_subscription add constraint plan_subscription_paid_check CHECK ((paid >= 0));
alter table payments.plan_subscription add constraint plan_subscription_period_check CHECK ((period >= 0));
alter table payments.plan_subscription add constraint plan_subscription_pkey PRIMARY KEY (id);
alter table payments.plan_subscription add constraint plan_subscription_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES payments.plan(id);
alter table payments.plan_subscription add constraint plan_subscription_state_check CHECK ((state = ANY (ARRAY['active'::text, 'grace'::text, 'ended'::text])));
CREATE INDEX plan_subscription_changed ON payments.plan_subscription USING btree (changed_at);
CREATE INDEX plan_subscription_due ON payments.plan_subscription USING btree (look_at, id) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX plan_subscription_once ON payments.plan_subscription USING btree (workspace_id) WHERE (ended_at IS NULL);
alter table payments.plan_subscription enable row level security;
alter table payments.plan_subscription force row level security;
create policy batch_all on payments.plan_subscription for all to sotto_batch using (true) with check (true);
create policy tenant_reads on payments.plan_subscription for select to sotto_tenant using ((workspace_id = platform.tenant()));
grant delete, insert, select on payments.plan_subscription to sotto_batch;
grant select (id, workspace_id, plan_id, next_plan_id, state, anchor_at, period_start, period_end, cancelled_at, ends_at, grace_until, ended_at) on payments.plan_subscription to sotto_tenant;
grant update (plan_id, next_plan_id, state, period, period_start, period_end, paid, credited, credit_level, changes, cancelled_at, ends_at, grace_until, look_at, end_reason, ended_at, changed_at) on payments.plan_subscription to sotto_batch;
create table payments.promo_code (
  id uuid not null,
  code_hash bytea not null,
  hint text not null,
  amount bigint not null,
  currency text not null,
  uses_max integer not null,
  uses_per_workspace integer not null,
  first_top_up_only boolean not null,
  uses integer default 0 not null,
  expires_at timestamp with time zone,
  ended_at timestamp with time zone,
  created_at timestamp with time zone default platform.clock() not null
);
alter table payments.promo_code add constraint promo_code_amount_check CHECK ((amount > 0));
alter table payments.promo_code add constraint promo_code_code_hash_check CHECK (((octet_length(code_hash) >= 16) AND (octet_length(code_hash) <= 64)));
alter table payments.promo_code add constraint promo_code_code_hash_key UNIQUE (code_hash);
alter table payments.promo_code add constraint promo_code_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text));
alter table payments.promo_code add constraint promo_code_hint_check CHECK ((length(hint) = 2));
alter table payments.promo_code add constraint promo_code_pkey PRIMARY KEY (id);
alter table payments.promo_code add constraint promo_code_used_no_more CHECK (((uses >= 0) AND (uses <= uses_max)));
alter table payments.promo_code add constraint promo_code_uses_max_check CHECK (((uses_max >= 1) AND (uses_max <= 1000000)));
alter table payments.promo_code add constraint promo_code_uses_per_workspace_check CHECK (((uses_per_workspace >= 1) AND (uses_per_workspace <= 100)));
CREATE INDEX promo_code_created ON payments.promo_code USING btree (created_at);
alter table payments.promo_code enable row level security;
alter table payments.promo_code force row level security;
create policy batch_all on payments.promo_code for all to sotto_batch using (true) with check (true);
grant delete, insert, select on payments.promo_code to sotto_batch;
grant update (uses, ended_at) on payments.promo_code to sotto_batch;
create table payments.redemption (
  id uuid not null,
  promo_code_id uuid not null,
  workspace_id uuid not null,
  amount bigint not null,
  created_at timestamp with time zone default platform.clock() not null
);
alter table payments.redemption add constraint redemption_amount_check CHECK ((amount > 0));
alter table payments.redemption add constraint redemption_pkey PRIMARY KEY (id);
alter table payments.redemption add constraint redemption_promo_code_id_fkey FOREIGN KEY (promo_code_id) REFERENCES payments.promo_code(id);
CREATE INDEX redemption_created ON payments.redemption USING btree (created_at);
CREATE INDEX redemption_of_code ON payments.redemption USING btree (promo_code_id, workspace_id);
alter table payments.redemption enable row level security;
alter table payments.redemption force row level security;
create policy batch_all on payments.redemption for all to sotto_batch using (true) with check (true);
grant delete, insert, select on payments.redemption to sotto_batch;
create table payments.referral (
  id uuid not null,
  referred_workspace_id uuid not null,
  referrer_workspace_id uuid not null,
  state text default 'named'::text not null,
  payment_id uuid,
  referred_bonus bigint default 0 not null,
  referrer_bonus bigint default 0 not null,
  look_at timestamp with time zone not null,
  created_at timestamp with time zone default platform.clock() not null
);
alter table payments.referral add constraint referral_check CHECK ((referrer_workspace_id <> referred_workspace_id));
alter table payments.referral add constraint referral_granted_for_a_payment CHECK (((state = ANY (ARRAY['named'::text, 'refused'::text])) OR (payment_id IS NOT NULL)));
alter table payments.referral add constraint referral_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments.payment(id);
alter table payments.referral add constraint referral_pkey PRIMARY KEY (id);
alter table payments.referral add constraint referral_referred_bonus_check CHECK ((referred_bonus >= 0));
alter table payments.referral add constraint referral_referred_workspace_id_key UNIQUE (referred_workspace_id);
alter table payments.referral add constraint referral_referrer_bonus_check CHECK ((referrer_bonus >= 0));
alter table payments.referral add constraint referral_state_check CHECK ((state = ANY (ARRAY['named'::text, 'granted'::text, 'refused'::text, 'taken_back'::text])));
CREATE INDEX referral_created ON payments.referral USING btree (created_at);
CREATE INDEX referral_of_payment ON payments.referral USING btree (payment_id) WHERE (payment_id IS NOT NULL);
CREATE INDEX referral_of_referrer ON payments.referral USING btree (referrer_workspace_id) WHERE (state = 'granted'::text);
CREATE INDEX referral_waiting ON payments.referral USING btree (look_at) WHERE (state = 'named'::text);
alter table payments.referral enable row level security;
alter table payments.referral force row level security;
create policy batch_all on payments.referral for all to sotto_batch using (true) with check (true);
grant delete, insert, select on payments.referral to sotto_batch;
grant update (state, payment_id, referred_bonus, referrer_bonus, look_at) on payments.referral to sotto_batch;
create table payments.referral_code (
  workspace_id uuid not null,
  code text not null,
  created_at timestamp with time zone default platform.clock() not null
);
alter table payments.referral_code add constraint referral_code_code_check CHECK ((code ~ '^[0-9A-HJKMNP-TV-Z]{10}$'::text));
alter table payments.referral_code add constraint referral_code_code_key UNIQUE (code);
alter table payments.referral_code add constraint referral_code_pkey PRIMARY KEY (workspace_id);
CREATE INDEX referral_code_created ON payments.referral_code USING btree (created_at);
alter table payments.referral_code enable row level security;
alter table payments.referral_code force row level security;
create policy batch_all on payments.referral_code for all to sotto_batch using (true) with check (true);
grant delete, insert, select on payments.referral_code to sotto_batch;
create table payments.subscription (
  id uuid not null,
  workspace_id uuid not null,
  provider text not null,
  original_id text not null,
  product_id text not null,
  state text not null,
  expires_at timestamp with time zone,
  as_of timestamp with time zone not null,
  created_at timestamp with time zone default platform.clock() not null
);
alter table payments.subscription add constraint subscription_once UNIQUE (provider, original_id);
alter table payments.subscription add constraint subscription_original_id_check CHECK (((length(original_id) >= 1) AND (length(original_id) <= 200)));
alter table payments.subscription add constraint subscription_pkey PRIMARY KEY (id);
alter table payments.subscription add constraint subscription_product_id_check CHECK (((length(product_id) >= 1) AND (length(product_id) <= 200)));
alter table payments.subscription add constraint subscription_provider_check CHECK ((provider = ANY (ARRAY['app_store'::text, 'play_store'::text])));
alter table payments.subscription add constraint subscription_state_check CHECK ((state = ANY (ARRAY['active'::text, 'grace'::text, 'cancelled'::text, 'paused'::text, 'expired'::text, 'refunded'::text])));
CREATE INDEX subscription_created ON payments.subscription USING btree (created_at);
CREATE INDEX subscription_of_workspace ON payments.subscription USING btree (workspace_id, id DESC);
alter table payments.subscription enable row level security;
alter table payments.subscription force row level security;
create policy batch_all on payments.subscription for all to sotto_batch using (true) with check (true);
create policy tenant_reads on payments.subscription for select to sotto_tenant using ((workspace_id = platform.tenant()));
grant delete, insert, select on payments.subscription to sotto_batch;
grant select (id, workspace_id, provider, product_id, state, expires_at, created_at) on payments.subscription to sotto_tenant;
grant update (workspace_id, product_id, state, expires_at, as_of) on payments.subscription to sotto_batch;
create table payments.takeback (
  id uuid not null,
  payment_id uuid not null,
  kind text not null,
  origin text not null,
  state text not null,
  external_id text,
  amount bigint not null,
  taken bigint not null,
  lost bigint not null,
  created_at timestamp with time zone default platform.clock() not null
);
alter table payments.takeback add constraint takeback_amount_check CHECK ((amount >= 0));
alter table payments.takeback add constraint takeback_external_id_check CHECK (((length(external_id) >= 1) AND (length(external_id) <= 200)));
alter table payments.takeback add constraint takeback_kind_check CHECK ((kind = ANY (ARRAY['refund'::text, 'dispute'::text])));
alter table payments.takeback add constraint takeback_lost_check CHECK ((lost >= 0));
alter table payments.takeback add constraint takeback_once UNIQUE (payment_id, kind, external_id);
alter table payments.takeback add constraint takeback_origin_check CHECK ((origin = ANY (ARRAY['provider'::text, 'operator'::text])));
alter table payments.takeback add constraint takeback_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments.payment(id);
alter table payments.takeback add constraint takeback_pkey PRIMARY KEY (id);
alter table payments.takeback add constraint takeback_state_check CHECK ((state = ANY (ARRAY['requested'::text, 'standing'::text, 'final'::text, 'given_back'::text])));
alter table payments.takeback add constraint takeback_taken_check CHECK ((taken >= 0));
alter table payments.takeback add constraint takeback_takes_no_more CHECK (((taken + lost) <= amount));
alter table payments.takeback enable row level security;
alter table payments.takeback force row level security;
create policy batch_all on payments.takeback for all to sotto_batch using (true) with check (true);
grant delete, insert, select on payments.takeback to sotto_batch;
grant update (state, taken, lost) on payments.takeback to sotto_batch;
create table platform.idempotency (
  id uuid not null,
  scope uuid not null,
  key_mac bytea not null,
  request_mac bytea not null,
  status smallint,
  answer privacy.sealed
) partition by RANGE (id);
alter table platform.idempotency add constraint idempotency_key_mac_check CHECK ((length(key_mac) = 16));
alter table platform.idempotency add constraint idempotency_pkey PRIMARY KEY (scope, key_mac, id);
alter table platform.idempotency add constraint idempotency_request_mac_check CHECK ((length(request_mac) = 16));
CREATE INDEX idempotency_age ON platform.idempotency USING btree (id);
grant delete, insert, select, update on platform.idempotency to sotto_batch;
create table platform.job (
  id uuid not null,
  name text not null,
  key text,
  payload jsonb not null,
  due_at timestamp with time zone not null,
  attempts integer default 0 not null,
  attempts_max integer not null,
  lease_token uuid,
  lease_epoch bigint default 0 not null,
  rerun_at timestamp with time zone,
  dead_at timestamp with time zone,
  last_error text,
  created_at timestamp with time zone default platform.clock() not null
) with (fillfactor=70);
alter table platform.job add constraint job_attempts_max_check CHECK (((attempts_max >= 1) AND (attempts_max <= 100)));
alter table platform.job add constraint job_pkey PRIMARY KEY (id);
CREATE INDEX job_dead ON platform.job USING btree (id) WHERE (dead_at IS NOT NULL);
CREATE INDEX job_due ON platform.job USING btree (name, due_at) WHERE (dead_at IS NULL);
CREATE UNIQUE INDEX job_key ON platform.job USING btree (name, key) WHERE ((key IS NOT NULL) AND (dead_at IS NULL));
grant delete, insert, select, update on platform.job to sotto_batch;
create table platform.outbox (
  id uuid not null,
  name text not null,
  payload jsonb not null,
  created_at timestamp with time zone default platform.clock() not null
);
alter table platform.outbox add constraint outbox_pkey PRIMARY KEY (id);
grant delete, insert, select, update on platform.outbox to sotto_batch;
create table platform.partitioned (
  parent regclass not null,
  every text default 'day'::text not null,
  storage text default 'fillfactor=100'::text not null,
  is_protected boolean default false not null
);
alter table platform.partitioned add constraint partitioned_every_check CHECK ((every = ANY (ARRAY['day'::text, 'month'::text])));
alter table platform.partitioned add constraint partitioned_pkey PRIMARY KEY (parent);
create table privacy.acceptance (
  workspace_id uuid not null,
  policy_hash bytea not null,
  mode text not null,
  accepted_at timestamp with time zone default platform.clock() not null
);
alter table privacy.acceptance add constraint acceptance_mode_check CHECK ((mode = ANY (ARRAY['explicit'::text, 'by_use'::text])));
alter table privacy.acceptance add constraint acceptance_pkey PRIMARY KEY (workspace_id, policy_hash);
alter table privacy.acceptance add constraint acceptance_policy_hash_check CHECK ((octet_length(policy_hash) = 32));
alter table privacy.acceptance enable row level security;
alter table privacy.acceptance force row level security;
create policy batch_appends on privacy.acceptance for insert to sotto_batch with check (true);
create policy batch_reads on privacy.acceptance for select to sotto_batch using (true);
create policy owner_ends on privacy.acceptance for all to sotto_owner using (true) with check (true);
create policy tenant_reads on privacy.acceptance for select to sotto_tenant using ((workspace_id = platform.tenant()));
grant insert, select on privacy.acceptance to sotto_batch;
grant select on privacy.acceptance to sotto_tenant;
CREATE TRIGGER acceptance_append_only BEFORE DELETE OR UPDATE ON privacy.acceptance FOR EACH ROW EXECUTE FUNCTION privacy.refuse_unless_ending();
create table privacy.age_attestation (
  workspace_id uuid not null,
  is_of_age boolean not null,
  attested_at timestamp with time zone default platform.clock() not null
);
alter table privacy.age_attestation add constraint age_attestation_pkey PRIMARY KEY (workspace_id);
alter table privacy.age_attestation enable row level security;
alter table privacy.age_attestation force row level security;
create policy batch_all on privacy.age_attestation for all to sotto_batch using (true) with check (true);
create policy owner_ends on privacy.age_attestation for all to sotto_owner using (true) with check (true);
create policy tenant_reads on privacy.age_attestation for select to sotto_tenant using ((workspace_id = platform.tenant()));
grant insert, select on privacy.age_attestation to sotto_batch;
grant select on privacy.age_attestation to sotto_tenant;
grant update (is_of_age, attested_at) on privacy.age_attestation to sotto_batch;
create table privacy.audit_chain (
  id boolean default true not null,
  epoch bigint default 0 not null,
  segment integer default 0 not null,
  seq bigint default 0 not null,
  head_hash bytea default decode(repeat('00'::text, 32), 'hex'::text) not null
);
alter table privacy.audit_chain add constraint audit_chain_head_hash_check CHECK ((octet_length(head_hash) = 32));
alter table privacy.audit_chain add constraint audit_chain_id_check CHECK (id);
alter table privacy.audit_chain add constraint audit_chain_pkey PRIMARY KEY (id);
grant select on privacy.audit_chain to sotto_batch;
grant update (epoch, segment, seq, head_hash) on privacy.audit_chain to sotto_batch;
create table privacy.audit_entry (
  id uuid not null,
  action text not null,
  outcome text not null,
  actor_kind text not null,
  actor privacy.keyed_hash,
  object_kind text,
  object privacy.keyed_hash,
  affected integer,
  request uuid,
  payload privacy.sealed,
  payload_hash bytea,
  recorded_at timestamp with time zone default platform.clock() not null
) partition by RANGE (id);
alter table privacy.audit_entry add constraint audit_customer_named CHECK (((actor_kind <> ALL (ARRAY['customer_key'::text, 'customer'::text])) OR (actor IS NOT NULL)));
alter table privacy.audit_entry add constraint audit_entry_action_check CHECK ((action ~ '^[a-z][a-z_]{0,31}\.[a-z][a-z_]{0,31}$'::text));
alter table privacy.audit_entry add constraint audit_entry_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['staff'::text, 'customer_key'::text, 'customer'::text, 'system'::text])));
alter table privacy.audit_entry add constraint audit_entry_affected_check CHECK ((affected >= 0));
alter table privacy.audit_entry add constraint audit_entry_object_kind_check CHECK ((object_kind ~ '^[a-z][a-z_]{0,31}$'::text));
alter table privacy.audit_entry add constraint audit_entry_outcome_check CHECK ((outcome = ANY (ARRAY['done'::text, 'refused'::text, 'failed'::text])));
alter table privacy.audit_entry add constraint audit_entry_payload_hash_check CHECK ((octet_length(payload_hash) = 32));
alter table privacy.audit_entry add constraint audit_entry_pkey PRIMARY KEY (id);
alter table privacy.audit_entry add constraint audit_object_whole CHECK (((object_kind IS NULL) = (object IS NULL)));
alter table privacy.audit_entry add constraint audit_payload_whole CHECK (((payload IS NULL) = (payload_hash IS NULL)));
CREATE INDEX audit_entry_action ON privacy.audit_entry USING btree (action, id DESC);
alter table privacy.audit_entry enable row level security;
alter table privacy.audit_entry force row level security;
create policy batch_appends on privacy.audit_entry for insert to sotto_batch with check (true);
create policy batch_reads on privacy.audit_entry for select to sotto_batch using (true);
grant select on privacy.audit_entry to sotto_batch;
grant insert (id, action, outcome, actor_kind, actor, object_kind, object, affected, request, payload, payload_hash) on privacy.audit_entry to sotto_batch;
CREATE TRIGGER audit_entry_append_only BEFORE DELETE OR UPDATE ON privacy.audit_entry FOR EACH ROW EXECUTE FUNCTION privacy.refuse_change();
CREATE TRIGGER audit_entry_never_emptied BEFORE TRUNCATE ON privacy.audit_entry FOR EACH STATEMENT EXECUTE FUNCTION privacy.refuse_change();
create table privacy.audit_link (
  entry_id uuid not null,
  segment integer not null,
  seq bigint not null,
  hash bytea not null
) partition by RANGE (entry_id);
alter table privacy.audit_link add constraint audit_link_hash_check CHECK ((octet_length(hash) = 32));
alter table privacy.audit_link add constraint audit_link_pkey PRIMARY KEY (entry_id);
alter table privacy.audit_link add constraint audit_link_segment_check CHECK ((segment > 0));
alter table privacy.audit_link add constraint audit_link_seq_check CHECK ((seq > 0));
CREATE INDEX audit_link_place ON privacy.audit_link USING btree (segment, seq);
alter table privacy.audit_link enable row level security;
alter table privacy.audit_link force row level security;
create policy batch_appends on privacy.audit_link for insert to sotto_batch with check (true);
create policy batch_reads on privacy.audit_link for select to sotto_batch using (true);
grant insert, select on privacy.audit_link to sotto_batch;
CREATE TRIGGER audit_link_append_only BEFORE DELETE OR UPDATE ON privacy.audit_link FOR EACH ROW EXECUTE FUNCTION privacy.refuse_change();
CREATE TRIGGER audit_link_never_emptied BEFORE TRUNCATE ON privacy.audit_link FOR EACH STATEMENT EXECUTE FUNCTION privacy.refuse_change();
create table privacy.audit_pending (
  entry_id uuid not null
);
alter table privacy.audit_pending add constraint audit_pending_pkey PRIMARY KEY (entry_id);
grant delete, insert, select on privacy.audit_pending to sotto_batch;
create table privacy.audit_pruning (
  segment integer not null,
  pruned_at timestamp with time zone not null,
  key_epoch smallint not null,
  signature bytea not null
);
alter table privacy.audit_pruning add constraint audit_pruning_pkey PRIMARY KEY (segment);
alter table privacy.audit_pruning add constraint audit_pruning_segment_fkey FOREIGN KEY (segment) REFERENCES privacy.audit_segment(segment);
alter table privacy.audit_pruning add constraint audit_pruning_signature_check CHECK ((octet_length(signature) = 64));
grant insert, select on privacy.audit_pruning to sotto_batch;
CREATE TRIGGER audit_pruning_append_only BEFORE DELETE OR UPDATE ON privacy.audit_pruning FOR EACH ROW EXECUTE FUNCTION privacy.refuse_change();
create table privacy.audit_segment (
  segment integer not null,
  month integer not null,
  first_seq bigint not null,
  last_seq bigint not null,
  start_hash bytea not null,
  head_hash bytea not null,
  signed_at timestamp with time zone not null,
  key_epoch smallint not null,
  signature bytea not null
);
alter table privacy.audit_segment add constraint audit_segment_check CHECK ((last_seq >= first_seq));
alter table privacy.audit_segment add constraint audit_segment_head_hash_check CHECK ((octet_length(head_hash) = 32));
alter table privacy.audit_segment add constraint audit_segment_month_check CHECK (((month >= 200001) AND (month <= 999912)));
alter table privacy.audit_segment add constraint audit_segment_pkey PRIMARY KEY (segment);
alter table privacy.audit_segment add constraint audit_segment_segment_check CHECK ((segment > 0));
alter table privacy.audit_segment add constraint audit_segment_signature_check CHECK ((octet_length(signature) = 64));
alter table privacy.audit_segment add constraint audit_segment_start_hash_check CHECK ((octet_length(start_hash) = 32));
CREATE INDEX audit_segment_month ON privacy.audit_segment USING btree (month);
grant insert, select on privacy.audit_segment to sotto_batch;
grant update (last_seq, head_hash, signed_at, key_epoch, signature) on privacy.audit_segment to sotto_batch;
CREATE TRIGGER audit_segment_grows BEFORE UPDATE ON privacy.audit_segment FOR EACH ROW EXECUTE FUNCTION privacy.segment_grows();
CREATE TRIGGER audit_segment_never_deleted BEFORE DELETE ON privacy.audit_segment FOR EACH ROW EXECUTE FUNCTION privacy.refuse_change();
create table privacy.consent_life (
  record_id uuid not null,
  first_id uuid not null,
  ended_at timestamp with time zone
);
alter table privacy.consent_life add constraint consent_life_pkey PRIMARY KEY (record_id);
alter table privacy.consent_life add constraint consent_life_record_id_fkey FOREIGN KEY (record_id) REFERENCES privacy.consent_record(id);
CREATE INDEX consent_life_ended ON privacy.consent_life USING btree (ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX consent_life_first ON privacy.consent_life USING btree (first_id);
alter table privacy.consent_life enable row level security;
alter table privacy.consent_life force row level security;
create policy batch_reads on privacy.consent_life for select to sotto_batch using (true);
create policy owner_ends on privacy.consent_life for all to sotto_owner using (true) with check (true);
grant select on privacy.consent_life to sotto_batch;
create table privacy.consent_record (
  id uuid not null,
  workspace_id uuid not null,
  subject_kind text not null,
  subject privacy.blind_index not null,
  purpose text not null,
  decision text not null,
  method text not null,
  policy_hash bytea,
  withdraws uuid,
  decided_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  recorded_at timestamp with time zone default platform.clock() not null,
  answers uuid
);
alter table privacy.consent_record add constraint consent_expires CHECK (((expires_at IS NULL) OR ((decision = 'given'::text) AND (expires_at > decided_at))));
alter table privacy.consent_record add constraint consent_names_its_policy CHECK (((decision <> 'given'::text) OR (policy_hash IS NOT NULL)));
alter table privacy.consent_record add constraint consent_record_decision_check CHECK ((decision = ANY (ARRAY['given'::text, 'withdrawn'::text, 'objected'::text])));
alter table privacy.consent_record add constraint consent_record_method_check CHECK ((method = ANY (ARRAY['form'::text, 'keyword'::text, 'written'::text, 'verbal'::text, 'api'::text, 'signal'::text])));
alter table privacy.consent_record add constraint consent_record_pkey PRIMARY KEY (id);
alter table privacy.consent_record add constraint consent_record_policy_hash_check CHECK ((octet_length(policy_hash) = 32));
alter table privacy.consent_record add constraint consent_record_purpose_check CHECK ((purpose = ANY (ARRAY['marketing'::text, 'improve'::text, 'analytics'::text, 'contact_feature'::text, 'sale_sharing'::text])));
alter table privacy.consent_record add constraint consent_record_subject_kind_check CHECK ((subject_kind = ANY (ARRAY['workspace'::text, 'recipient'::text])));
alter table privacy.consent_record add constraint consent_record_withdraws_fkey FOREIGN KEY (withdraws) REFERENCES privacy.consent_record(id);
alter table privacy.consent_record add constraint consent_signal_objects CHECK (((method <> 'signal'::text) OR (decision = 'objected'::text)));
alter table privacy.consent_record add constraint consent_withdrawal_named CHECK (((withdraws IS NOT NULL) = (decision = 'withdrawn'::text)));
CREATE INDEX consent_of_subject ON privacy.consent_record USING btree (subject, purpose, id DESC);
CREATE INDEX consent_of_workspace ON privacy.consent_record USING btree (workspace_id, id DESC);
CREATE UNIQUE INDEX consent_withdrawn_once ON privacy.consent_record USING btree (withdraws) WHERE (withdraws IS NOT NULL);
alter table privacy.consent_record enable row level security;
alter table privacy.consent_record force row level security;
create policy batch_appends on privacy.consent_record for insert to sotto_batch with check (true);
create policy batch_reads on privacy.consent_record for select to sotto_batch using (true);
create policy owner_ends on privacy.consent_record for all to sotto_owner using (true) with check (true);
create policy tenant_reads on privacy.consent_record for select to sotto_tenant using ((workspace_id = platform.tenant()));
grant select on privacy.consent_record to sotto_batch;
grant select on privacy.consent_record to sotto_tenant;
grant insert (id, workspace_id, subject_kind, subject, purpose, decision, method, policy_hash, withdraws, decided_at, expires_at, answers) on privacy.consent_record to sotto_batch;
CREATE TRIGGER consent_append_only BEFORE DELETE OR UPDATE ON privacy.consent_record FOR EACH ROW EXECUTE FUNCTION privacy.refuse_unless_ending();
CREATE TRIGGER consent_followed AFTER INSERT ON privacy.consent_record FOR EACH ROW EXECUTE FUNCTION privacy.follow_consent();
CREATE TRIGGER consent_never_emptied BEFORE TRUNCATE ON privacy.consent_record FOR EACH STATEMENT EXECUTE FUNCTION privacy.refuse_change();
create table privacy.ended_key (
  key_class text not null,
  workspace_id uuid not null,
  day date not null
);
alter table privacy.ended_key add constraint ended_key_key_class_check CHECK ((key_class = ANY (ARRAY['content_outbound'::text, 'content_inbound'::text])));
alter table privacy.ended_key add constraint ended_key_pkey PRIMARY KEY (day, workspace_id, key_class);
alter table privacy.ended_key enable row level security;
alter table privacy.ended_key force row level security;
create policy batch_all on privacy.ended_key for all to sotto_batch using (true) with check (true);
grant delete, insert, select on privacy.ended_key to sotto_batch;
create table privacy.ended_workspace (
  workspace_id uuid not null,
  ended_at timestamp with time zone default platform.clock() not null
);
alter table privacy.ended_workspace add constraint ended_workspace_pkey PRIMARY KEY (workspace_id);
CREATE INDEX ended_workspace_age ON privacy.ended_workspace USING btree (ended_at);
alter table privacy.ended_workspace enable row level security;
alter table privacy.ended_workspace force row level security;
create policy batch_appends on privacy.ended_workspace for insert to sotto_batch with check (true);
create policy batch_reads on privacy.ended_workspace for select to sotto_batch using (true);
create policy owner_ends on privacy.ended_workspace for all to sotto_owner using (true) with check (true);
grant select on privacy.ended_workspace to sotto_batch;
grant insert (workspace_id) on privacy.ended_workspace to sotto_batch;
create table privacy.legal_hold (
  id uuid not null,
  workspace_id uuid not null,
  reason text not null,
  placed_at timestamp with time zone default platform.clock() not null,
  lifted_at timestamp with time zone
);
alter table privacy.legal_hold add constraint legal_hold_pkey PRIMARY KEY (id);
alter table privacy.legal_hold add constraint legal_hold_reason_check CHECK ((reason ~ '^[a-z][a-z0-9_]{0,63}$'::text));
CREATE INDEX legal_hold_lifted ON privacy.legal_hold USING btree (lifted_at) WHERE (lifted_at IS NOT NULL);
CREATE INDEX legal_hold_standing ON privacy.legal_hold USING btree (id) WHERE (lifted_at IS NULL);
alter table privacy.legal_hold enable row level security;
alter table privacy.legal_hold force row level security;
create policy batch_all on privacy.legal_hold for all to sotto_batch using (true) with check (true);
grant delete, select on privacy.legal_hold to sotto_batch;
grant insert (id, workspace_id, reason) on privacy.legal_hold to sotto_batch;
grant update (lifted_at) on privacy.legal_hold to sotto_batch;
create table privacy.objection (
  id uuid not null,
  subject_kind text not null,
  subject_id uuid not null,
  purpose text not null,
  since timestamp with time zone default platform.clock() not null,
  until timestamp with time zone,
  ended_as text
);
alter table privacy.objection add constraint objection_check CHECK ((until >= since));
alter table privacy.objection add constraint objection_end_named CHECK (((until IS NULL) = (ended_as IS NULL)));
alter table privacy.objection add constraint objection_ended_as_check CHECK ((ended_as = ANY (ARRAY['withdrawn'::text, 'overruled'::text, 'subject_ended'::text])));
alter table privacy.objection add constraint objection_pkey PRIMARY KEY (id);
alter table privacy.objection add constraint objection_subject_kind_check CHECK ((subject_kind = ANY (ARRAY['workspace'::text, 'person'::text])));
alter table privacy.objection add constraint objection_to_marketing_is_absolute CHECK (((purpose <> 'marketing'::text) OR (ended_as IS DISTINCT FROM 'overruled'::text)));
CREATE INDEX objection_closed ON privacy.objection USING btree (since) WHERE (until IS NOT NULL);
CREATE UNIQUE INDEX objection_open ON privacy.objection USING btree (subject_kind, subject_id, purpose) WHERE (until IS NULL);
alter table privacy.objection enable row level security;
alter table privacy.objection force row level security;
create policy batch_appends on privacy.objection for insert to sotto_batch with check (true);
create policy batch_closes on privacy.objection for update to sotto_batch using (true) with check (true);
create policy batch_ends on privacy.objection for delete to sotto_batch using ((until IS NOT NULL));
create policy batch_reads on privacy.objection for select to sotto_batch using (true);
create policy tenant_reads on privacy.objection for select to sotto_tenant using (((subject_kind = 'workspace'::text) AND (subject_id = platform.tenant())));
grant delete, insert, select on privacy.objection to sotto_batch;
grant select on privacy.objection to sotto_tenant;
grant update (until, ended_as) on privacy.objection to sotto_batch;
create table privacy.policy_version (
  id uuid not null,
  hash text not null,
  name text not null,
  version text not null,
  effective date not null,
  canonical text not null,
  material boolean not null,
  published_at timestamp with time zone default platform.clock() not null
);
alter table privacy.policy_version add constraint policy_version_hash_check CHECK ((hash ~ '^sha256:[0-9a-f]{64}$'::text));
alter table privacy.policy_version add constraint policy_version_hash_key UNIQUE (hash);
alter table privacy.policy_version add constraint policy_version_pkey PRIMARY KEY (id);
alter table privacy.policy_version enable row level security;
alter table privacy.policy_version force row level security;
create policy batch_all on privacy.policy_version for all to sotto_batch using (true) with check (true);
grant insert, select on privacy.policy_version to sotto_batch;
create table privacy.restriction (
  id uuid not null,
  subject_kind text not null,
  subject_id uuid not null,
  reason text not null,
  since timestamp with time zone default platform.clock() not null,
  until timestamp with time zone
);
alter table privacy.restriction add constraint restriction_check CHECK ((until >= since));
alter table privacy.restriction add constraint restriction_pkey PRIMARY KEY (id);
alter table privacy.restriction add constraint restriction_reason_check CHECK ((reason = ANY (ARRAY['accuracy_contested'::text, 'processing_unlawful'::text, 'needed_for_claims'::text, 'objection_pending'::text])));
alter table privacy.restriction add constraint restriction_subject_kind_check CHECK ((subject_kind = ANY (ARRAY['workspace'::text, 'person'::text])));
CREATE INDEX restriction_closed ON privacy.restriction USING btree (since) WHERE (until IS NOT NULL);
CREATE UNIQUE INDEX restriction_open ON privacy.restriction USING btree (subject_kind, subject_id, reason) WHERE (until IS NULL);
alter table privacy.restriction enable row level security;
alter table privacy.restriction force row level security;
create policy batch_appends on privacy.restriction for insert to sotto_batch with check (true);
create policy batch_closes on privacy.restriction for update to sotto_batch using (true) with check (true);
create policy batch_ends on privacy.restriction for delete to sotto_batch using ((until IS NOT NULL));
create policy batch_reads on privacy.restriction for select to sotto_batch using (true);
create policy tenant_reads on privacy.restriction for select to sotto_tenant using (((subject_kind = 'workspace'::text) AND (subject_id = platform.tenant())));
grant delete, insert, select on privacy.restriction to sotto_batch;
grant select on privacy.restriction to sotto_tenant;
grant update (until) on privacy.restriction to sotto_batch;
create table privacy.suppression (
  id uuid not null,
  workspace_id uuid,
  number_index privacy.blind_index not null,
  kind text not null,
  covers text not null,
  source text not null,
  created_at timestamp with time zone default platform.clock() not null
);
alter table privacy.suppression add constraint suppression_covers_check CHECK ((covers = ANY (ARRAY['marketing'::text, 'all'::text])));
alter table privacy.suppression add constraint suppression_kind_check CHECK ((kind = ANY (ARRAY['stop'::text, 'objection'::text, 'complaint'::text, 'operator_block'::text])));
alter table privacy.suppression add constraint suppression_once UNIQUE NULLS NOT DISTINCT (number_index, workspace_id, kind);
alter table privacy.suppression add constraint suppression_pkey PRIMARY KEY (id);
alter table privacy.suppression add constraint suppression_source_check CHECK ((source = ANY (ARRAY['recipient'::text, 'workspace'::text, 'operator'::text, 'carrier'::text])));
CREATE INDEX suppression_age ON privacy.suppression USING btree (created_at);
CREATE INDEX suppression_covering_all ON privacy.suppression USING btree (id) WHERE (covers = 'all'::text);
CREATE INDEX suppression_of_workspace ON privacy.suppression USING btree (workspace_id, id DESC);
alter table privacy.suppression enable row level security;
alter table privacy.suppression force row level security;
create policy batch_all on privacy.suppression for all to sotto_batch using (true) with check (true);
create policy tenant_reads on privacy.suppression for select to sotto_tenant using ((workspace_id = platform.tenant()));
grant delete, insert, select on privacy.suppression to sotto_batch;
grant select (id, workspace_id, kind, covers, source, created_at) on privacy.suppression to sotto_tenant;
grant update (number_index, covers) on privacy.suppression to sotto_batch;
create table support.access_window (
  ticket_id uuid not null,
  holder_id uuid not null,
  opened_at timestamp with time zone not null,
  ends_at timestamp with time zone not null
);
alter table support.access_window add constraint access_window_check CHECK ((ends_at > opened_at));
alter table support.access_window add constraint access_window_pkey PRIMARY KEY (ticket_id);
alter table support.access_window add constraint access_window_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES support.ticket(id);
alter table support.access_window enable row level security;
alter table support.access_window force row level security;
create policy batch_all on support.access_window for all to sotto_batch using (true) with check (true);
grant delete, insert, select on support.access_window to sotto_batch;
grant update (holder_id, opened_at, ends_at) on support.access_window to sotto_batch;
create table support.message (
  id uuid not null,
  ticket_id uuid not null,
  author text not null,
  channel text not null,
  body privacy.sealed not null,
  created_at timestamp with time zone not null
);
alter table support.message add constraint message_author_check CHECK ((author = ANY (ARRAY['customer'::text, 'staff'::text])));
alter table support.message add constraint message_channel_check CHECK ((channel = ANY (ARRAY['form'::text, 'mail'::text, 'phone'::text])));
alter table support.message add constraint message_pkey PRIMARY KEY (id);
alter table support.message add constraint message_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES support.ticket(id);
CREATE INDEX message_of_ticket ON support.message USING btree (ticket_id, id);
alter table support.message enable row level security;
alter table support.message force row level security;
create policy batch_all on support.message for all to sotto_batch using (true) with check (true);
create policy tenant_reads on support.message for select to sotto_tenant using ((EXISTS ( SELECT
   FROM support.ticket t
  WHERE ((t.id = message.ticket_id) AND (t.workspace_id = platform.tenant())))));
grant delete, insert, select on support.message to sotto_batch;
grant select on support.message to sotto_tenant;
create table support.ticket (
  id uuid not null,
  workspace_id uuid,
  channel text not null,
  topic text not null,
  state text not null,
  subject privacy.sealed not null,
  sender privacy.sealed,
  messages_count smallint not null,
  created_at timestamp with time zone not null,
  first_reply text not null,
  first_reply_due_at timestamp with time zone not null,
  first_replied_at timestamp with time zone,
  reply_due_at timestamp with time zone,
  place_in_line uuid,
  last_message_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  workspace_ended_at timestamp with time zone
);
alter table support.ticket add constraint ticket_channel_check CHECK ((channel = ANY (ARRAY['form'::text, 'mail'::text, 'phone'::text])));
alter table support.ticket add constraint ticket_closed_when CHECK (((state = 'closed'::text) = (closed_at IS NOT NULL)));
alter table support.ticket add constraint ticket_first_reply_check CHECK ((first_reply = ANY (ARRAY['waiting'::text, 'met'::text, 'missed'::text, 'not_needed'::text])));
alter table support.ticket add constraint ticket_in_line CHECK (((state = 'waiting_for_staff'::text) = (place_in_line IS NOT NULL)));
alter table support.ticket add constraint ticket_messages_count_check CHECK (((messages_count >= 1) AND (messages_count <= 200)));
alter table support.ticket add constraint ticket_of_somebody CHECK (((workspace_id IS NOT NULL) OR (channel = 'mail'::text)));
alter table support.ticket add constraint ticket_pkey PRIMARY KEY (id);
alter table support.ticket add constraint ticket_place_in_line_key UNIQUE (place_in_line);
alter table support.ticket add constraint ticket_reply_due CHECK (((place_in_line IS NULL) = (reply_due_at IS NULL)));
alter table support.ticket add constraint ticket_sender_by_mail CHECK (((sender IS NULL) OR ((channel = 'mail'::text) AND (state <> 'closed'::text))));
alter table support.ticket add constraint ticket_state_check CHECK ((state = ANY (ARRAY['waiting_for_staff'::text, 'waiting_for_customer'::text, 'closed'::text])));
alter table support.ticket add constraint ticket_topic_check CHECK ((topic = ANY (ARRAY['account'::text, 'billing'::text, 'messages'::text, 'numbers'::text, 'privacy'::text, 'other'::text])));
CREATE INDEX ticket_closed ON support.ticket USING btree (closed_at) WHERE (closed_at IS NOT NULL);
CREATE INDEX ticket_created ON support.ticket USING btree (created_at);
CREATE INDEX ticket_of_nobody ON support.ticket USING btree (id) WHERE ((workspace_id IS NULL) AND (state <> 'closed'::text));
CREATE INDEX ticket_of_workspace ON support.ticket USING btree (workspace_id, id DESC);
CREATE INDEX ticket_silent ON support.ticket USING btree (last_message_at) WHERE (state = 'waiting_for_customer'::text);
CREATE INDEX ticket_unanswered ON support.ticket USING btree (first_reply_due_at) WHERE (first_reply = 'waiting'::text);
CREATE INDEX ticket_workspace_ended ON support.ticket USING btree (workspace_ended_at) WHERE (workspace_ended_at IS NOT NULL);
alter table support.ticket enable row level security;
alter table support.ticket force row level security;
create policy batch_all on support.ticket for all to sotto_batch using (true) with check (true);
create policy tenant_reads on support.ticket for select to sotto_tenant using ((workspace_id = platform.tenant()));
grant delete, insert, select on support.ticket to sotto_batch;
grant select (id, workspace_id, channel, topic, state, subject, messages_count, created_at, first_reply, first_reply_due_at, first_replied_at, last_message_at, closed_at) on support.ticket to sotto_tenant;
grant update (state, sender, messages_count, first_reply, first_replied_at, reply_due_at, place_in_line, last_message_at, closed_at, workspace_ended_at) on support.ticket to sotto_batch;
create table telemetry.error_report (
  id uuid not null,
  day date not null,
  fingerprint text not null,
  class text not null,
  code text,
  frames text[] not null,
  causes text[] not null,
  times bigint not null
) partition by RANGE (id);
alter table telemetry.error_report add constraint error_report_causes_check CHECK ((cardinality(causes) <= 4));
alter table telemetry.error_report add constraint error_report_class_check CHECK (((length(class) >= 1) AND (length(class) <= 60)));
alter table telemetry.error_report add constraint error_report_code_check CHECK (((length(code) >= 1) AND (length(code) <= 60)));
alter table telemetry.error_report add constraint error_report_fingerprint_check CHECK ((fingerprint ~ '^[0-9a-f]{32}$'::text));
alter table telemetry.error_report add constraint error_report_frames_check CHECK ((cardinality(frames) <= 12));
alter table telemetry.error_report add constraint error_report_pkey PRIMARY KEY (id);
alter table telemetry.error_report add constraint error_report_times_check CHECK ((times > 0));
alter table telemetry.error_report enable row level security;
alter table telemetry.error_report force row level security;
create policy batch_all on telemetry.error_report for all to sotto_batch using (true) with check (true);
grant delete, insert, select on telemetry.error_report to sotto_batch;
grant update (times) on telemetry.error_report to sotto_batch;
create table telemetry.usage_count (
  id uuid not null,
  day date not null,
  kind text not null,
  name text not null,
  uses bigint not null
) partition by RANGE (id);
alter table telemetry.usage_count add constraint usage_count_kind_check CHECK ((kind = ANY (ARRAY['feature'::text, 'page'::text, 'browser'::text, 'system'::text, 'device'::text])));
alter table telemetry.usage_count add constraint usage_count_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)));
alter table telemetry.usage_count add constraint usage_count_pkey PRIMARY KEY (id);
alter table telemetry.usage_count add constraint usage_count_uses_check CHECK ((uses > 0));
alter table telemetry.usage_count enable row level security;
alter table telemetry.usage_count force row level security;
create policy batch_all on telemetry.usage_count for all to sotto_batch using (true) with check (true);
grant delete, insert, select on telemetry.usage_count to sotto_batch;
grant update (uses) on telemetry.usage_count to sotto_batch;
CREATE OR REPLACE FUNCTION ledger.apply_entries()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
declare
  wallets_named integer;
  wallets_moved integer;
begin
  if exists (select from added group by transaction_id, currency having sum(amount) <> 0) then
    raise exception 'the entries of a transaction must sum to zero in each currency'
      using errcode = 'check_violation', schema = 'ledger', table = 'entry', constraint = 'entries_balance';
  end if;
  with change as (
    select workspace_id,
           currency,
           coalesce(sum(amount) filter (where account = 'available'), 0)::bigint as available,
           coalesce(sum(amount) filter (where account = 'held'), 0)::bigint as held,
           coalesce(sum(amount) filter (where account = 'bonus'), 0)::bigint as bonus
      from added
     where workspace_id is not null
     group by workspace_id, currency
  ), moved as (
    update ledger.wallet w
       set available = w.available + c.available,
           held = w.held + c.held,
           bonus = w.bonus + c.bonus
      from change c
     where w.workspace_id = c.workspace_id
       and w.currency = c.currency
    returning 1
  )
  select (select count(*) from change), (select count(*) from moved)
    into wallets_named, wallets_moved;
  if wallets_named <> wallets_moved then
    raise exception 'an entry names a wallet that does not exist in its currency'
      using errcode = 'foreign_key_violation', schema = 'ledger', table = 'entry', constraint = 'entry_wallet';
  end if;
  return null;
end
$function$;
CREATE OR REPLACE FUNCTION ledger.carry_forward(before timestamp with time zone, held uuid[], rows_max integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
declare
  ids uuid[];
begin
  perform from ledger.carried for update skip locked;
  if not found then
    return 0;
  end if;
  select array_agg(t.id order by t.id) into ids
    from (
      select id
        from ledger.transaction
       where id < platform.id_floor(before + interval '1 minute')
         and created_at <= before
         and (workspace_id is null or workspace_id <> all(held))
       order by id
       limit rows_max
    ) t;
  if ids is null then
    return 0;
  end if;
  insert into ledger.opening_balance (workspace_id, account, currency, amount)
  select workspace_id, account, currency, sum(amount)::bigint
    from ledger.entry
   where transaction_id = any(ids)
     and transaction_id between ids[1] and ids[cardinality(ids)]
   group by workspace_id, account, currency
      on conflict (workspace_id, account, currency) do update
     set amount = opening_balance.amount + excluded.amount;
  perform set_config('ledger.carrying', 'on', true);
  delete from ledger.entry
   where transaction_id = any(ids)
     and transaction_id between ids[1] and ids[cardinality(ids)];
  delete from ledger.posting_key
   where transaction_id = any(ids);
  delete from ledger.transaction
   where id = any(ids)
     and id between ids[1] and ids[cardinality(ids)];
  update ledger.carried set up_to = greatest(up_to, ids[cardinality(ids)]);
  perform set_config('ledger.carrying', 'off', true);
  return cardinality(ids);
end
$function$;
CREATE OR REPLACE FUNCTION ledger.end_wallets(before timestamp with time zone, held_workspaces uuid[], rows_max integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
declare
  ids uuid[];
begin
  select array_agg(w.workspace_id) into ids
    from (
      select workspace_id
        from ledger.wallet w
       where closed_at <= before
         and held = 0
         and workspace_id <> all(held_workspaces)
         and not exists (select from ledger.transaction t where t.workspace_id = w.workspace_id)
       order by closed_at
       limit rows_max
         for update skip locked
    ) w;
  if ids is null then
    return 0;
  end if;
  insert into ledger.opening_balance (workspace_id, account, currency, amount)
  select null, account, currency, sum(amount)::bigint
    from ledger.opening_balance
   where workspace_id = any(ids)
   group by account, currency
      on conflict (workspace_id, account, currency) do update
     set amount = opening_balance.amount + excluded.amount;
  perform set_config('ledger.carrying', 'on', true);
  delete from ledger.opening_balance where workspace_id = any(ids);
  delete from ledger.wallet where workspace_id = any(ids);
  perform set_config('ledger.carrying', 'off', true);
  return cardinality(ids);
end
$function$;
CREATE OR REPLACE FUNCTION ledger.forget_holds(held uuid[], rows_max integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
declare
  carried_to uuid := (select up_to from ledger.carried);
  ids uuid[];
begin
  select array_agg(h.id order by h.id) into ids
    from (
      select id
        from ledger.hold
       where id <= carried_to
         and state <> 'open'
         and (resolved_by is null or resolved_by <= carried_to)
         and workspace_id <> all(held)
       order by id
       limit rows_max
         for update skip locked
    ) h;
  if ids is null then
    return 0;
  end if;
  perform set_config('ledger.carrying', 'on', true);
  delete from ledger.hold
   where id = any(ids)
     and id between ids[1] and ids[cardinality(ids)];
  perform set_config('ledger.carrying', 'off', true);
  return cardinality(ids);
end
$function$;
CREATE OR REPLACE FUNCTION ledger.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if tg_op = 'DELETE' and current_setting('ledger.carrying', true) = 'on'
     and current_user = (select pg_get_userbyid(relowner) from pg_class where oid = tg_relid) then
    return old;
  end if;
  raise exception '%.% keeps its rows as they are: %', tg_table_schema, tg_table_name, tg_argv[0]
    using errcode = 'integrity_constraint_violation', schema = tg_table_schema, table = tg_table_name;
end
$function$;
CREATE OR REPLACE FUNCTION payments.end_invoices(before timestamp with time zone, held uuid[], rows_max integer)
 RETURNS TABLE(workspace_id uuid, ended integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
declare
  ids uuid[];
begin
  if before > platform.clock() then
    raise exception 'what has not ended yet stays' using errcode = 'insufficient_privilege';
  end if;
  ids := array(
    select i.id
      from payments.invoice i
     where i.issued_at <= before
       and i.workspace_id <> all(held)
     order by i.issued_at
     limit rows_max
       for update skip locked);
  perform set_config('privacy.ending', 'on', true);
  return query
    with gone as (
      delete from payments.invoice i where i.id = any(ids) returning i.workspace_id)
    select g.workspace_id, count(*)::integer from gone g group by g.workspace_id;
  perform set_config('privacy.ending', 'off', true);
end
$function$;
CREATE OR REPLACE FUNCTION platform.clock()
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN statement_timestamp();
CREATE OR REPLACE FUNCTION platform.create_partitions(at timestamp with time zone DEFAULT platform.clock())
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
declare
  plan record;
  first timestamp;
  child text;
  made integer := 0;
begin
  for plan in
    select p.parent, p.every, p.storage, n.nspname as schema_name, c.relname as table_name
      from platform.partitioned p
      join pg_class c on c.oid = p.parent
      join pg_namespace n on n.oid = c.relnamespace
  loop
    if to_regclass(format('%I.%I', plan.schema_name, plan.table_name || '_default')) is null then
      execute format('create table %I.%I partition of %s default with (%s)',
        plan.schema_name, plan.table_name || '_default', plan.parent, plan.storage);
    end if;
    for first in
      select generate_series(
        date_trunc(plan.every, (at at time zone 'UTC') - interval '1 day'),
        (at at time zone 'UTC') + 3 * ('1 ' || plan.every)::interval,
        ('1 ' || plan.every)::interval)
    loop
      child := plan.table_name || '_' || to_char(first, case plan.every when 'day' then 'YYYYMMDD' else 'YYYYMM' end);
      continue when to_regclass(format('%I.%I', plan.schema_name, child)) is not null;
      begin
        execute format(
          'create table %I.%I partition of %s for values from (%L) to (%L) with (%s)',
          plan.schema_name, child, plan.parent,
          platform.id_floor(first at time zone 'UTC'),
          platform.id_floor((first + ('1 ' || plan.every)::interval) at time zone 'UTC'),
          plan.storage);
        made := made + 1;
      exception
        -- Another process made it, or the default partition already holds rows of that time: both are served.
        when duplicate_table or check_violation then null;
      end;
    end loop;
  end loop;
  return made;
end
$function$;
CREATE OR REPLACE FUNCTION platform.drop_partitions(parent_table regclass, before timestamp with time zone)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
 SET lock_timeout TO '500ms'
AS $function$
declare
  plan record;
  child record;
  first timestamp;
  dropped integer := 0;
begin
  select * into plan from platform.partitioned p where p.parent = parent_table;
  if not found then
    raise exception '% is not a partitioned table of the platform', parent_table;
  end if;
  if plan.is_protected then
    raise exception '% keeps its partitions: a function of its own drops them', parent_table
      using errcode = 'insufficient_privilege';
  end if;
  -- Two at once would each wait for the other to stop reading the parent.
  if not pg_try_advisory_xact_lock(hashtextextended('platform.drop_partitions', 0)) then
    return 0;
  end if;
  for child in
    select c.oid::regclass as name, substring(c.relname from '_([0-9]{6,8})$') as label
      from pg_inherits i
      join pg_class c on c.oid = i.inhrelid
     where i.inhparent = parent_table
     order by c.relname
  loop
    continue when child.label is null;
    first := to_timestamp(rpad(child.label, 8, '01'), 'YYYYMMDD') at time zone current_setting('TimeZone');
    if (first + ('1 ' || plan.every)::interval) at time zone 'UTC' <= before then
      begin
        execute format('drop table %s', child.name);
        dropped := dropped + 1;
      exception
        when lock_not_available then
          return dropped;
      end;
    end if;
  end loop;
  return dropped;
end
$function$;
CREATE OR REPLACE FUNCTION platform.id_floor(at timestamp with time zone)
 RETURNS uuid
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN ((lpad(to_hex(((EXTRACT(epoch FROM at) * (1000)::numeric))::bigint), 12, '0'::text) || '00000000000000000000'::text))::uuid;
CREATE OR REPLACE FUNCTION platform.id_time(id uuid)
 RETURNS timestamp with time zone
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN uuid_extract_timestamp(id);
CREATE OR REPLACE FUNCTION platform.tenant()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (NULLIF(current_setting('platform.tenant'::text, true), ''::text))::uuid;
CREATE OR REPLACE FUNCTION privacy.drop_audit_month(wanted integer)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
 SET lock_timeout TO '2s'
AS $function$
declare
  first timestamptz := to_timestamp(wanted::text || '01', 'YYYYMMDD') at time zone current_setting('TimeZone') at time zone 'UTC';
  label text := wanted::text;
begin
  if exists (
       select from privacy.audit_segment s
        where s.month = wanted
          and not exists (select from privacy.audit_pruning p where p.segment = s.segment))
     or exists (
       select from privacy.audit_pending p
        where p.entry_id >= platform.id_floor(first)
          and p.entry_id < platform.id_floor(first + interval '1 month')) then
    raise exception 'the audit trail of % is not pruned', wanted using errcode = 'insufficient_privilege';
  end if;
  execute format('drop table privacy.%I', 'audit_link_' || label);
  execute format('drop table privacy.%I', 'audit_entry_' || label);
end
$function$;
CREATE OR REPLACE FUNCTION privacy.end_consents(before timestamp with time zone, held uuid[], rows_max integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
declare
  ids uuid[];
begin
  if before > platform.clock() then
    raise exception 'what has not ended yet stays' using errcode = 'insufficient_privilege';
  end if;
  if not pg_try_advisory_xact_lock(hashtextextended('privacy.end_consents', 0)) then
    return 0;
  end if;
  select array_agg(due.id) into ids
    from (
      (select c.id
         from privacy.consent_life l
         join privacy.consent_record c on c.id = l.record_id
         left join privacy.consent_record w on w.withdraws = c.id
        where l.ended_at <= before
          and c.workspace_id <> all(held)
        order by l.ended_at, coalesce(w.id, c.id), c.id
        limit rows_max)
      union
      (select c.id
         from privacy.ended_workspace e
         join privacy.consent_record c on c.workspace_id = e.workspace_id
        where e.ended_at <= before
          and e.workspace_id <> all(held)
        order by e.ended_at, c.id
        limit rows_max)
    ) due;
  if ids is null then
    return 0;
  end if;
  ids := array(
    select unnest(ids)
     union
    select w.id from privacy.consent_record w where w.withdraws = any(ids)
     union
    select w.withdraws from privacy.consent_record w where w.id = any(ids) and w.withdraws is not null);
  perform set_config('privacy.ending', 'on', true);
  delete from privacy.consent_life where record_id = any(ids);
  delete from privacy.consent_record where id = any(ids);
  perform set_config('privacy.ending', 'off', true);
  return cardinality(ids);
end
$function$;
CREATE OR REPLACE FUNCTION privacy.follow_consent()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
declare
  earlier uuid := coalesce(new.answers, new.withdraws, (
    select c.id
      from privacy.consent_record c
     where c.subject = new.subject
       and c.purpose = new.purpose
       and c.workspace_id = new.workspace_id
       and c.id < new.id
     order by c.id desc
     limit 1));
  origin uuid := coalesce((
    select l.first_id
      from privacy.consent_life l
      join privacy.consent_record c on c.id = l.record_id
     where l.record_id = earlier
       and c.workspace_id = new.workspace_id
       and c.purpose = new.purpose), new.id);
begin
  update privacy.consent_life
     set ended_at = new.recorded_at
   where first_id = origin
     and (ended_at is null or ended_at > new.recorded_at or record_id = new.withdraws);
  insert into privacy.consent_life (record_id, first_id, ended_at)
  values (new.id, origin, case when new.decision = 'withdrawn' then new.recorded_at else new.expires_at end);
  return null;
end
$function$;
CREATE OR REPLACE FUNCTION privacy.forget_workspaces(before timestamp with time zone, held uuid[], rows_max integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
declare
  ids uuid[];
begin
  if before > platform.clock() then
    raise exception 'what has not ended yet stays' using errcode = 'insufficient_privilege';
  end if;
  select array_agg(due.workspace_id) into ids
    from (
      select e.workspace_id
        from privacy.ended_workspace e
       where e.ended_at <= before
         and e.workspace_id <> all(held)
         and not exists (select from privacy.consent_record c where c.workspace_id = e.workspace_id)
       order by e.ended_at
       limit rows_max
         for update skip locked
    ) due;
  if ids is null then
    return 0;
  end if;
  perform set_config('privacy.ending', 'on', true);
  delete from privacy.acceptance where workspace_id = any(ids);
  perform set_config('privacy.ending', 'off', true);
  delete from privacy.age_attestation where workspace_id = any(ids);
  delete from privacy.ended_workspace where workspace_id = any(ids);
  return cardinality(ids);
end
$function$;
CREATE OR REPLACE FUNCTION privacy.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  raise exception '%.% is append-only', tg_table_schema, tg_table_name
    using errcode = 'integrity_constraint_violation', schema = tg_table_schema, table = tg_table_name;
end
$function$;
CREATE OR REPLACE FUNCTION privacy.refuse_unless_ending()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if tg_op = 'DELETE' and current_setting('privacy.ending', true) = 'on'
     and current_user = (select pg_get_userbyid(relowner) from pg_class where oid = tg_relid) then
    return old;
  end if;
  raise exception '%.% is append-only', tg_table_schema, tg_table_name
    using errcode = 'integrity_constraint_violation', schema = tg_table_schema, table = tg_table_name;
end
$function$;
CREATE OR REPLACE FUNCTION privacy.segment_grows()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if (new.segment, new.month, new.first_seq, new.start_hash)
       is distinct from (old.segment, old.month, old.first_seq, old.start_hash)
     or new.last_seq <= old.last_seq
     or exists (select from privacy.audit_segment s where s.segment > old.segment)
     or exists (select from privacy.audit_pruning p where p.segment = old.segment) then
    raise exception 'a segment of the audit trail only grows, and only while it is the newest'
      using errcode = 'integrity_constraint_violation', schema = 'privacy', table = 'audit_segment';
  end if;
  return new;
end
$function$;
