-- Counts of use and scrubbed error reports, both by the day, both off unless the policy has their feature. A row is
-- about nobody: counts are stored once enough people are in them, reports hold names of our own code only.

create schema telemetry;
grant usage on schema telemetry to sotto_batch;

-- One row for each day, kind and name. Its id is made of them, so that the counts of all processes meet in one row.
create table telemetry.usage_count (
  id uuid primary key,
  day date not null,
  kind text not null check (kind in ('feature', 'page', 'browser', 'system', 'device')),
  name text not null check (length(name) between 1 and 200),
  uses bigint not null check (uses > 0)
) partition by range (id);
comment on column telemetry.usage_count.id is 'UUIDv7 of the start of the day; the rest follows from kind and name.';
comment on column telemetry.usage_count.name is 'Of a closed list: an operation, the template of a path, a browser and its major version.';
comment on column telemetry.usage_count.uses is 'How often; only of groups in which enough people are.';
alter table telemetry.usage_count enable row level security;
alter table telemetry.usage_count force row level security;
create policy batch_all on telemetry.usage_count for all to sotto_batch using (true) with check (true);
grant select, insert, update (uses), delete on telemetry.usage_count to sotto_batch;
insert into platform.partitioned (parent, every) values ('telemetry.usage_count', 'month');

-- One row for each day and fingerprint.
create table telemetry.error_report (
  id uuid primary key,
  day date not null,
  fingerprint text not null check (fingerprint ~ '^[0-9a-f]{32}$'),
  class text not null check (length(class) between 1 and 60),
  code text check (length(code) between 1 and 60),
  frames text[] not null check (cardinality(frames) <= 12),
  causes text[] not null check (cardinality(causes) <= 4),
  times bigint not null check (times > 0)
) partition by range (id);
comment on column telemetry.error_report.id is 'UUIDv7 of the start of the day; the rest follows from the fingerprint.';
comment on column telemetry.error_report.fingerprint is 'Hash of classes, codes, files and functions: what is the same fault.';
comment on column telemetry.error_report.class is 'Of a closed list. The message is not kept.';
comment on column telemetry.error_report.code is 'SQLSTATE, system code or code of the catalogue, of closed lists.';
comment on column telemetry.error_report.frames is 'file:line function, innermost first, of our own files alone.';
comment on column telemetry.error_report.causes is 'Classes and codes of what caused it.';
alter table telemetry.error_report enable row level security;
alter table telemetry.error_report force row level security;
create policy batch_all on telemetry.error_report for all to sotto_batch using (true) with check (true);
grant select, insert, update (times), delete on telemetry.error_report to sotto_batch;
insert into platform.partitioned (parent, every) values ('telemetry.error_report', 'month');
