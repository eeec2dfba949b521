-- Keys with a limit of their own, and keys that end at a set time because another took their place.

alter table accounts.api_key
  add column requests_per_second integer check (requests_per_second between 1 and 10000);
comment on column accounts.api_key.requests_per_second is 'How fast it may be used, in each process of the API; null: as fast as any.';
grant select (requests_per_second) on accounts.api_key to sotto_tenant;
grant update (expires_at) on accounts.api_key to sotto_batch;
