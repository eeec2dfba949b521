// Statements of the job table. Every outcome names lease token and epoch: a worker whose lease ran out and was
// taken by another changes nothing. Hot ones rely on job_due (name, due_at) where dead_at is null.
import { arrays } from '../db/arrays.ts';
import type { Tx } from '../db/database.ts';
import { statement } from '../db/statement.ts';

export interface NewJob {
  readonly id: string;
  readonly name: string;
  readonly key: string | null;
  readonly json: string;
  readonly dueAt: Date | null;
  readonly delayMs: number;
  readonly attemptsMax: number;
}

/** A claimed job. `token` and `epoch` name the claim. */
export interface Claimed {
  readonly id: string;
  readonly name: string;
  readonly payload: unknown;
  readonly attempts: number;
  readonly epoch: bigint;
  /** Milliseconds since it was due: what it waited. */
  readonly waited: number;
}

export interface Lease {
  readonly id: string;
  readonly token: string;
  readonly epoch: bigint;
}

/**
 * Under a key that is waiting, the earlier due time stands, except while it waits after a failure. Under a key
 * that is running, it is marked to run once more: what the running one has read may be older than the reason.
 */
const INSERT = statement<{ id: string }>(
  'platform.enqueue_jobs',
  'operations',
  `insert into platform.job as job (id, name, key, payload, due_at, attempts_max)
   select u.id, u.name, u.key, u.payload::jsonb,
          coalesce(u.due_at, (select platform.clock()) + u.delay_ms * interval '1 millisecond'),
          u.attempts_max
     from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::bigint[], $7::integer[])
       as u(id, name, key, payload, due_at, delay_ms, attempts_max)
   on conflict (name, key) where key is not null and dead_at is null do update
      set due_at = case when job.lease_token is null and job.attempts = 0
                        then least(job.due_at, excluded.due_at) else job.due_at end,
          rerun_at = case when job.lease_token is not null
                          then least(job.rerun_at, excluded.due_at) else job.rerun_at end
   returning job.id`,
);

export const insertJobs = (tx: Tx, jobs: readonly NewJob[]) =>
  tx.exec(INSERT, [
    arrays.uuid(jobs.map((job) => job.id)),
    arrays.text(jobs.map((job) => job.name)),
    arrays.text(jobs.map((job) => job.key)),
    arrays.text(jobs.map((job) => job.json)),
    arrays.timestamptz(jobs.map((job) => job.dueAt)),
    arrays.bigint(jobs.map((job) => BigInt(Math.round(job.delayMs)))),
    arrays.integer(jobs.map((job) => job.attemptsMax)),
  ]);

/** Each name has its own room, so that one name's backlog cannot starve the others. */
const CLAIM = statement<Claimed>(
  'platform.claim_jobs',
  'operations',
  `with due as materialized (
     select j.id, j.due_at, w.lease_ms
       from unnest($1::text[], $2::integer[], $3::bigint[]) as w(name, room, lease_ms)
      cross join lateral (
        select job.id, job.due_at
          from platform.job
         where job.name = w.name
           and job.dead_at is null
           and job.due_at <= (select platform.clock())
         order by job.due_at
         limit w.room
           for update skip locked
      ) j
      limit $4::integer
   )
   update platform.job
      set due_at = (select platform.clock()) + due.lease_ms * interval '1 millisecond',
          lease_token = $5::uuid,
          lease_epoch = job.lease_epoch + 1,
          attempts = job.attempts + 1
     from due
    where job.id = due.id
   returning job.id, job.name, job.payload, job.attempts, job.lease_epoch as epoch,
             (extract(epoch from (select platform.clock()) - due.due_at) * 1000)::float8 as waited`,
);

export const claimJobs = (
  tx: Tx,
  wanted: readonly { readonly name: string; readonly room: number; readonly leaseMs: number }[],
  limit: number,
  token: string,
) =>
  tx.exec(CLAIM, [
    arrays.text(wanted.map(({ name }) => name)),
    arrays.integer(wanted.map(({ room }) => room)),
    arrays.bigint(wanted.map(({ leaseMs }) => BigInt(leaseMs))),
    limit,
    token,
  ]);

const HEARTBEAT = statement<{ id: string }>(
  'platform.extend_job_leases',
  'operations',
  `update platform.job
      set due_at = (select platform.clock()) + u.lease_ms * interval '1 millisecond'
     from unnest($1::uuid[], $2::bigint[], $3::bigint[]) as u(id, epoch, lease_ms)
    where job.id = u.id
      and job.lease_token = $4::uuid
      and job.lease_epoch = u.epoch
   returning job.id`,
);

/** Extends the leases that still hold; the answer leaves out the lost ones. */
export const extendLeases = (
  tx: Tx,
  token: string,
  leases: readonly { readonly id: string; readonly epoch: bigint; readonly leaseMs: number }[],
) =>
  tx.exec(HEARTBEAT, [
    arrays.uuid(leases.map(({ id }) => id)),
    arrays.bigint(leases.map(({ epoch }) => epoch)),
    arrays.bigint(leases.map(({ leaseMs }) => BigInt(leaseMs))),
    token,
  ]);

