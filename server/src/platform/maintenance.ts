// Jobs of the platform itself, for the runner of every worker.
import * as z from 'zod';
import { defineJob } from './jobs/jobs.ts';
import { createPartitions } from './maintenance.sql.ts';

export { countUnknownJobs } from './maintenance.sql.ts';

const HOUR_MS = 3_600_000;

/** Makes partitions three periods ahead, every hour: a row whose time has no partition falls into the default one. */
export const createPartitionsJob = defineJob({
  name: 'platform.create_partitions',
  schema: z.strictObject({}),
  attemptsMax: 10,
  backoff: { baseMs: 1_000, maxMs: 60_000 },
  leaseMs: 60_000,
  everyMs: HOUR_MS,
  handler: async ({ db, log }) => {
    const count = await db.batch(createPartitions);
    if (count > 0) log.info('partitions.created', { count });
    return undefined;
  },
});

export const maintenanceJobs = [createPartitionsJob] as const;
