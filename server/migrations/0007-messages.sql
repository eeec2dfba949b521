-- Outbound messages. A message row is written once, at acceptance; what happens at carriers is written to its
-- parts, and the message's status is folded from both when it is read. The queue holds what is still to be
-- submitted and nothing else, so that it stays small.

create schema messages;
grant usage on schema messages to sotto_tenant, sotto_batch;

create type messages.class as enum ('otp', 'transactional', 'marketing');
create type messages.closing as enum ('cancelled', 'expired', 'rejected', 'tested');
create type messages.part_status as enum (
  'submitted', 'unknown', 'delivered', 'undeliverable', 'expired', 'rejected', 'cancelled');

create table messages.message (
  id uuid primary key,
  workspace_id uuid not null,
  class messages.class not null,
  recipient privacy.sealed,
  recipient_index privacy.blind_index,
  body privacy.sealed,
  annotations privacy.sealed,
  sender text,
  encoding text not null check (encoding in ('gsm7', 'ucs2')),
  segments smallint not null check (segments between 1 and 10),
  price_per_part bigint not null check (price_per_part >= 0),
  currency text not null,
  test boolean not null,
  created_at timestamptz not null,
  scheduled_at timestamptz,
  valid_until timestamptz not null,
  possible_duplicate boolean not null default false,
  closed_as messages.closing,
  closed_at timestamptz,
  close_error text,
  erased_at timestamptz
) partition by range (id);
comment on column messages.message.id is 'UUIDv7; its time is the partition key and the day of its content key.';
comment on column messages.message.recipient is 'E.164 number, sealed under the content key of workspace and day.';
comment on column messages.message.annotations is 'The caller''s reference and metadata as JSON, sealed.';
comment on column messages.message.sender is 'Sender asked for by the caller; null: the route decides.';
comment on column messages.message.price_per_part is 'Micros of the currency for each segment.';
comment on column messages.message.closed_as is 'How the message ended without (all) parts at a carrier.';
create index message_of_workspace on messages.message (workspace_id, id);
create index message_to_recipient on messages.message (workspace_id, recipient_index);
insert into platform.partitioned (parent, every, storage) values ('messages.message', 'day', 'fillfactor=95');

-- One row for each segment whose submission was answered, or whose outcome is unknown.
create table messages.part (
  message_id uuid not null,
  sequence smallint not null,
  workspace_id uuid not null,
  connector_id uuid not null,
  carrier_message_id text,
  status messages.part_status not null,
  error_code text,
  submitted_at timestamptz not null,
  finished_at timestamptz,
  undecided boolean generated always as (status = 'unknown' and finished_at is null) stored,
  primary key (message_id, sequence)
) partition by range (message_id);
comment on column messages.part.undecided is 'Nobody knows yet whether the carrier took it.';
comment on column messages.part.carrier_message_id is 'The carrier''s id as its response spelled it; null when no response came.';
comment on column messages.part.error_code is 'The carrier''s own code: command status in hex or the receipt''s err.';
create index part_at_carrier on messages.part (connector_id, carrier_message_id) where carrier_message_id is not null;
-- A receipt is a HOT update, so no index may name what it changes: status, error_code, finished_at. Hence undecided,
-- which stays false while a part goes from submitted to final, and pages that have room for the second version.
create index part_undecided on messages.part (connector_id, submitted_at) where undecided;
insert into platform.partitioned (parent, every, storage) values ('messages.part', 'day', 'fillfactor=50');

-- A process that submits. Its lease is one row, kept alive by a heartbeat; queue rows carry its token. When the
-- lease lapses, the rows it held are ambiguous: it may have written them before it died.
create table messages.sender (
  token uuid primary key,
  expires_at timestamptz not null,
  started_at timestamptz not null default platform.clock()
);

-- States: ready (sender_token null) -> claimed (sender_token set, epoch grown) -> gone (deleted with its outcome)
--                ^------- given back (refused for now, or never written) <------'
create table messages.queue (
  message_id uuid not null,
  sequence smallint not null,
  workspace_id uuid not null,
  lane smallint not null check (lane between 0 and 2),
  connector_id uuid not null,
  due_at timestamptz not null,
  valid_until timestamptz not null,
  sender_token uuid,
  epoch integer not null default 0,
  attempts smallint not null default 0,
  tried uuid[],
  resent boolean not null default false,
  primary key (message_id, sequence)
) with (fillfactor = 90,
  autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0,
  autovacuum_vacuum_insert_scale_factor = 0.5, autovacuum_analyze_scale_factor = 0.2);
