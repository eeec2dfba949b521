// Dead letters: jobs that used up their tries. Rare, so plain queries; the list relies on job_dead (id) where
// dead_at is not null.
import { arrays } from '../db/arrays.ts';
import { q, type Tx } from '../db/database.ts';
import { statement } from '../db/statement.ts';

/** A dead letter without its payload. */
export interface DeadLetter {
  readonly id: string;
  readonly name: string;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly createdAt: Date;
  readonly deadAt: Date;
}

/** Items of one page at most, and one that tells whether another follows. */
export const PAGE_MAX = 201;

/** Dead letters, the latest made first; the next page begins `before` the last id of this one. */
export async function listDead(tx: Tx, limit: number, before?: string): Promise<DeadLetter[]> {
  let query = q
    .selectFrom('platform.job')
    .select([
      'id',
      'name',
      'attempts',
      'last_error as lastError',
      'created_at as createdAt',
      'dead_at as deadAt',
    ])
    .where('dead_at', 'is not', null)
    .orderBy('id', 'desc')
    .limit(Math.min(limit, PAGE_MAX));
  if (before !== undefined) query = query.where('id', '<', before);
  return (await tx.run(query)) as DeadLetter[];
}

/** A job by id with what a replay changes; undefined when there is none. `deadAt` is null while it lives. */
export async function findJob(
  tx: Tx,
  id: string,
): Promise<{ readonly name: string; readonly dueAt: Date; readonly deadAt: Date | null } | undefined> {
  const [job] = await tx.run(
    q
      .selectFrom('platform.job')
      .select(['name', 'due_at as dueAt', 'dead_at as deadAt'])
      .where('id', '=', id),
  );
  return job;
}

export async function countDead(tx: Tx): Promise<number> {
  const rows = await tx.run(
    q
      .selectFrom('platform.job')
      .select(({ fn }) => fn.countAll<bigint>().as('count'))
      .where('dead_at', 'is not', null),
  );
  return Number(rows[0]!.count);
}

/** A letter whose key has a living job again stays dead: the living one does its work. */
const REPLAY = statement<{ id: string }>(
  'platform.replay_dead_jobs',
  'operations',
  `update platform.job
      set dead_at = null, due_at = (select platform.clock()), attempts = 0, lease_token = null, rerun_at = null
     from (
       select distinct on (name, coalesce(key, id::text)) id as chosen
         from platform.job
        where id = any($1::uuid[])
          and dead_at is not null
        order by name, coalesce(key, id::text), dead_at desc
     ) newest
    where job.id = newest.chosen
      and not exists (
        select
          from platform.job living
         where living.name = job.name
           and living.key = job.key
           and living.dead_at is null
      )
   returning job.id`,
);

/** The ids that wait again; of several letters under one key the newest. */
export const replayDead = (tx: Tx, ids: readonly string[]) => tx.exec(REPLAY, [arrays.uuid(ids)]);

const DISCARD = statement<{ id: string }>(
  'platform.discard_dead_jobs',
  'operations',
  `delete from platform.job where id = any($1::uuid[]) and dead_at is not null returning id`,
);

export const discardDead = (tx: Tx, ids: readonly string[]) => tx.exec(DISCARD, [arrays.uuid(ids)]);
