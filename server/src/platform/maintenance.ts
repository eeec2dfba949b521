// Jobs of the platform itself, for the runner of every worker.
import { recurringJob } from './jobs/jobs.ts';
import { createPartitions } from './maintenance.sql.ts';

export { countUnknownJobs } from './maintenance.sql.ts';

const HOUR_MS = 3_600_000;

/** Makes partitions three periods ahead, every hour: a row whose time has no partition falls into the default one. */
export const createPartitionsJob = recurringJob(
  'platform.create_partitions',
  { everyMs: HOUR_MS, leaseMs: 60_000 },
  async ({ db, log }) => {
    const count = await db.batch(createPartitions);
    if (count > 0) log.info('partitions.created', { count });
  },
);

export const maintenanceJobs = [createPartitionsJob] as const;
