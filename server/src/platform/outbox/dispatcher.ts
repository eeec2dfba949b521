// Moves events from the outbox to the jobs of their subscribers: deleted there and enqueued here in one
// transaction, so each subscriber gets each event exactly once, whoever dies in between.
import type { Database } from '../db/database.ts';
import type { Doorbell } from '../doorbell.ts';
import { assertInvariant } from '../errors.ts';
import { newId } from '../ids.ts';
import type { IdsOnly } from '../ids-only.ts';
import { insertPrepared } from '../jobs/enqueue.ts';
import type { NewJob } from '../jobs/job.sql.ts';
import type { JobType } from '../jobs/job-type.ts';
import { JOBS_CHANNEL } from '../jobs/runner.ts';
import { type Log, log as processLog } from '../log.ts';
import { bounded, counter } from '../metrics.ts';
import { Poller } from '../poller.ts';
import { declaredEvents, type EventType } from './event-type.ts';
import { oldestEventMs, type StoredEvent, takeEvents } from './outbox.sql.ts';

const BATCH_EVENTS = 200;
/** The channel rung after events were committed. */
export const OUTBOX_CHANNEL = 'outbox';

const dispatched = counter({
  name: 'sotto_outbox_events_total',
  help: 'Events handed to their subscribers',
  labels: { event: bounded(200) },
});

export interface OutboxOptions {
  readonly db: Database;
  readonly doorbell?: Doorbell;
  readonly log?: Log;
}

export class Outbox {
  readonly #options: OutboxOptions;
  readonly #subscribers = new Map<string, JobType<IdsOnly>[]>();
  readonly #poller: Poller;

  constructor(options: OutboxOptions) {
    this.#options = options;
    const log = options.log ?? processLog;
    this.#poller = new Poller({
      work: async () => (await this.#dispatch()) === BATCH_EVENTS,
      onError: (error) => log.warn('outbox.dispatch_failed', { error }),
    });
    options.doorbell?.on(OUTBOX_CHANNEL, () => this.#poller.wake());
  }

  /**
   * The job gets the event's payload as its own. Called while wiring, before `start`, in every process alike: a
   * process that lacks a subscription would take its events away.
   */
  subscribe<Payload extends IdsOnly>(event: EventType<Payload>, job: JobType<Payload>): void {
    const jobs = this.#subscribers.get(event.name) ?? [];
    assertInvariant(!jobs.some(({ name }) => name === job.name), `${job.name} has subscribed ${event.name}`);
    this.#subscribers.set(event.name, [...jobs, job as unknown as JobType<IdsOnly>]);
  }

  start(): void {
    this.#poller.start();
  }

  async stop(): Promise<void> {
    await this.#poller.stop();
  }

  /** Dispatches everything there is; returns how many events. For tests and for commands that work once. */
  async dispatchAll(): Promise<number> {
    let total = 0;
    for (;;) {
      const count = await this.#dispatch();
      total += count;
      if (count < BATCH_EVENTS) return total;
    }
  }

  /** Age of the oldest event that waits, in milliseconds. For readiness. */
  async oldestMs(): Promise<number> {
    return this.#options.db.batch(oldestEventMs);
  }

  async #dispatch(): Promise<number> {
    const events = await this.#options.db.batch(async (tx) => {
      const taken = await takeEvents(tx, declaredEvents(), BATCH_EVENTS);
      await insertPrepared(
        tx,
        taken.flatMap((event) => this.#jobsOf(event)),
      );
      return taken;
    });
    for (const { name } of events) dispatched.add(1, { event: name });
    if (events.length > 0) this.#options.doorbell?.ring(JOBS_CHANNEL);
    return events.length;
  }

  #jobsOf(event: StoredEvent): NewJob[] {
    return (this.#subscribers.get(event.name) ?? []).map((job) => ({
      id: newId(),
      name: job.name,
      key: null,
      json: JSON.stringify(event.payload),
      dueAt: null,
      delayMs: 0,
      attemptsMax: job.attemptsMax,
    }));
  }
}
