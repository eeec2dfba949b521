-- Mail that waits to be sent, and what became of the latest. Whom it goes to and what it says is sealed under the identity
-- key of its subject and is set to null as soon as nothing waits for it.

create schema mail;
grant usage on schema mail to sotto_tenant, sotto_batch;

create table mail.outbox (
  id uuid primary key,
  workspace_id uuid,
  person_id uuid,
  template text not null check (template ~ '^[a-z_]{1,60}$'),
  locale text not null check (locale in ('en', 'ar')),
  purpose text not null check (purpose in ('service', 'security', 'support', 'marketing')),
  address privacy.sealed,
  params privacy.sealed,
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'refused', 'dropped', 'expired')),
  attempts smallint not null default 0 check (attempts >= 0),
  answer smallint check (answer between 200 and 599),
  created_at timestamptz not null default platform.clock(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  check (num_nonnulls(workspace_id, person_id) = 1),
  check ((state = 'waiting') = (ended_at is null)),
  check (state = 'waiting' or (address is null and params is null))
);
comment on table mail.outbox is 'One row a mail; the job mail.send works it off.';
comment on column mail.outbox.workspace_id is 'Whose mail it is; its identity key seals what the mail holds. No foreign key: accounts stand above.';
comment on column mail.outbox.person_id is 'The same for a person.';
comment on column mail.outbox.address is 'Sealed under the identity key of the subject; null once nothing waits for it.';
comment on column mail.outbox.params is 'What the template is filled with, links that open a door included. Sealed like the address, null like it.';
comment on column mail.outbox.answer is 'The last answer of the mail server (RFC 5321 §4.2); null while it gave none.';
comment on column mail.outbox.expires_at is 'From then on it is of no use and is not sent.';
create index outbox_of_workspace on mail.outbox (workspace_id) where workspace_id is not null;
create index outbox_of_person on mail.outbox (person_id) where person_id is not null;
create index outbox_age on mail.outbox (created_at);

alter table mail.outbox enable row level security;
alter table mail.outbox force row level security;
create policy batch_all on mail.outbox for all to sotto_batch using (true) with check (true);
grant select, insert, update (address, params, state, attempts, answer, ended_at), delete on mail.outbox to sotto_batch;
