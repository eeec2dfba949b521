-- Content that ends before its day does: by an event (until_final, until_read), or by never being written at all
-- (none), where only the homes of texts in memory are known here.

alter table messages.message add column erase_by timestamptz;
comment on column messages.message.erase_by is 'Kept until its end, at the latest until then; null: kept by the day, or erased.';
-- Only messages kept until their end are in it, so that the others pay nothing for it.
create index message_erase_by on messages.message (erase_by, id) where erase_by is not null;

-- An erased text stays as the record that one came: without sender, index and content.
alter table numbers.inbound
  alter column sender drop not null,
  alter column sender_index drop not null,
  alter column content drop not null,
  add column set_id uuid,
  add column erase_by timestamptz,
  add column erased_at timestamptz,
  add constraint inbound_whole_or_erased
    check (erased_at is not null or (sender is not null and sender_index is not null and content is not null));
comment on column numbers.inbound.set_id is 'The set its parts came in, erased together with it; null for a text of one part.';
comment on column numbers.inbound.erase_by is 'Kept until it was read: soon after the first reading, at the latest then. Null: kept by the day, or erased.';
comment on column numbers.inbound.erased_at is 'Since when sender and content are gone.';
create index inbound_erase_by on numbers.inbound (erase_by, id) where erase_by is not null;
grant update (sender, sender_index, content, erase_by, erased_at) on numbers.inbound to sotto_batch;

-- A process that keeps texts in its memory. Its lease is one row, kept alive by a heartbeat.
create table numbers.home (
  token uuid primary key,
  address text not null check (length(address) between 3 and 300),
  texts_held integer not null default 0 check (texts_held >= 0),
  expires_at timestamptz not null,
  started_at timestamptz not null default platform.clock()
) with (fillfactor = 50);
comment on column numbers.home.token is 'Drawn at the start, and again whenever the lease was lost.';
comment on column numbers.home.address is 'Host and port of its relay.';
comment on column numbers.home.texts_held is 'Texts in its memory that nobody has read: lost when it ends.';
alter table numbers.home enable row level security;
alter table numbers.home force row level security;
create policy batch_all on numbers.home for all to sotto_batch using (true) with check (true);
grant select, insert, update (texts_held, expires_at), delete on numbers.home to sotto_batch;

-- Which home has the texts of an assignment. Another may take it over under the next epoch once the home's lease is
-- over; a home that answers for an older epoch is refused.
create table numbers.assignment_home (
  assignment_id uuid primary key references numbers.assignment (id) on delete cascade,
  token uuid not null,
  epoch bigint not null default 1
) with (fillfactor = 80);
alter table numbers.assignment_home enable row level security;
alter table numbers.assignment_home force row level security;
create policy batch_all on numbers.assignment_home for all to sotto_batch using (true) with check (true);
grant select, insert, update (token, epoch), delete on numbers.assignment_home to sotto_batch;
create index assignment_home_token on numbers.assignment_home (token);

-- How many texts ended unread with the memory that held them.
create table numbers.memory_loss (
  only_row boolean primary key default true check (only_row),
  texts bigint not null default 0,
  last_at timestamptz
);
insert into numbers.memory_loss default values;
alter table numbers.memory_loss enable row level security;
alter table numbers.memory_loss force row level security;
create policy batch_all on numbers.memory_loss for all to sotto_batch using (true) with check (true);
grant select, update (texts, last_at) on numbers.memory_loss to sotto_batch;
