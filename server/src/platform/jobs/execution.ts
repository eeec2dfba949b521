// One run of one claimed job: handler, then exactly one outcome, written under the lease's token and epoch.
import { monotonicMs } from '../clock.ts';
import type { Database, Tx } from '../db/database.ts';
import { errorLabel, type Log, word } from '../log.ts';
import {
  bury,
  type Claimed,
  type Lease,
  lockHeld,
  removeOrRerun,
  retryLater,
  scheduleNext,
} from './job.sql.ts';
import { jobDurations, jobRuns, jobWaits } from './job-metrics.ts';
import { type AnyJob, backoffMs, type JobContext, LeaseLost, PermanentFailure } from './job-type.ts';

/** The process stops now and gives the job back. */
export class Stopping extends Error {
  constructor() {
    super('the process stops');
    this.name = 'Stopping';
  }
}

export type RunOutcome = 'finished' | 'later' | 'retry' | 'dead' | 'lost' | 'returned';

/** A claimed job while it runs here. */
export interface Running {
  readonly lease: Lease;
  readonly job: AnyJob;
  readonly controller: AbortController;
  /** Monotonic time at which the lease has surely run out, as far as this process knows. */
  leaseEndsMs: number;
}

export interface Surroundings {
  readonly db: Database;
  readonly log: Log;
  readonly random: () => number;
}

/** Runs the job and stores the outcome. Rejects only when the outcome could not be stored. */
export async function execute(around: Surroundings, claimed: Claimed, running: Running): Promise<RunOutcome> {
  const { job } = running;
  const log = around.log.with({ job: word(job.name), attempt: claimed.attempts });
  const startedMs = monotonicMs();
  jobWaits.observe(Math.max(0, claimed.waited) / 1000, { job: job.name });
  const outcome = await settle(around, log, claimed, running);
  jobDurations.observe((monotonicMs() - startedMs) / 1000, { job: job.name });
  jobRuns.add(1, { job: job.name, outcome });
  return outcome;
}

async function settle(
  around: Surroundings,
  log: Log,
  claimed: Claimed,
  running: Running,
): Promise<RunOutcome> {
  const { lease, job, controller } = running;
  const { db } = around;
  let finished = false;
  const context: JobContext = {
    db,
    jobId: lease.id,
    attempt: claimed.attempts,
    signal: controller.signal,
    log,
    async guard(tx: Tx) {
      if (!(await lockHeld(tx, lease))) throw new LeaseLost();
    },
    async finishIn(tx: Tx) {
      const held =
        job.everyMs === undefined
          ? await removeOrRerun(tx, lease)
          : await scheduleNext(tx, lease, job.everyMs, null);
      if (!held) throw new LeaseLost();
      finished = true;
    },
  };
  try {
    if (job.everyMs === undefined && claimed.attempts > job.attemptsMax)
      throw new PermanentFailure('its workers died, the attempts are used up');
    const payload = job.schema.safeParse(claimed.payload);
    if (!payload.success) throw new PermanentFailure('its payload has another shape');
    const result = await job.handler(context, payload.data as never);
    if (result)
      return await write(
        () => db.batch((tx) => retryLater(tx, lease, result.laterMs, { error: null, counts: false })),
        'later',
      );
    if (finished) return 'finished';
    return await write(
      () => db.batch(async (tx) => void (await context.finishIn(tx))).then(() => true),
      'finished',
    );
  } catch (error) {
    return failed(error);
  }

  async function failed(error: unknown): Promise<RunOutcome> {
    if (error instanceof LeaseLost || controller.signal.reason instanceof LeaseLost) {
      log.warn('job.lease_lost', {});
      return 'lost';
    }
    if (controller.signal.reason instanceof Stopping) {
      return write(
        () => db.batch((tx) => retryLater(tx, lease, 0, { error: null, counts: false })),
        'returned',
      );
    }
    const label = errorLabel(error);
    if (job.everyMs !== undefined && claimed.attempts >= job.attemptsMax) {
      log.error('job.failed', { error });
      const every = job.everyMs;
      return write(() => db.batch((tx) => scheduleNext(tx, lease, every, label)), 'retry');
    }
    if (error instanceof PermanentFailure || claimed.attempts >= job.attemptsMax) {
      log.error('job.dead', { error });
      return write(() => db.batch((tx) => bury(tx, lease, label)), 'dead');
    }
    const delayMs = backoffMs(job.backoff, claimed.attempts, around.random());
    log.warn('job.failed', { error, delayMs });
    return write(
      () => db.batch((tx) => retryLater(tx, lease, delayMs, { error: label, counts: true })),
      'retry',
    );
  }
}

/** An outcome that changes no row belongs to somebody else by now. */
async function write(outcome: () => Promise<boolean>, name: RunOutcome): Promise<RunOutcome> {
  return (await outcome()) ? name : 'lost';
}
