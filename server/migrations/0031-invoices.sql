-- Invoices for what was paid in, and credit notes for what went back. An invoice is written once; whom it is made out to is
-- sealed under the billing key of its workspace, which outlives the account as long as the law wants invoices kept.

-- Whom invoices of a workspace are made out to from now on.
create table payments.billing_details (
  workspace_id uuid primary key,
  details privacy.sealed not null,
  updated_at timestamptz not null default platform.clock()
);
comment on column payments.billing_details.details is 'Legal name, address, country and tax id as JSON, sealed under the billing key.';
alter table payments.billing_details enable row level security;
alter table payments.billing_details force row level security;
create policy tenant_reads on payments.billing_details for select to sotto_tenant using (workspace_id = platform.tenant());
create policy batch_all on payments.billing_details for all to sotto_batch using (true) with check (true);
grant select on payments.billing_details to sotto_tenant;
grant select, insert, delete, update (details, updated_at) on payments.billing_details to sotto_batch;

-- The last number given. Its row is locked until the invoice is committed, so that a number is never lost.
create table payments.invoice_series (
  series text primary key check (series ~ '^[A-Z0-9]{1,10}(-[A-Z0-9]{1,4})?$'),
  year integer not null default 0,
  last_number integer not null default 0 check (last_number >= 0)
);
comment on column payments.invoice_series.year is 'In UTC. Numbers begin anew with each.';
alter table payments.invoice_series enable row level security;
alter table payments.invoice_series force row level security;
create policy batch_all on payments.invoice_series for all to sotto_batch using (true) with check (true);
grant select, insert (series), update (year, last_number) on payments.invoice_series to sotto_batch;

create table payments.invoice (
  id uuid primary key,
  workspace_id uuid not null,
  kind text not null check (kind in ('invoice', 'credit_note')),
  series text not null,
  year integer not null,
  sequence integer not null check (sequence > 0),
  payment_id uuid not null,
  corrects uuid,
  issued_at timestamptz not null,
  supplied_at timestamptz not null,
  seller_name text not null check (length(seller_name) between 1 and 200),
  seller_address text not null check (length(seller_address) between 1 and 300),
  seller_country text not null check (seller_country ~ '^[A-Z]{2}$'),
  seller_tax_id text check (length(seller_tax_id) between 1 and 30),
  buyer privacy.sealed,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  total bigint not null check (total > 0),
  tax bigint not null check (tax between 0 and total),
  tax_rate integer not null check (tax_rate between 0 and 1000000),
  reverse_charge boolean not null,
  constraint invoice_number_once unique (series, year, sequence),
  constraint invoice_numbered_in_its_year check (year = extract(year from issued_at at time zone 'UTC')),
  constraint invoice_corrects check ((corrects is null) = (kind = 'invoice')),
  constraint invoice_reverse_charged_without_tax check (not reverse_charge or tax = 0)
);
comment on column payments.invoice.payment_id is 'Invoices may be kept longer than the payments they are for.';
comment on column payments.invoice.supplied_at is 'When the money came, or went back.';
comment on column payments.invoice.buyer is 'As payments.billing_details stood at issue, sealed anew for this row.';
comment on column payments.invoice.total is 'Micros, tax included.';
comment on column payments.invoice.tax is 'Micros of it that are tax, in whole smallest units of the currency.';
comment on column payments.invoice.tax_rate is 'In millionths.';
create unique index invoice_of_payment on payments.invoice (payment_id) where kind = 'invoice';
create index credit_note_of_payment on payments.invoice (payment_id) where kind = 'credit_note';
create index invoice_of_workspace on payments.invoice (workspace_id, id desc);
create index invoice_issued on payments.invoice (issued_at);
create trigger invoice_never_changes before update or delete on payments.invoice
  for each row execute function privacy.refuse_unless_ending();
alter table payments.invoice enable row level security;
alter table payments.invoice force row level security;
create policy tenant_reads on payments.invoice for select to sotto_tenant using (workspace_id = platform.tenant());
create policy batch_reads on payments.invoice for select to sotto_batch using (true);
create policy batch_appends on payments.invoice for insert to sotto_batch with check (true);
create policy owner_ends on payments.invoice for all to current_user using (true) with check (true);
grant select on payments.invoice to sotto_tenant;
grant select, insert on payments.invoice to sotto_batch;

-- Deletes the oldest invoices issued at or before a moment, at most `rows_max`; answers whose they were, each once.
-- Workspaces in `held` keep theirs.
create function payments.end_invoices(before timestamptz, held uuid[], rows_max integer)
returns table (workspace_id uuid, ended integer)
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  ids uuid[];
begin
  if before > platform.clock() then
    raise exception 'what has not ended yet stays' using errcode = 'insufficient_privilege';
  end if;
  ids := array(
    select i.id
      from payments.invoice i
     where i.issued_at <= before
       and i.workspace_id <> all(held)
     order by i.issued_at
     limit rows_max
       for update skip locked);
  perform set_config('privacy.ending', 'on', true);
  return query
    with gone as (
      delete from payments.invoice i where i.id = any(ids) returning i.workspace_id)
    select g.workspace_id, count(*)::integer from gone g group by g.workspace_id;
  perform set_config('privacy.ending', 'off', true);
end
$$;
revoke all on function payments.end_invoices(timestamptz, uuid[], integer) from public;
grant execute on function payments.end_invoices(timestamptz, uuid[], integer) to sotto_batch;

-- What a currency is worth in another from a moment on, as the operator says. One that is wrong is followed by another.
create table payments.exchange_rate (
  id uuid primary key,
  base text not null check (base ~ '^[A-Z]{3}$'),
  quote text not null check (quote ~ '^[A-Z]{3}$'),
  rate bigint not null check (rate between 1 and 1000000000000000),
  valid_from timestamptz not null,
  created_at timestamptz not null default platform.clock(),
  constraint exchange_rate_once unique (base, quote, valid_from),
  constraint exchange_rate_of_two check (base <> quote)
);
comment on column payments.exchange_rate.rate is 'Units of quote for one of base, in thousand millionths.';
create trigger exchange_rate_never_changes before update or delete on payments.exchange_rate
  for each row execute function privacy.refuse_unless_ending();
alter table payments.exchange_rate enable row level security;
alter table payments.exchange_rate force row level security;
create policy batch_reads on payments.exchange_rate for select to sotto_batch using (true);
create policy batch_appends on payments.exchange_rate for insert to sotto_batch with check (true);
grant select, insert on payments.exchange_rate to sotto_batch;

-- Where a payment came in another currency and was credited at a rate, which one that was.
alter table payments.payment
  add column rate_base text check (rate_base ~ '^[A-Z]{3}$'),
  add column rate_quote text check (rate_quote ~ '^[A-Z]{3}$'),
  add column rate bigint check (rate > 0),
  add column rate_from timestamptz,
  add constraint payment_rate_whole check (num_nonnulls(rate_base, rate_quote, rate, rate_from) in (0, 4));
grant update (rate_base, rate_quote, rate, rate_from) on payments.payment to sotto_batch;
grant select (rate_base, rate_quote, rate, rate_from) on payments.payment to sotto_tenant;
