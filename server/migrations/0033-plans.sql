-- Plans: what the operator offers by the month, and which workspace has which.

-- A plan never changes, so that whoever subscribed keeps what they agreed to: another version follows it.
create table payments.plan (
  id uuid primary key,
  key text not null check (key ~ '^[a-z][a-z0-9_]{0,39}$'),
  version integer not null check (version > 0),
  name text not null check (length(name) between 1 and 80),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  price bigint not null check (price between 0 and 1000000000000000),
  credit bigint not null check (credit between 0 and 1000000000000000),
  members_max integer check (members_max between 1 and 1000),
  keys_max integer check (keys_max between 1 and 10000),
  store_products text[] not null default '{}' check (cardinality(store_products) <= 20),
  retired_at timestamptz,
  created_at timestamptz not null default platform.clock(),
  constraint plan_version_once unique (key, version)
);
comment on column payments.plan.price is 'Micros a month.';
comment on column payments.plan.credit is 'Micros of bonus a month.';
comment on column payments.plan.members_max is 'How many members it allows; null: it says nothing of them. So does keys_max of API keys.';
comment on column payments.plan.store_products is 'Subscriptions to these products of the app stores allow the same.';
comment on column payments.plan.retired_at is 'From then on nobody subscribes to it; who has it keeps it.';
create unique index plan_offered on payments.plan (key) where retired_at is null;
create index plan_of_product on payments.plan using gin (store_products);
alter table payments.plan enable row level security;
alter table payments.plan force row level security;
create policy tenant_reads on payments.plan for select to sotto_tenant using (true);
create policy batch_all on payments.plan for all to sotto_batch using (true) with check (true);
grant select on payments.plan to sotto_tenant;
grant select, insert, update (retired_at) on payments.plan to sotto_batch;

create table payments.plan_subscription (
  id uuid primary key,
  workspace_id uuid not null,
  plan_id uuid not null references payments.plan (id),
  next_plan_id uuid references payments.plan (id),
  state text not null check (state in ('active', 'grace', 'ended')),
  anchor_at timestamptz not null,
  period integer not null default 0 check (period >= 0),
  period_start timestamptz not null,
  period_end timestamptz not null check (period_end > period_start),
  paid bigint not null check (paid >= 0),
  credited bigint not null check (credited >= 0),
  credit_level bigint not null check (credit_level >= 0),
  changes integer not null default 0 check (changes >= 0),
  cancelled_at timestamptz,
  ends_at timestamptz,
  grace_until timestamptz,
  look_at timestamptz not null,
  end_reason text check (end_reason in ('cancelled', 'unpaid', 'workspace_closed')),
  ended_at timestamptz,
  changed_at timestamptz not null,
  constraint plan_subscription_cancelled_ends check ((cancelled_at is null) = (ends_at is null)),
  constraint plan_subscription_grace_ends check ((state = 'grace') = (grace_until is not null)),
  constraint plan_subscription_ended_why check ((state = 'ended') = (ended_at is not null)
                                                and (ended_at is null) = (end_reason is null))
);
comment on table payments.plan_subscription is 'That a workspace has a plan, paid from its balance. Those of the app stores are in payments.subscription.';
comment on column payments.plan_subscription.next_plan_id is 'What it becomes with the next period; null: it stays.';
comment on column payments.plan_subscription.anchor_at is 'When the first period began: all are counted in months from here.';
comment on column payments.plan_subscription.period is 'Which one is paid for: 0 is the first.';
comment on column payments.plan_subscription.paid is 'Micros this period has cost.';
comment on column payments.plan_subscription.credited is 'Micros of bonus this period has given.';
comment on column payments.plan_subscription.credit_level is 'The largest monthly credit of a plan this period was given for.';
comment on column payments.plan_subscription.changes is 'Changes that took effect at once, for their keys in the books.';
comment on column payments.plan_subscription.look_at is 'When something is due next.';
create unique index plan_subscription_once on payments.plan_subscription (workspace_id) where ended_at is null;
create index plan_subscription_due on payments.plan_subscription (look_at, id) where ended_at is null;
create index plan_subscription_changed on payments.plan_subscription (changed_at);
alter table payments.plan_subscription enable row level security;
alter table payments.plan_subscription force row level security;
create policy tenant_reads on payments.plan_subscription for select to sotto_tenant using (workspace_id = platform.tenant());
create policy batch_all on payments.plan_subscription for all to sotto_batch using (true) with check (true);
grant select (id, workspace_id, plan_id, next_plan_id, state, anchor_at, period_start, period_end, cancelled_at, ends_at,
              grace_until, ended_at) on payments.plan_subscription to sotto_tenant;
grant select, insert, delete,
      update (plan_id, next_plan_id, state, period, period_start, period_end, paid, credited, credit_level, changes,
              cancelled_at, ends_at, grace_until, look_at, end_reason, ended_at, changed_at)
  on payments.plan_subscription to sotto_batch;
