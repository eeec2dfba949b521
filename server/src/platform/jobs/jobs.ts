// The face of jobs: declare, enqueue, run, and look after dead letters.
export { countDead, type DeadLetter, discardDead, findJob, listDead, replayDead } from './dead-letter.sql.ts';
export { type Enqueued, type EnqueueOptions, enqueue, enqueueAll } from './enqueue.ts';
export type { RunOutcome } from './execution.ts';
export {
  type AnyJob,
  type Backoff,
  backoffMs,
  declareJob,
  defineJob,
  type HandledJob,
  type Handler,
  type JobContext,
  type JobType,
  type Later,
  LeaseLost,
  PermanentFailure,
  recurringJob,
} from './job-type.ts';
export { JOBS_CHANNEL, JobRunner, type JobRunnerOptions } from './runner.ts';
