-- Balances that top themselves up: what a workspace consented to, and the references by which the provider knows the card
-- it stores. No number, brand or expiry of a card has a column.

create table payments.instrument (
  id uuid primary key,
  workspace_id uuid not null,
  state text not null default 'asked' check (state in ('asked', 'stored', 'dropped')),
  external_id text unique check (length(external_id) between 1 and 200),
  customer_id text check (length(customer_id) between 1 and 200),
  method_id text check (length(method_id) between 1 and 200),
  request_key bytea check (length(request_key) = 16),
  request_digest bytea check (length(request_digest) = 16),
  created_at timestamptz not null default platform.clock(),
  dropped_at timestamptz,
  constraint instrument_request_once unique (workspace_id, request_key),
  constraint instrument_known_whole check ((customer_id is null) = (method_id is null)),
  constraint instrument_stored_is_known check (state <> 'stored' or method_id is not null),
  constraint instrument_dropped_then check ((state = 'dropped') = (dropped_at is not null))
);
comment on table payments.instrument is 'A card the provider was asked to store. A dropped one goes once the provider has forgotten it.';
comment on column payments.instrument.id is 'Also names the page at the provider, so that asking twice begins one.';
comment on column payments.instrument.external_id is 'Of the page at the provider.';
comment on column payments.instrument.customer_id is 'What the provider calls who pays: it can be charged by us alone.';
comment on column payments.instrument.method_id is 'What the provider calls the card.';
comment on column payments.instrument.request_key is 'MAC of the Idempotency-Key it was asked for with.';
create unique index instrument_one_asked on payments.instrument (workspace_id) where state = 'asked';
create unique index instrument_one_stored on payments.instrument (workspace_id) where state = 'stored';
create index instrument_asked on payments.instrument (created_at) where state = 'asked';
create index instrument_of_workspace on payments.instrument (workspace_id);
alter table payments.instrument enable row level security;
alter table payments.instrument force row level security;
create policy batch_all on payments.instrument for all to sotto_batch using (true) with check (true);
grant select, insert, delete, update (state, external_id, customer_id, method_id, dropped_at)
  on payments.instrument to sotto_batch;

create table payments.auto_top_up (
  workspace_id uuid primary key,
  status text not null check (status in ('off', 'setting_up', 'on', 'needs_you', 'declined')),
  threshold bigint not null check (threshold > 0),
  amount bigint not null check (amount > 0),
  monthly_cap bigint not null,
  declines integer not null default 0 check (declines >= 0),
  stopped_by text check (stopped_by in ('needs_you', 'declined', 'refunded', 'disputed')),
  untold boolean not null default false,
  look_at timestamptz not null default platform.clock(),
  changed_at timestamptz not null default platform.clock(),
  constraint auto_top_up_within_its_cap check (monthly_cap >= amount),
  constraint auto_top_up_stopped_by_something
    check (stopped_by is null or status in ('off', 'needs_you', 'declined'))
);
comment on column payments.auto_top_up.threshold is 'Micros of the workspace''s currency, as all three.';
comment on column payments.auto_top_up.declines is 'In a row, of the card in use.';
comment on column payments.auto_top_up.untold is 'It stopped, and nobody was written to yet.';
comment on column payments.auto_top_up.look_at is 'When its balance is looked at next.';
create index auto_top_up_turn on payments.auto_top_up (look_at) where status = 'on';
create index auto_top_up_untold on payments.auto_top_up (workspace_id) where untold;
create index auto_top_up_changed on payments.auto_top_up (changed_at);
alter table payments.auto_top_up enable row level security;
alter table payments.auto_top_up force row level security;
create policy tenant_reads on payments.auto_top_up for select to sotto_tenant using (workspace_id = platform.tenant());
create policy batch_all on payments.auto_top_up for all to sotto_batch using (true) with check (true);
grant select (workspace_id, status, threshold, amount, monthly_cap, stopped_by, look_at)
  on payments.auto_top_up to sotto_tenant;
grant select, insert, delete,
      update (status, threshold, amount, monthly_cap, declines, stopped_by, untold, look_at, changed_at)
  on payments.auto_top_up to sotto_batch;

-- A payment that was begun by nobody's hand names the card it is charged to. The second of one workspace waits for the
-- first to end, whoever begins it.
alter table payments.payment
  add column instrument_id uuid,
  add column failed_because text check (failed_because in ('declined', 'needs_you', 'not_made'));
comment on column payments.payment.instrument_id is 'Of an automatic payment: the stored card. Null where a person paid on a page.';
comment on column payments.payment.failed_because is 'Why an automatic payment failed.';
create unique index payment_one_automatic on payments.payment (workspace_id)
  where instrument_id is not null and status in ('open', 'pending');
create index payment_automatic on payments.payment (workspace_id, created_at desc) where instrument_id is not null;
grant select (instrument_id, failed_because) on payments.payment to sotto_tenant;
grant update (failed_because) on payments.payment to sotto_batch;
