// Claims due jobs and runs them, as many at once as it may, and keeps their leases alive. Any number of
// processes may run one: the table decides who has what.
import { monotonicMs, pause } from '../clock.ts';
import type { Database } from '../db/database.ts';
import type { Doorbell } from '../doorbell.ts';
import { assertInvariant } from '../errors.ts';
import { newId } from '../ids.ts';
import { type Log, log as processLog } from '../log.ts';
import { Poller } from '../poller.ts';
import { execute, type Running, type RunOutcome, Stopping } from './execution.ts';
import { type Claimed, claimJobs, ensureRecurring, extendLeases, oldestDue } from './job.sql.ts';
import { type AnyJob, LeaseLost } from './job-type.ts';

export interface JobRunnerOptions {
  readonly db: Database;
  readonly jobs: readonly AnyJob[];
  /** Jobs that run at once in this process; 16 when absent. */
  readonly concurrency?: number;
  readonly doorbell?: Doorbell;
  readonly log?: Log;
  readonly random?: () => number;
  /** After an abort, handlers get this long to notice before the stop goes on without them. */
  readonly abortGraceMs?: number;
}

/** The channel rung after jobs were committed. */
export const JOBS_CHANNEL = 'jobs';
const CONCURRENCY = 16;
const ABORT_GRACE_MS = 1_000;

export class JobRunner {
  readonly #options: JobRunnerOptions;
  readonly #jobs: ReadonlyMap<string, AnyJob>;
  readonly #token = newId();
  readonly #log: Log;
  readonly #running = new Map<string, Running & { done: Promise<RunOutcome | undefined> }>();
  readonly #poller: Poller;
  readonly #beating = new AbortController();
  #beat: Promise<void> | undefined;
  #extending = false;
  #turn = 0;

  constructor(options: JobRunnerOptions) {
    this.#options = options;
    this.#jobs = new Map(options.jobs.map((job) => [job.name, job]));
    assertInvariant(this.#jobs.size === options.jobs.length, 'every job has a name of its own');
    this.#log = options.log ?? processLog;
    this.#poller = new Poller({
      work: async () => (await this.#claim()) > 0 && this.#room() > 0,
      onError: (error) => this.#log.warn('jobs.claim_failed', { error }),
    });
    options.doorbell?.on(JOBS_CHANNEL, () => this.#poller.wake());
  }

  /** Makes recurring jobs exist and begins to work. */
  async start(): Promise<void> {
    await this.ensureRecurring();
    this.#beat ??= this.#keepBeating();
    this.#poller.start();
  }

  /** Makes every recurring job exist once in the database. */
  async ensureRecurring(): Promise<void> {
    const recurring = [...this.#jobs.values()].filter((job) => job.everyMs !== undefined);
    if (recurring.length === 0) return;
    await this.#options.db.batch(async (tx) => {
      for (const job of recurring.sort((a, b) => (a.name < b.name ? -1 : 1)))
        await ensureRecurring(tx, newId(), job.name, job.attemptsMax, job.everyMs!);
    });
  }

