-- What the end of decisions needs: since when a record of consent proves nothing that stands any more, that a workspace
-- is gone, and functions that delete what could only be added until now.

create table privacy.ended_workspace (
  workspace_id uuid primary key,
  ended_at timestamptz not null default platform.clock()
);
comment on table privacy.ended_workspace is 'Workspaces that were erased: what they decided counts from then. A row goes with the last of it.';
create index ended_workspace_age on privacy.ended_workspace (ended_at);

alter table privacy.consent_record add column answers uuid;
comment on column privacy.consent_record.answers is 'The newest record of the subject and purpose before it, under whatever epoch of the index; it may be gone.';

create table privacy.consent_life (
  record_id uuid primary key references privacy.consent_record (id),
  first_id uuid not null,
  ended_at timestamptz
);
comment on table privacy.consent_life is 'Since when a record of consent is history. Written by a trigger alone, as a record never changes.';
comment on column privacy.consent_life.first_id is 'The first record of the same subject and purpose.';
comment on column privacy.consent_life.ended_at is 'Withdrawn, expired (may lie ahead) or answered by a newer one; null: it is the last word and stands.';
create index consent_life_ended on privacy.consent_life (ended_at) where ended_at is not null;
create index consent_life_first on privacy.consent_life (first_id);

alter table privacy.ended_workspace enable row level security;
alter table privacy.ended_workspace force row level security;
alter table privacy.consent_life enable row level security;
alter table privacy.consent_life force row level security;
-- The functions below run as the owner, who is not a superuser on every cluster.
create policy owner_ends on privacy.ended_workspace for all to current_user using (true) with check (true);
create policy owner_ends on privacy.consent_life for all to current_user using (true) with check (true);
create policy owner_ends on privacy.consent_record for all to current_user using (true) with check (true);
create policy owner_ends on privacy.acceptance for all to current_user using (true) with check (true);
create policy owner_ends on privacy.age_attestation for all to current_user using (true) with check (true);

-- A withdrawal is history at once; what it withdraws counts from it. Everything else of its subject and purpose that
-- still stood is answered by it.
create function privacy.follow_consent() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  earlier uuid := coalesce(new.answers, new.withdraws, (
    select c.id
      from privacy.consent_record c
     where c.subject = new.subject
       and c.purpose = new.purpose
       and c.workspace_id = new.workspace_id
       and c.id < new.id
     order by c.id desc
     limit 1));
  origin uuid := coalesce((
    select l.first_id
      from privacy.consent_life l
      join privacy.consent_record c on c.id = l.record_id
     where l.record_id = earlier
       and c.workspace_id = new.workspace_id
       and c.purpose = new.purpose), new.id);
begin
  update privacy.consent_life
     set ended_at = new.recorded_at
   where first_id = origin
     and (ended_at is null or ended_at > new.recorded_at or record_id = new.withdraws);
  insert into privacy.consent_life (record_id, first_id, ended_at)
  values (new.id, origin, case when new.decision = 'withdrawn' then new.recorded_at else new.expires_at end);
  return null;
end
$$;
revoke all on function privacy.follow_consent() from public;

insert into privacy.consent_life (record_id, first_id, ended_at)
select c.id,
       first_value(c.id) over same,
       case
         when c.decision = 'withdrawn' then c.recorded_at
         when w.id is not null then w.recorded_at
         else least(c.expires_at, lead(c.recorded_at) over same)
       end
  from privacy.consent_record c
  left join privacy.consent_record w on w.withdraws = c.id
window same as (partition by c.workspace_id, c.subject, c.purpose order by c.id);

create trigger consent_followed after insert on privacy.consent_record
  for each row execute function privacy.follow_consent();

-- Deleting is for the functions below alone: they belong to the tables' owner and say what they are about, for the
-- length of a statement. A parameter in the function's own definition would be for superusers alone to write.
create function privacy.refuse_unless_ending() returns trigger
language plpgsql set search_path = pg_catalog
as $$
begin
  if tg_op = 'DELETE' and current_setting('privacy.ending', true) = 'on'
     and current_user = (select pg_get_userbyid(relowner) from pg_class where oid = tg_relid) then
    return old;
  end if;
  raise exception '%.% is append-only', tg_table_schema, tg_table_name
    using errcode = 'integrity_constraint_violation', schema = tg_table_schema, table = tg_table_name;
end
$$;
drop trigger consent_append_only on privacy.consent_record;
create trigger consent_append_only before update or delete on privacy.consent_record
  for each row execute function privacy.refuse_unless_ending();
drop trigger acceptance_append_only on privacy.acceptance;
create trigger acceptance_append_only before update or delete on privacy.acceptance
  for each row execute function privacy.refuse_unless_ending();

