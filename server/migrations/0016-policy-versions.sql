-- Policies as they were published, each whole, so that what was promised on a day can be shown and the next one be
-- compared with it. Written once; about nobody but the operator.

create table privacy.policy_version (
  id uuid primary key,
  hash text not null unique check (hash ~ '^sha256:[0-9a-f]{64}$'),
  name text not null,
  version text not null,
  effective date not null,
  canonical text not null,
  material boolean not null,
  published_at timestamptz not null default platform.clock()
);
comment on column privacy.policy_version.hash is 'Of the canonical form: what acceptances and evidence name a policy by.';
comment on column privacy.policy_version.canonical is 'The canonical form.';
comment on column privacy.policy_version.material is 'It changed what people have to be told before it takes effect.';

alter table privacy.policy_version enable row level security;
alter table privacy.policy_version force row level security;
create policy batch_all on privacy.policy_version for all to sotto_batch using (true) with check (true);
grant select, insert on privacy.policy_version to sotto_batch;
