-- Money in. A payment is one amount that somebody else took for a workspace; what is kept of it is how much, how far it
-- is, and the ids by which it is known there. No card, no account, no wallet address, and no notice as it came.

create schema payments;
grant usage on schema payments to sotto_tenant, sotto_batch;

create table payments.payment (
  id uuid primary key,
  workspace_id uuid not null,
  provider text not null check (provider in ('stripe', 'btcpay', 'app_store', 'play_store')),
  status text not null default 'open' check (status in ('open', 'pending', 'expired', 'failed', 'review', 'paid')),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  asked bigint check (asked > 0),
  paid bigint check (paid >= 0),
  paid_currency text check (paid_currency ~ '^[A-Z]{3}$'),
  credited bigint not null default 0 check (credited >= 0),
  taken_back bigint not null default 0 check (taken_back >= 0),
  lost bigint not null default 0 check (lost >= 0),
  external_id text check (length(external_id) between 1 and 200),
  settlement_id text check (length(settlement_id) between 1 and 200),
  checkout_url text check (length(checkout_url) <= 2000),
  request_key bytea check (length(request_key) = 16),
  request_digest bytea check (length(request_digest) = 16),
  created_at timestamptz not null default platform.clock(),
  paid_at timestamptz,
  constraint payment_external_once unique (provider, external_id),
  constraint payment_settled_once unique (provider, settlement_id),
  constraint payment_request_once unique (workspace_id, request_key),
  constraint payment_takes_back_what_it_credited check (taken_back + lost <= credited),
  constraint payment_credited_when_paid check ((credited > 0) = (status = 'paid')),
  constraint payment_paid_in_a_currency check ((paid is null) = (paid_currency is null))
);
comment on column payments.payment.currency is 'That of the workspace.';
comment on column payments.payment.asked is 'Micros; null for a purchase in a store, which nobody asked here for.';
comment on column payments.payment.paid is 'Micros that arrived, in paid_currency.';
comment on column payments.payment.credited is 'Micros booked to the workspace.';
comment on column payments.payment.taken_back is 'Micros of it that left the balance again, by refund or dispute.';
comment on column payments.payment.lost is 'Micros of it that the provider took back and the workspace had spent: a claim.';
comment on column payments.payment.external_id is 'Of the checkout or invoice at the provider.';
comment on column payments.payment.settlement_id is 'Of the movement of money there: refunds and disputes name this one.';
comment on column payments.payment.request_key is 'MAC of the Idempotency-Key it was asked for with.';
create index payment_of_workspace on payments.payment (workspace_id, id desc);
create index payment_created on payments.payment (created_at);
create index payment_attention on payments.payment (id desc) where status = 'review' or lost > 0;
create index payment_unpaid on payments.payment (provider, id) where status in ('open', 'pending');
alter table payments.payment enable row level security;
alter table payments.payment force row level security;
create policy tenant_reads on payments.payment for select to sotto_tenant using (workspace_id = platform.tenant());
create policy batch_all on payments.payment for all to sotto_batch using (true) with check (true);
grant select (id, workspace_id, provider, status, currency, asked, credited, taken_back, checkout_url, created_at, paid_at)
  on payments.payment to sotto_tenant;
grant select, insert, delete,
      update (workspace_id, status, paid, paid_currency, credited, taken_back, lost, external_id, settlement_id,
              checkout_url, paid_at)
  on payments.payment to sotto_batch;

-- A refund or dispute, and what of it could still be taken out of the balance.
create table payments.takeback (
  id uuid primary key,
  payment_id uuid not null references payments.payment (id),
  kind text not null check (kind in ('refund', 'dispute')),
  origin text not null check (origin in ('provider', 'operator')),
  state text not null check (state in ('requested', 'standing', 'final', 'given_back')),
  external_id text check (length(external_id) between 1 and 200),
  amount bigint not null check (amount >= 0),
  taken bigint not null check (taken >= 0),
  lost bigint not null check (lost >= 0),
  created_at timestamptz not null default platform.clock(),
  constraint takeback_once unique (payment_id, kind, external_id),
  constraint takeback_takes_no_more check (taken + lost <= amount)
);
comment on column payments.takeback.state is 'requested: of the provider, by an operator; standing: a dispute that is open; given_back: a dispute won, or a refund refused.';
comment on column payments.takeback.amount is 'Micros the provider moved.';
comment on column payments.takeback.taken is 'Micros that left the balance.';
comment on column payments.takeback.lost is 'Micros that the balance no longer had.';
alter table payments.takeback enable row level security;
alter table payments.takeback force row level security;
create policy batch_all on payments.takeback for all to sotto_batch using (true) with check (true);
grant select, insert, delete, update (state, taken, lost) on payments.takeback to sotto_batch;

