import { bounded, counter, histogram } from '../metrics.ts';

const JOBS_MAX = 200;

export const jobRuns = counter({
  name: 'sotto_jobs_runs_total',
  help: 'Runs of jobs by how they ended',
  labels: { job: bounded(JOBS_MAX), outcome: ['finished', 'later', 'retry', 'dead', 'lost', 'returned'] },
});
export const jobDurations = histogram({
  name: 'sotto_jobs_run_seconds',
  help: 'How long runs of jobs took',
  labels: { job: bounded(JOBS_MAX) },
});
export const jobWaits = histogram({
  name: 'sotto_jobs_wait_seconds',
  help: 'How long jobs waited from due to claimed',
  labels: { job: bounded(JOBS_MAX) },
});
