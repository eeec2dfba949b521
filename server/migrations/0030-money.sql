-- Money by hand. A bank transfer is entered by one of the staff and credited by another; what arrived oddly and is large
-- takes two as well.

alter table payments.payment
  drop constraint payment_provider_check,
  add constraint payment_provider_check check (provider in ('stripe', 'btcpay', 'app_store', 'play_store', 'bank')),
  add column approved bigint check (approved > 0),
  add column approved_by_person uuid,
  add column approved_by_key uuid,
  add constraint payment_approved_by_somebody
    check ((approved is null) = (approved_by_person is null and approved_by_key is null));
comment on column payments.payment.approved is 'Micros that a first person said it is worth, where it takes two.';
comment on column payments.payment.approved_by_person is 'Who that was: the person signed in, or who made the key.';
comment on column payments.payment.approved_by_key is 'The key that was used, or the one it descends from; null for a session.';
grant update (approved, approved_by_person, approved_by_key) on payments.payment to sotto_batch;

create table payments.bank_transfer (
  id uuid primary key,
  workspace_id uuid not null,
  state text not null default 'waiting' check (state in ('waiting', 'approved', 'rejected')),
  amount bigint not null check (amount > 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  reference text not null check (length(reference) between 4 and 64),
  entered_by_person uuid,
  entered_by_key uuid,
  decided_by_person uuid,
  decided_by_key uuid,
  created_at timestamptz not null default platform.clock(),
  decided_at timestamptz,
  constraint bank_transfer_entered_by_somebody check (entered_by_person is not null or entered_by_key is not null),
  constraint bank_transfer_decided_once
    check ((state = 'waiting') = (decided_at is null and decided_by_person is null and decided_by_key is null)),
  constraint bank_transfer_takes_two
    check (state <> 'approved' or (coalesce(entered_by_person <> decided_by_person, true)
                                   and coalesce(entered_by_key <> decided_by_key, true)))
);
comment on column payments.bank_transfer.id is 'Also of the payment it becomes.';
comment on column payments.bank_transfer.reference is 'What the bank calls it; one that is not rejected is entered once.';
comment on column payments.bank_transfer.entered_by_person is 'The person signed in, or who made the key.';
comment on column payments.bank_transfer.entered_by_key is 'The key that was used, or the one it descends from; null for a session.';
create unique index bank_transfer_once on payments.bank_transfer (reference) where state <> 'rejected';
create index bank_transfer_waiting on payments.bank_transfer (id desc) where state = 'waiting';
create index bank_transfer_created on payments.bank_transfer (created_at);
alter table payments.bank_transfer enable row level security;
alter table payments.bank_transfer force row level security;
create policy batch_all on payments.bank_transfer for all to sotto_batch using (true) with check (true);
grant select, insert, delete, update (state, decided_by_person, decided_by_key, decided_at)
  on payments.bank_transfer to sotto_batch;

-- Bonus: codes the operator gives out, and customers who bring customers. Bonus is spent first and never paid out.
create table payments.promo_code (
  id uuid primary key,
  code_hash bytea not null unique check (octet_length(code_hash) between 16 and 64),
  hint text not null check (length(hint) = 2),
  amount bigint not null check (amount > 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  uses_max integer not null check (uses_max between 1 and 1000000),
  uses_per_workspace integer not null check (uses_per_workspace between 1 and 100),
  first_top_up_only boolean not null,
  uses integer not null default 0,
  expires_at timestamptz,
  ended_at timestamptz,
  created_at timestamptz not null default platform.clock(),
  constraint promo_code_used_no_more check (uses between 0 and uses_max)
);
comment on column payments.promo_code.code_hash is 'Keyed hash of the code; the code is shown once and kept nowhere.';
comment on column payments.promo_code.hint is 'Its last characters, so that the operator knows it again.';
create index promo_code_created on payments.promo_code (created_at);
alter table payments.promo_code enable row level security;
alter table payments.promo_code force row level security;
create policy batch_all on payments.promo_code for all to sotto_batch using (true) with check (true);
grant select, insert, delete, update (uses, ended_at) on payments.promo_code to sotto_batch;

create table payments.redemption (
  id uuid primary key,
  promo_code_id uuid not null references payments.promo_code (id),
  workspace_id uuid not null,
  amount bigint not null check (amount > 0),
  created_at timestamptz not null default platform.clock()
);
create index redemption_of_code on payments.redemption (promo_code_id, workspace_id);
create index redemption_created on payments.redemption (created_at);
alter table payments.redemption enable row level security;
alter table payments.redemption force row level security;
create policy batch_all on payments.redemption for all to sotto_batch using (true) with check (true);
grant select, insert, delete on payments.redemption to sotto_batch;

create table payments.referral_code (
  workspace_id uuid primary key,
  code text not null unique check (code ~ '^[0-9A-HJKMNP-TV-Z]{10}$'),
  created_at timestamptz not null default platform.clock()
);
comment on column payments.referral_code.code is 'Random; says nothing of whose it is.';
create index referral_code_created on payments.referral_code (created_at);
alter table payments.referral_code enable row level security;
alter table payments.referral_code force row level security;
create policy batch_all on payments.referral_code for all to sotto_batch using (true) with check (true);
grant select, insert, delete on payments.referral_code to sotto_batch;

create table payments.referral (
  id uuid primary key,
  referred_workspace_id uuid not null unique,
  referrer_workspace_id uuid not null check (referrer_workspace_id <> referred_workspace_id),
  state text not null default 'named' check (state in ('named', 'granted', 'refused', 'taken_back')),
  payment_id uuid references payments.payment (id),
  referred_bonus bigint not null default 0 check (referred_bonus >= 0),
  referrer_bonus bigint not null default 0 check (referrer_bonus >= 0),
  look_at timestamptz not null,
  created_at timestamptz not null default platform.clock(),
  constraint referral_granted_for_a_payment check (state in ('named', 'refused') or payment_id is not null)
);
comment on column payments.referral.payment_id is 'The first payment of the referred, once the bonus was given for it.';
comment on column payments.referral.look_at is 'When it is looked at next.';
create index referral_waiting on payments.referral (look_at) where state = 'named';
create index referral_of_referrer on payments.referral (referrer_workspace_id) where state = 'granted';
create index referral_of_payment on payments.referral (payment_id) where payment_id is not null;
create index referral_created on payments.referral (created_at);
alter table payments.referral enable row level security;
alter table payments.referral force row level security;
create policy batch_all on payments.referral for all to sotto_batch using (true) with check (true);
grant select, insert, delete, update (state, payment_id, referred_bonus, referrer_bonus, look_at)
  on payments.referral to sotto_batch;

-- What a workspace wants to be told of its balance. Looked at by a job in turn, so that no posting waits for it.
create table payments.balance_watch (
  workspace_id uuid primary key,
  threshold bigint not null check (threshold > 0),
  armed boolean not null default true,
  looked_at timestamptz not null default platform.clock(),
  changed_at timestamptz not null default platform.clock()
);
comment on column payments.balance_watch.threshold is 'Micros of the workspace''s currency.';
comment on column payments.balance_watch.armed is 'A notice goes out when the balance is next found low; not again before it was well above.';
create index balance_watch_turn on payments.balance_watch (looked_at);
create index balance_watch_changed on payments.balance_watch (changed_at);
alter table payments.balance_watch enable row level security;
alter table payments.balance_watch force row level security;
create policy tenant_reads on payments.balance_watch for select to sotto_tenant using (workspace_id = platform.tenant());
create policy batch_all on payments.balance_watch for all to sotto_batch using (true) with check (true);
grant select (workspace_id, threshold) on payments.balance_watch to sotto_tenant;
grant select, insert, delete, update (threshold, armed, looked_at, changed_at) on payments.balance_watch to sotto_batch;