comment on column messages.queue.lane is '0 one-time codes, 1 transactional, 2 marketing; lower goes first.';
comment on column messages.queue.tried is 'Connectors that refused it for good.';
comment on column messages.queue.resent is 'It was handed over once with unknown outcome and queued again.';
create index queue_ready on messages.queue (connector_id, lane, due_at) where sender_token is null;
create index queue_claimed on messages.queue (sender_token) where sender_token is not null;

-- Receipts that came before the answer to their submission was stored, or that match nothing (yet).
create table messages.parked_receipt (
  id uuid primary key,
  connector_id uuid not null,
  carrier_message_ids text[] not null,
  destination privacy.sealed,
  status messages.part_status not null,
  final boolean not null,
  error_code text,
  received_at timestamptz not null default platform.clock()
);
comment on column messages.parked_receipt.carrier_message_ids is 'Spellings of the id to try, most certain first.';
comment on column messages.parked_receipt.destination is 'Sealed under the operator''s key; tells the part when the answer to its submission was lost.';
create index parked_receipt_ids on messages.parked_receipt using gin (carrier_message_ids);
create index parked_receipt_age on messages.parked_receipt (received_at);

-- What a part costs a customer, by the longest prefix of the destination; a price of the class wins over one for all.
create table messages.price (
  id uuid primary key,
  prefix text not null check (prefix ~ '^[0-9]{0,15}$'),
  class messages.class,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  per_part bigint not null check (per_part >= 0),
  cost_per_part bigint check (cost_per_part >= 0),
  created_at timestamptz not null default platform.clock(),
  unique nulls not distinct (prefix, class, currency)
);
comment on column messages.price.prefix is 'Leading digits of the destination without +; empty for everywhere.';
comment on column messages.price.per_part is 'Micros charged for each segment.';
comment on column messages.price.cost_per_part is 'Micros the carrier charges us, for margins; null when unknown.';

-- Which connector takes a destination: longest prefix, then class, then the lowest rank; weights share a rank.
create table messages.route (
  id uuid primary key,
  prefix text not null check (prefix ~ '^[0-9]{0,15}$'),
  class messages.class,
  connector_id uuid not null references carriers.connector (id),
  rank smallint not null default 0 check (rank between 0 and 100),
  weight integer not null default 1 check (weight between 1 and 1000),
  sender text,
  created_at timestamptz not null default platform.clock(),
  unique nulls not distinct (prefix, class, connector_id)
);
comment on column messages.route.rank is 'Lower is tried first; higher ranks are the failover.';
comment on column messages.route.sender is 'Sender used when the caller names none.';

-- Grows with every change of prices and routes, so that processes know when to read them again.
create table messages.tariff_version (
  only_row boolean primary key default true check (only_row),
  version bigint not null default 1
);
insert into messages.tariff_version default values;

alter table messages.message enable row level security;
alter table messages.message force row level security;
create policy tenant_reads on messages.message for select to sotto_tenant using (workspace_id = platform.tenant());
create policy batch_all on messages.message for all to sotto_batch using (true) with check (true);
alter table messages.part enable row level security;
alter table messages.part force row level security;
create policy tenant_reads on messages.part for select to sotto_tenant using (workspace_id = platform.tenant());
create policy batch_all on messages.part for all to sotto_batch using (true) with check (true);
alter table messages.queue enable row level security;
alter table messages.queue force row level security;
create policy tenant_reads on messages.queue for select to sotto_tenant using (workspace_id = platform.tenant());
create policy batch_all on messages.queue for all to sotto_batch using (true) with check (true);

grant select on messages.message, messages.part, messages.queue to sotto_tenant;
grant select, insert, update on messages.message, messages.part to sotto_batch;
grant select, insert, update, delete on
  messages.queue, messages.sender, messages.parked_receipt, messages.price, messages.route to sotto_batch;
grant select, update on messages.tariff_version to sotto_batch;
