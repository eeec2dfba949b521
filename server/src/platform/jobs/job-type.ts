// What a job is: a name, the shape of its payload, and how it may fail. A job is handled at least once: a worker
// that dies after its work and before the outcome is stored leaves it to another. A handler is therefore
// idempotent, or ends its own transaction with `finishIn`, which makes work and outcome one commit.
//
//   waiting --claim--> leased --finished--> gone (or waiting again, when asked for meanwhile or recurring)
//                      leased --failed--> waiting, later; after attemptsMax: dead
//                      leased --lease ran out--> claimable by anybody, epoch + 1
//                      dead --replay--> waiting
import * as z from 'zod';
import type { Database, Tx } from '../db/database.ts';
import { assertInvariant } from '../errors.ts';
import type { IdsOnly } from '../ids-only.ts';
import type { Log } from '../log.ts';

/** Waits between attempts: `baseMs`, doubling to `maxMs`, each between half and the whole of it by chance. */
export interface Backoff {
  readonly baseMs: number;
  readonly maxMs: number;
}

export interface JobType<Payload extends IdsOnly> {
  /** `context.verb` */
  readonly name: string;
  readonly schema: z.ZodType<Payload>;
  /** Tries until it is a dead letter; 1 to 100. */
  readonly attemptsMax: number;
  readonly backoff: Backoff;
  /** How long a claim lasts without a heartbeat; a dead worker's job waits this long. */
  readonly leaseMs: number;
  /** How many of it one process runs at once; the runner's own bound holds too. */
  readonly concurrency?: number;
  /** It runs again every so many milliseconds, on multiples of it since the epoch, once over all processes. */
  readonly everyMs?: number;
}

export interface JobContext {
  readonly db: Database;
  readonly jobId: string;
  /** 1 on the first try. */
  readonly attempt: number;
  /** Aborts when the lease is lost or the process must stop now: what follows would be somebody else's work. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Locks the job in a transaction of the handler and throws LeaseLost unless the lease still holds. */
  guard(tx: Tx): Promise<void>;
  /** Ends the job inside a transaction of the handler: it commits together with the work, or neither does. */
  finishIn(tx: Tx): Promise<void>;
}

/** Returned by a handler: not now. The attempt does not count. */
export interface Later {
  readonly laterMs: number;
}

export type Handler<Payload extends IdsOnly> = (
  context: JobContext,
  payload: Payload,
) => Promise<Later | undefined>;

export interface HandledJob<Payload extends IdsOnly> extends JobType<Payload> {
  readonly handler: Handler<Payload>;
}

/** A job as the runner holds it: payloads of all kinds together. */
export type AnyJob = Omit<HandledJob<IdsOnly>, 'schema' | 'handler'> & {
  readonly schema: z.ZodType<IdsOnly>;
  readonly handler: Handler<never>;
};

/** Thrown where a worker acts on a lease it no longer holds. Its transaction must roll back. */
export class LeaseLost extends Error {
  constructor() {
    super('the lease of the job is lost');
    this.name = 'LeaseLost';
  }
}

/** Thrown by a handler when trying again cannot help: the job is a dead letter at once. */
export class PermanentFailure extends Error {
  constructor(sentence: string, cause?: unknown) {
    super(sentence, cause === undefined ? undefined : { cause });
    this.name = 'PermanentFailure';
  }
}

/** Declares a job that others may enqueue; its handler is bound where its dependencies are, in `jobs.ts`. */
export function declareJob<Payload extends IdsOnly>(type: JobType<Payload>): JobType<Payload> {
  assertInvariant(/^[a-z]+\.[a-z_]+$/.test(type.name), `a job is named context.verb, not ${type.name}`);
  assertInvariant(type.attemptsMax >= 1 && type.attemptsMax <= 100, `${type.name} has 1 to 100 attempts`);
  assertInvariant(type.leaseMs >= 100, `${type.name} has a lease of 100 ms or more`);
  assertInvariant(
    type.backoff.baseMs >= 1 && type.backoff.maxMs >= type.backoff.baseMs,
    `${type.name} waits longer and longer between attempts`,
  );
  return type;
}

/** Declares a job together with its handler. */
export function defineJob<Payload extends IdsOnly>(job: HandledJob<Payload>): HandledJob<Payload> {
  return { ...declareJob(job), handler: job.handler };
}

const NOTHING = z.strictObject({});
const RECURRING_ATTEMPTS_MAX = 10;
const RECURRING_BACKOFF: Backoff = { baseMs: 1_000, maxMs: 60_000 };

/** Work that is done again and again, once over all processes, and needs to be told nothing. */
export const recurringJob = (
  name: string,
  { everyMs, leaseMs }: { readonly everyMs: number; readonly leaseMs: number },
  work: (context: JobContext) => Promise<unknown>,
): HandledJob<Record<string, never>> =>
  defineJob({
    name,
    schema: NOTHING,
    attemptsMax: RECURRING_ATTEMPTS_MAX,
    backoff: RECURRING_BACKOFF,
    leaseMs,
    everyMs,
    async handler(context) {
      await work(context);
      return undefined;
    },
  });

/** Milliseconds until the next attempt after `attempt` failed ones; `random` gives 0 to 1. */
export function backoffMs({ baseMs, maxMs }: Backoff, attempt: number, random: number): number {
  const full = Math.min(maxMs, baseMs * 2 ** Math.min(attempt - 1, 40));
  return Math.round(full * (0.5 + random / 2));
}