  /**
   * Runs what is due now, and what becomes due through it, to the end; returns how each run ended. For tests
   * and for commands that do work once. `rounds` bounds a job that makes itself due again and again.
   */
  async runDue(rounds = 1_000): Promise<RunOutcome[]> {
    const outcomes: RunOutcome[] = [];
    for (let round = 0; round < rounds; round++) {
      if ((await this.#claim()) === 0) return outcomes;
      for (const outcome of await Promise.all([...this.#running.values()].map(({ done }) => done)))
        if (outcome) outcomes.push(outcome);
    }
    throw new Error(`after ${rounds} rounds there are still due jobs`);
  }

  /**
   * Stops claiming and waits for what runs, at most `limitMs`; the rest is aborted and given back, so that
   * another process takes it at once; what does not heed the abort leaves its lease to run out. Safe to repeat.
   */
  async stop(limitMs = 25_000): Promise<void> {
    await this.#poller.stop();
    await this.#settled(limitMs);
    if (this.#running.size > 0) {
      this.#log.warn('jobs.aborted', { count: this.#running.size, limitMs });
      for (const { controller } of this.#running.values()) controller.abort(new Stopping());
      await this.#settled(this.#options.abortGraceMs ?? ABORT_GRACE_MS);
    }
    this.#beating.abort();
    await this.#beat;
  }

  /** Keeps the leases of running jobs, once; aborts those that are lost. The loop calls it, tests may. */
  async heartbeat(): Promise<void> {
    const running = [...this.#running.values()].filter(({ controller }) => !controller.signal.aborted);
    if (running.length === 0) return;
    const askedMs = monotonicMs();
    const kept = await this.#options.db.batch((tx) =>
      extendLeases(
        tx,
        this.#token,
        running.map(({ lease, job }) => ({ id: lease.id, epoch: lease.epoch, leaseMs: job.leaseMs })),
      ),
    );
    const ids = new Set(kept.map(({ id }) => id));
    for (const one of running) {
      if (ids.has(one.lease.id)) one.leaseEndsMs = askedMs + one.job.leaseMs;
      else if (this.#running.has(one.lease.id)) one.controller.abort(new LeaseLost());
    }
  }

  /** Milliseconds the oldest due job of this process's kinds has waited; 0 when none is due. For readiness. */
  async oldestDueMs(): Promise<number> {
    const rows = await this.#options.db.batch((tx) => oldestDue(tx, [...this.#jobs.keys()]));
    return rows.reduce((oldest, { ageMs }) => Math.max(oldest, ageMs), 0);
  }

  /** How many jobs run here now. */
  running(): number {
    return this.#running.size;
  }

  #room(): number {
    return (this.#options.concurrency ?? CONCURRENCY) - this.#running.size;
  }

  async #claim(): Promise<number> {
    const room = this.#room();
    const wanted = this.#wanted(room);
    if (room <= 0 || wanted.length === 0) return 0;
    const askedMs = monotonicMs();
    const claimed = await this.#options.db.batch((tx) => claimJobs(tx, wanted, room, this.#token));
    for (const row of claimed) this.#launch(row, askedMs);
    return claimed.length;
  }

  /** The kinds with room of their own, each time beginning with another one. */
  #wanted(room: number): { name: string; room: number; leaseMs: number }[] {
    const counts = new Map<string, number>();
    for (const { job } of this.#running.values()) counts.set(job.name, (counts.get(job.name) ?? 0) + 1);
    const jobs = [...this.#jobs.values()];
    this.#turn = (this.#turn + 1) % Math.max(1, jobs.length);
    return [...jobs.slice(this.#turn), ...jobs.slice(0, this.#turn)]
      .map((job) => ({
        name: job.name,
        room: Math.min(room, (job.concurrency ?? Number.MAX_SAFE_INTEGER) - (counts.get(job.name) ?? 0)),
        leaseMs: job.leaseMs,
      }))
      .filter((one) => one.room > 0);
  }

  #launch(claimed: Claimed, askedMs: number): void {
    const job = this.#jobs.get(claimed.name)!;
    const running: Running = {
      lease: { id: claimed.id, token: this.#token, epoch: claimed.epoch },
      job,
      controller: new AbortController(),
      leaseEndsMs: askedMs + job.leaseMs,
    };
    const around = { db: this.#options.db, log: this.#log, random: this.#options.random ?? Math.random };
    const done = execute(around, claimed, running)
      .catch((error) => {
        // The outcome is not stored: the lease runs out and somebody runs the job again.
        this.#log.warn('jobs.outcome_not_stored', { error });
        return undefined;
      })
      .finally(() => {
        if (this.#running.get(claimed.id)?.lease === running.lease) this.#running.delete(claimed.id);
        this.#poller.wake();
      });
    this.#running.set(claimed.id, Object.assign(running, { done }));
  }

  async #settled(limitMs: number): Promise<void> {
    const late = new AbortController();
    const all = Promise.all([...this.#running.values()].map(({ done }) => done));
    await Promise.race([all, pause(limitMs, late.signal).catch(() => undefined)]);
    late.abort();
  }

  /** Three beats a lease. A database that does not answer lets leases run out, which this process must notice. */
  async #keepBeating(): Promise<void> {
    const everyMs = Math.min(...[...this.#jobs.values()].map(({ leaseMs }) => leaseMs), 30_000) / 3;
    while (!this.#beating.signal.aborted) {
      await pause(everyMs, this.#beating.signal).catch(() => undefined);
      for (const { controller, leaseEndsMs } of this.#running.values())
        if (monotonicMs() > leaseEndsMs) controller.abort(new LeaseLost());
      if (this.#extending) continue;
      this.#extending = true;
      this.heartbeat()
        .catch((error) => this.#log.warn('jobs.heartbeat_failed', { error }))
        .finally(() => {
          this.#extending = false;
        });
    }
  }
}
