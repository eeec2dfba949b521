// Putting jobs into the queue, inside the transaction that made them necessary.
import type { Tx } from '../db/database.ts';
import { assertInvariant } from '../errors.ts';
import { newId } from '../ids.ts';
import { type IdsOnly, idsOnlyJson } from '../ids-only.ts';
import { insertJobs, type NewJob } from './job.sql.ts';
import type { JobType } from './job-type.ts';

export interface EnqueueOptions {
  /**
   * At most one waiting job a name and key. Asked for again while it waits, it stays one; while it runs, it
   * runs once more afterwards. The key determines the payload: the first one's stands.
   */
  readonly key?: string;
  readonly dueAt?: Date;
  /** Counted from the transaction's time in the database. Not together with `dueAt`. */
  readonly delayMs?: number;
}

export interface Enqueued<Payload extends IdsOnly> extends EnqueueOptions {
  readonly payload: Payload;
}

/** Puts one job into the queue and returns its id (of the waiting one under a key that is taken). */
export async function enqueue<Payload extends IdsOnly>(
  tx: Tx,
  type: JobType<Payload>,
  payload: NoInfer<Payload>,
  options: EnqueueOptions = {},
): Promise<string> {
  const rows = await insertJobs(tx, [prepare(type, { ...options, payload })]);
  return rows[0]!.id;
}

/** Puts many jobs of one kind into the queue in one statement. */
export async function enqueueAll<Payload extends IdsOnly>(
  tx: Tx,
  type: JobType<Payload>,
  jobs: readonly Enqueued<NoInfer<Payload>>[],
): Promise<void> {
  await insertPrepared(
    tx,
    jobs.map((job) => prepare(type, job)),
  );
}

/** A job as a row, its payload checked. */
export function prepare<Payload extends IdsOnly>(type: JobType<Payload>, job: Enqueued<Payload>): NewJob {
  assertInvariant(
    !(job.dueAt && job.delayMs !== undefined),
    `${type.name} is due at a time or after a delay`,
  );
  assertInvariant((job.key?.length ?? 0) <= 200, `the key of ${type.name} has 200 characters or fewer`);
  if (job.key !== undefined) idsOnlyJson(`${type.name} (key)`, { key: job.key.split(/[ ,|]/) });
  return {
    id: newId(),
    name: type.name,
    key: job.key ?? null,
    json: idsOnlyJson(type.name, type.schema.parse(job.payload)),
    dueAt: job.dueAt ?? null,
    delayMs: job.delayMs ?? 0,
    attemptsMax: type.attemptsMax,
  };
}

/**
 * Inserts rows of any kinds. Keys go in order, so that two transactions cannot wait for each other in a circle;
 * a key that comes twice goes into a statement of its own, for one statement changes a row once.
 */
export async function insertPrepared(tx: Tx, jobs: readonly NewJob[]): Promise<void> {
  let rest = [...jobs].sort((a, b) => compare(`${a.name} ${a.key ?? ''}`, `${b.name} ${b.key ?? ''}`));
  while (rest.length > 0) {
    const seen = new Set<string>();
    const again: NewJob[] = [];
    const now: NewJob[] = [];
    for (const job of rest) {
      const place = `${job.name} ${job.key}`;
      if (job.key !== null && seen.has(place)) again.push(job);
      else {
        seen.add(place);
        now.push(job);
      }
    }
    await insertJobs(tx, now);
    rest = again;
  }
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
