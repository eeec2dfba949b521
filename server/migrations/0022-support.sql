-- Requests for help: conversations between a customer and the operator's staff, opened by form, mail or a note of a
-- telephone call. Every word is sealed under a key of its own ticket, so that one conversation can be destroyed alone.

create schema support;
grant usage on schema support to sotto_tenant, sotto_batch;

create table support.ticket (
  id uuid primary key,
  workspace_id uuid,
  channel text not null check (channel in ('form', 'mail', 'phone')),
  topic text not null check (topic in ('account', 'billing', 'messages', 'numbers', 'privacy', 'other')),
  state text not null check (state in ('waiting_for_staff', 'waiting_for_customer', 'closed')),
  subject privacy.sealed not null,
  sender privacy.sealed,
  messages_count smallint not null check (messages_count between 1 and 200),
  created_at timestamptz not null,
  first_reply text not null check (first_reply in ('waiting', 'met', 'missed', 'not_needed')),
  first_reply_due_at timestamptz not null,
  first_replied_at timestamptz,
  reply_due_at timestamptz,
  place_in_line uuid unique,
  last_message_at timestamptz not null,
  closed_at timestamptz,
  workspace_ended_at timestamptz,
  constraint ticket_closed_when check ((state = 'closed') = (closed_at is not null)),
  constraint ticket_in_line check ((state = 'waiting_for_staff') = (place_in_line is not null)),
  constraint ticket_reply_due check ((place_in_line is null) = (reply_due_at is null)),
  constraint ticket_of_somebody check (workspace_id is not null or channel = 'mail'),
  constraint ticket_sender_by_mail check (sender is null or (channel = 'mail' and state <> 'closed'))
);
comment on table support.ticket is 'One conversation with support.';
comment on column support.ticket.workspace_id is 'Whose it is; null for a mail, whose sender proves nothing. No foreign key: a ticket outlives its workspace by the moments its end takes.';
comment on column support.ticket.subject is 'Sealed under the key of the ticket.';
comment on column support.ticket.sender is 'Where a mail is answered to: sealed under an identity key of the ticket''s own, destroyed when the case closes.';
comment on column support.ticket.first_reply_due_at is 'By the promise of the policy and the calendar of the operator, decided when it was opened.';
comment on column support.ticket.reply_due_at is 'When staff owe the next answer; null while they owe none.';
comment on column support.ticket.place_in_line is 'A UUID that begins with reply_due_at in milliseconds: the order in which staff see what waits.';
comment on column support.ticket.workspace_ended_at is 'Its workspace is erased: it goes with the next run of retention.';
create index ticket_of_workspace on support.ticket (workspace_id, id desc);
create index ticket_closed on support.ticket (closed_at) where closed_at is not null;
create index ticket_workspace_ended on support.ticket (workspace_ended_at) where workspace_ended_at is not null;
create index ticket_silent on support.ticket (last_message_at) where state = 'waiting_for_customer';
create index ticket_unanswered on support.ticket (first_reply_due_at) where first_reply = 'waiting';
create index ticket_of_nobody on support.ticket (id) where workspace_id is null and state <> 'closed';
create index ticket_created on support.ticket (created_at);

create table support.message (
  id uuid primary key,
  ticket_id uuid not null references support.ticket (id),
  author text not null check (author in ('customer', 'staff')),
  channel text not null check (channel in ('form', 'mail', 'phone')),
  body privacy.sealed not null,
  created_at timestamptz not null
);
comment on table support.message is 'What was said in a conversation. A row never changes.';
comment on column support.message.channel is 'phone: a note of a call, written down by staff.';
comment on column support.message.body is 'Sealed under the key of the ticket.';
create index message_of_ticket on support.message (ticket_id, id);

create table support.access_window (
  ticket_id uuid primary key references support.ticket (id),
  holder_id uuid not null,
  opened_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > opened_at)
);
comment on table support.access_window is 'Who of the staff may read a ticket, and until when: one at a time. The audit trail keeps who held it before.';
comment on column support.access_window.holder_id is 'The administrator''s key that took the ticket.';

alter table support.ticket enable row level security;
alter table support.ticket force row level security;
alter table support.message enable row level security;
alter table support.message force row level security;
alter table support.access_window enable row level security;
alter table support.access_window force row level security;
create policy tenant_reads on support.ticket for select to sotto_tenant using (workspace_id = platform.tenant());
create policy tenant_reads on support.message for select to sotto_tenant
  using (exists (select from support.ticket t where t.id = ticket_id and t.workspace_id = platform.tenant()));
create policy batch_all on support.ticket for all to sotto_batch using (true) with check (true);
create policy batch_all on support.message for all to sotto_batch using (true) with check (true);
create policy batch_all on support.access_window for all to sotto_batch using (true) with check (true);
grant select (id, workspace_id, channel, topic, state, subject, messages_count, created_at, first_reply,
              first_reply_due_at, first_replied_at, last_message_at, closed_at) on support.ticket to sotto_tenant;
grant select on support.message to sotto_tenant;
grant select, insert, delete,
      update (state, sender, messages_count, first_reply, first_replied_at, reply_due_at, place_in_line,
              last_message_at, closed_at, workspace_ended_at) on support.ticket to sotto_batch;
grant select, insert, delete on support.message to sotto_batch;
grant select, insert, delete, update (holder_id, opened_at, ends_at) on support.access_window to sotto_batch;
