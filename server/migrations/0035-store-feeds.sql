-- The stores tell of purchases themselves, beside whoever tells for them; and a store may take a refund back.

alter table payments.notice
  drop constraint notice_feed_check,
  add constraint notice_feed_check check (feed in ('stripe', 'btcpay', 'revenuecat', 'app_store', 'play_store'));

alter table payments.early_fact
  drop constraint early_fact_kind_check,
  add constraint early_fact_kind_check
    check (kind in ('refunded', 'refund_reversed', 'disputed', 'dispute_won', 'dispute_lost'));

-- What a store has to be told of a purchase that is booked here. A row is gone once it has answered.
create table payments.confirmation (
  id uuid primary key,
  workspace_id uuid not null,
  act text not null check (act in ('consume', 'acknowledge', 'acknowledge_subscription')),
  product_id text not null check (length(product_id) between 1 and 200),
  token text not null check (length(token) between 1 and 1500),
  created_at timestamptz not null default platform.clock(),
  constraint confirmation_once unique (token, product_id)
);
comment on column payments.confirmation.token is 'Of the purchase at Google Play; without its confirmation the store returns the money after three days.';
create index confirmation_created on payments.confirmation (created_at);
alter table payments.confirmation enable row level security;
alter table payments.confirmation force row level security;
create policy batch_all on payments.confirmation for all to sotto_batch using (true) with check (true);
grant select, insert, delete on payments.confirmation to sotto_batch;