-- Every notice taken, by its id alone: what is repeated has no second effect.
create table payments.notice (
  id uuid primary key,
  feed text not null check (feed in ('stripe', 'btcpay', 'revenuecat')),
  notice_id text not null check (length(notice_id) between 1 and 200),
  payment_id uuid references payments.payment (id),
  outcome text not null check (outcome in ('applied', 'ignored', 'kept')),
  received_at timestamptz not null default platform.clock(),
  constraint notice_once unique (feed, notice_id)
);
create index notice_of_payment on payments.notice (payment_id);
create index notice_received on payments.notice (received_at);
alter table payments.notice enable row level security;
alter table payments.notice force row level security;
create policy batch_all on payments.notice for all to sotto_batch using (true) with check (true);
grant select, insert, delete, update (outcome) on payments.notice to sotto_batch;

-- What was said about a movement of money before the payment it belongs to was known to be paid.
create table payments.early_fact (
  provider text not null check (provider in ('stripe', 'btcpay', 'app_store', 'play_store')),
  settlement_id text not null check (length(settlement_id) between 1 and 200),
  external_id text not null check (length(external_id) between 1 and 200),
  kind text not null check (kind in ('refunded', 'disputed', 'dispute_won', 'dispute_lost')),
  amount bigint check (amount >= 0),
  payment_id uuid references payments.payment (id),
  received_at timestamptz not null default platform.clock(),
  primary key (provider, settlement_id, external_id, kind)
);
comment on column payments.early_fact.amount is 'Micros; null for all of it.';
comment on column payments.early_fact.payment_id is 'Where it is known: its payment waits for a person.';
create index early_fact_payment on payments.early_fact (payment_id) where payment_id is not null;
create index early_fact_received on payments.early_fact (received_at);
alter table payments.early_fact enable row level security;
alter table payments.early_fact force row level security;
create policy batch_all on payments.early_fact for all to sotto_batch using (true) with check (true);
grant select, insert, delete, update (amount) on payments.early_fact to sotto_batch;

-- A subscription in a store, as its notices left it. Months are credited as payments of their own.
create table payments.subscription (
  id uuid primary key,
  workspace_id uuid not null,
  provider text not null check (provider in ('app_store', 'play_store')),
  original_id text not null check (length(original_id) between 1 and 200),
  product_id text not null check (length(product_id) between 1 and 200),
  state text not null check (state in ('active', 'grace', 'cancelled', 'paused', 'expired', 'refunded')),
  expires_at timestamptz,
  as_of timestamptz not null,
  created_at timestamptz not null default platform.clock(),
  constraint subscription_once unique (provider, original_id)
);
comment on column payments.subscription.original_id is 'Of its first transaction in the store.';
comment on column payments.subscription.as_of is 'When the store said so: what is older changes nothing.';
comment on column payments.subscription.state is 'cancelled: runs until expires_at and does not renew; grace: a payment failed and the store still tries.';
create index subscription_of_workspace on payments.subscription (workspace_id, id desc);
create index subscription_created on payments.subscription (created_at);
alter table payments.subscription enable row level security;
alter table payments.subscription force row level security;
create policy tenant_reads on payments.subscription for select to sotto_tenant using (workspace_id = platform.tenant());
create policy batch_all on payments.subscription for all to sotto_batch using (true) with check (true);
grant select (id, workspace_id, provider, product_id, state, expires_at, created_at) on payments.subscription to sotto_tenant;
grant select, insert, delete, update (workspace_id, product_id, state, expires_at, as_of) on payments.subscription to sotto_batch;
