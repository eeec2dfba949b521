-- Velocity buckets: how much of a limit somebody has used. What is kept is when a bucket is full again, under keyed
-- indexes that are made of the limit and the subject together, so that a row names nobody and no two rows of one
-- subject can be told to belong together.

create schema abuse;
grant usage on schema abuse to sotto_batch;

-- One column for each category that subjects are of, so that a policy which lacks one keeps its column empty. An update
-- leaves every indexed column as it was nearly always, so that it stays in its page.
create table abuse.bucket (
  pseudonym privacy.blind_index,
  address privacy.blind_index,
  email privacy.blind_index,
  device privacy.blind_index,
  full_at timestamptz not null,
  sweep_at timestamptz not null,
  created_at timestamptz not null default platform.clock(),
  constraint bucket_of_one_subject check (num_nonnulls(pseudonym, address, email, device) = 1)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
comment on table abuse.bucket is 'Token buckets in the form of the generic cell rate algorithm: one moment says all.';
comment on column abuse.bucket.pseudonym is 'A workspace, account or key that is limited.';
comment on column abuse.bucket.address is 'An IPv4 address or a /64 of IPv6 that is limited.';
comment on column abuse.bucket.full_at is 'When every token is back; a bucket that is full says nothing, and goes.';
comment on column abuse.bucket.sweep_at is 'Follows full_at in steps of ten minutes, so that its index is seldom written.';
create unique index bucket_subject on abuse.bucket (coalesce(pseudonym, address, email, device));
create index bucket_sweep on abuse.bucket (sweep_at);
create index bucket_address_age on abuse.bucket (created_at) where address is not null;

alter table abuse.bucket enable row level security;
alter table abuse.bucket force row level security;
create policy batch_all on abuse.bucket for all to sotto_batch using (true) with check (true);
grant select, insert, update (full_at, sweep_at), delete on abuse.bucket to sotto_batch;