const HELD = 'id = $1::uuid and lease_token = $2::uuid and lease_epoch = $3::bigint';

const LOCK = statement<{ id: string }>(
  'platform.lock_held_job',
  'operations',
  `select id from platform.job where ${HELD} for update`,
);
const REMOVE = statement<{ id: string }>(
  'platform.remove_finished_job',
  'operations',
  `delete from platform.job where ${HELD} and rerun_at is null returning id`,
);
/** A statement of its own after REMOVE: its snapshot must see the rerun that made REMOVE pass the row over. */
const RERUN = statement<{ id: string }>(
  'platform.rerun_job',
  'operations',
  `update platform.job
      set due_at = rerun_at, rerun_at = null, attempts = 0, lease_token = null, last_error = null
    where ${HELD} and rerun_at is not null
   returning id`,
);
const NEXT = statement<{ id: string }>(
  'platform.schedule_next_run',
  'operations',
  `update platform.job
      set due_at = coalesce(rerun_at, to_timestamp(
            (floor(extract(epoch from (select platform.clock())) * 1000 / $4::bigint) + 1) * $4::bigint / 1000)),
          rerun_at = null, attempts = 0, lease_token = null, last_error = $5::text
    where ${HELD}
   returning id`,
);
const RETRY = statement<{ id: string }>(
  'platform.retry_job',
  'operations',
  `update platform.job
      set due_at = (select platform.clock()) + $4::bigint * interval '1 millisecond',
          attempts = attempts - $6::integer, rerun_at = null, lease_token = null,
          last_error = coalesce($5::text, last_error)
    where ${HELD}
   returning id`,
);
/** When it was asked for again meanwhile, the new reason gets tries of its own. */
const BURY = statement<{ dead: boolean }>(
  'platform.bury_job',
  'operations',
  `update platform.job
      set dead_at = case when rerun_at is null then (select platform.clock()) end,
          due_at = coalesce(rerun_at, due_at),
          attempts = case when rerun_at is null then attempts else 0 end,
          rerun_at = null, lease_token = null, last_error = $4::text
    where ${HELD}
   returning dead_at is not null as dead`,
);

const held = ({ id, token, epoch }: Lease) => [id, token, epoch];

/** True when the lease holds; the row stays locked until the transaction ends. */
export const lockHeld = async (tx: Tx, lease: Lease) => (await tx.exec(LOCK, held(lease))).length === 1;

/** True when the lease held: the job is gone, or waits for the run that was asked for meanwhile. */
export const removeOrRerun = async (tx: Tx, lease: Lease) =>
  (await tx.exec(REMOVE, held(lease))).length === 1 || (await tx.exec(RERUN, held(lease))).length === 1;

export const scheduleNext = async (tx: Tx, lease: Lease, everyMs: number, error: string | null) =>
  (await tx.exec(NEXT, [...held(lease), everyMs, error])).length === 1;

/** Waits `delayMs` for the next try. A try that does not count is given back. */
export const retryLater = async (
  tx: Tx,
  lease: Lease,
  delayMs: number,
  options: { readonly error: string | null; readonly counts: boolean },
) =>
  (await tx.exec(RETRY, [...held(lease), Math.round(delayMs), options.error, options.counts ? 0 : 1]))
    .length === 1;

export const bury = async (tx: Tx, lease: Lease, error: string) =>
  (await tx.exec(BURY, [...held(lease), error])).length === 1;

const ENSURE = statement<unknown>(
  'platform.ensure_recurring_job',
  'operations',
  `insert into platform.job as job (id, name, key, payload, due_at, attempts_max)
   values ($1::uuid, $2::text, 'every', '{}', (select platform.clock()), $3::integer)
   on conflict (name, key) where key is not null and dead_at is null do update
      set due_at = excluded.due_at + $4::bigint * interval '1 millisecond'
    where job.lease_token is null
      and job.due_at > excluded.due_at + $4::bigint * interval '1 millisecond'`,
);

/** Makes a recurring job exist once; due at once when new, sooner when its interval became shorter. */
export const ensureRecurring = (tx: Tx, id: string, name: string, attemptsMax: number, everyMs: number) =>
  tx.exec(ENSURE, [id, name, attemptsMax, everyMs]);

const OLDEST = statement<{ name: string; ageMs: number }>(
  'platform.oldest_due_jobs',
  'operations',
  `select w.name,
          (extract(epoch from (select platform.clock()) - j.due_at) * 1000)::float8 as "ageMs"
     from unnest($1::text[]) as w(name)
    cross join lateral (
      select job.due_at
        from platform.job
       where job.name = w.name
         and job.dead_at is null
         and job.due_at <= (select platform.clock())
       order by job.due_at
       limit 1
    ) j`,
);

/** The oldest due and unclaimed job of each name that has one. */
export const oldestDue = (tx: Tx, names: readonly string[]) => tx.exec(OLDEST, [arrays.text(names)]);
