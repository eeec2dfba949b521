-- Mail that comes in, and mail to somebody who has no account: who wrote to support.

-- A mail whose sender did not hear that it was taken comes again: it is known by a keyed hash of what it said.
create table mail.arrival (
  hash privacy.keyed_hash primary key,
  arrived_at timestamptz not null default platform.clock()
);
comment on table mail.arrival is 'Mails that were taken not long ago; nothing of them but that they were.';
comment on column mail.arrival.hash is 'Of whom it came from, whom it was for, its Message-ID and Date, and what it said.';
create index arrival_age on mail.arrival (arrived_at);

alter table mail.arrival enable row level security;
alter table mail.arrival force row level security;
create policy batch_all on mail.arrival for all to sotto_batch using (true) with check (true);
grant select, insert, delete on mail.arrival to sotto_batch;

alter table mail.outbox
  add column ticket_id uuid,
  drop constraint outbox_check,
  add constraint outbox_of_somebody check (num_nonnulls(workspace_id, person_id, ticket_id) = 1);
comment on column mail.outbox.ticket_id is 'A case that came by mail: its sender, who has no account. The identity key is that of the case and dies with it.';
create index outbox_of_ticket on mail.outbox (ticket_id) where ticket_id is not null;