-- Deletes records of consent that are history since a moment or before it, or whose workspace is; returns how many.
-- Of one subject and purpose the older go first and a withdrawal with what it withdraws, so that no state turns back
-- into an older one. Workspaces in `held` keep theirs. One at a time: another call meanwhile does nothing.
create function privacy.end_consents(before timestamptz, held uuid[], rows_max integer) returns integer
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  ids uuid[];
begin
  if before > platform.clock() then
    raise exception 'what has not ended yet stays' using errcode = 'insufficient_privilege';
  end if;
  if not pg_try_advisory_xact_lock(hashtextextended('privacy.end_consents', 0)) then
    return 0;
  end if;
  select array_agg(due.id) into ids
    from (
      (select c.id
         from privacy.consent_life l
         join privacy.consent_record c on c.id = l.record_id
         left join privacy.consent_record w on w.withdraws = c.id
        where l.ended_at <= before
          and c.workspace_id <> all(held)
        order by l.ended_at, coalesce(w.id, c.id), c.id
        limit rows_max)
      union
      (select c.id
         from privacy.ended_workspace e
         join privacy.consent_record c on c.workspace_id = e.workspace_id
        where e.ended_at <= before
          and e.workspace_id <> all(held)
        order by e.ended_at, c.id
        limit rows_max)
    ) due;
  if ids is null then
    return 0;
  end if;
  ids := array(
    select unnest(ids)
     union
    select w.id from privacy.consent_record w where w.withdraws = any(ids)
     union
    select w.withdraws from privacy.consent_record w where w.id = any(ids) and w.withdraws is not null);
  perform set_config('privacy.ending', 'on', true);
  delete from privacy.consent_life where record_id = any(ids);
  delete from privacy.consent_record where id = any(ids);
  perform set_config('privacy.ending', 'off', true);
  return cardinality(ids);
end
$$;

-- Forgets workspaces that ended at or before a moment and have no record of consent any more, with what they accepted
-- and said about age; returns how many workspaces.
create function privacy.forget_workspaces(before timestamptz, held uuid[], rows_max integer) returns integer
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  ids uuid[];
begin
  if before > platform.clock() then
    raise exception 'what has not ended yet stays' using errcode = 'insufficient_privilege';
  end if;
  select array_agg(due.workspace_id) into ids
    from (
      select e.workspace_id
        from privacy.ended_workspace e
       where e.ended_at <= before
         and e.workspace_id <> all(held)
         and not exists (select from privacy.consent_record c where c.workspace_id = e.workspace_id)
       order by e.ended_at
       limit rows_max
         for update skip locked
    ) due;
  if ids is null then
    return 0;
  end if;
  perform set_config('privacy.ending', 'on', true);
  delete from privacy.acceptance where workspace_id = any(ids);
  perform set_config('privacy.ending', 'off', true);
  delete from privacy.age_attestation where workspace_id = any(ids);
  delete from privacy.ended_workspace where workspace_id = any(ids);
  return cardinality(ids);
end
$$;

revoke all on function privacy.end_consents(timestamptz, uuid[], integer) from public;
revoke all on function privacy.forget_workspaces(timestamptz, uuid[], integer) from public;
grant execute on function privacy.end_consents(timestamptz, uuid[], integer) to sotto_batch;
grant execute on function privacy.forget_workspaces(timestamptz, uuid[], integer) to sotto_batch;

create policy batch_reads on privacy.ended_workspace for select to sotto_batch using (true);
create policy batch_appends on privacy.ended_workspace for insert to sotto_batch with check (true);
create policy batch_reads on privacy.consent_life for select to sotto_batch using (true);
grant select, insert (workspace_id) on privacy.ended_workspace to sotto_batch;
grant select on privacy.consent_life to sotto_batch;
-- When it was recorded is the database's to say: ends count from it.
revoke insert on privacy.consent_record from sotto_batch;
grant insert (id, workspace_id, subject_kind, subject, purpose, decision, method, policy_hash, withdraws, answers, decided_at, expires_at)
  on privacy.consent_record to sotto_batch;

create index suppression_age on privacy.suppression (created_at);

-- What somebody asked of processing stands until it is lifted, withdrawn, or nobody is left to process.
alter table privacy.objection
  drop constraint objection_ended_as_check,
  add constraint objection_ended_as_check check (ended_as in ('withdrawn', 'overruled', 'subject_ended'));
comment on column privacy.objection.ended_as is 'Withdrawn by the subject, overruled by compelling grounds (Art. 21(1)), against marketing there are none (Art. 21(3)), or over because the subject''s account was erased.';
create index restriction_closed on privacy.restriction (since) where until is not null;
create index objection_closed on privacy.objection (since) where until is not null;
-- One that stands cannot be deleted, whatever a statement says.
drop policy batch_all on privacy.restriction;
create policy batch_reads on privacy.restriction for select to sotto_batch using (true);
create policy batch_appends on privacy.restriction for insert to sotto_batch with check (true);
create policy batch_closes on privacy.restriction for update to sotto_batch using (true) with check (true);
create policy batch_ends on privacy.restriction for delete to sotto_batch using (until is not null);
drop policy batch_all on privacy.objection;
create policy batch_reads on privacy.objection for select to sotto_batch using (true);
create policy batch_appends on privacy.objection for insert to sotto_batch with check (true);
create policy batch_closes on privacy.objection for update to sotto_batch using (true) with check (true);
create policy batch_ends on privacy.objection for delete to sotto_batch using (until is not null);
grant delete on privacy.restriction, privacy.objection to sotto_batch;

-- Workspaces that were erased before this count from now. Forced row-level security would hide those that live from an
-- owner who is no superuser.
alter table accounts.workspace no force row level security;
insert into privacy.ended_workspace (workspace_id)
select gone.workspace_id
  from (
    select workspace_id from privacy.consent_record
     union
    select workspace_id from privacy.acceptance
     union
    select workspace_id from privacy.age_attestation
  ) gone
 where not exists (select from accounts.workspace w where w.id = gone.workspace_id);
alter table accounts.workspace force row level security;
