// The face of idempotency: one request at a time, or the set-based pieces for shared batches.

import * as z from 'zod';
import { defineJob } from '../jobs/job-type.ts';
import { dropOldKeys } from './idempotency.sql.ts';

export { KEYS_LIVE_HOURS, type KeyName, lookUp, type RememberedAnswer, remember } from './idempotency.sql.ts';
export {
  type Answer,
  type DecidedAnswer,
  decideLater,
  type IdempotentRequest,
  type IdempotentResult,
  type Postponed,
  runIdempotent,
} from './run-idempotent.ts';

const HOUR_MS = 3_600_000;

/** Drops the days whose keys have ended, every hour. */
export const dropOldKeysJob = defineJob({
  name: 'platform.drop_old_idempotency_keys',
  schema: z.strictObject({}),
  attemptsMax: 5,
  backoff: { baseMs: 1_000, maxMs: 60_000 },
  leaseMs: 60_000,
  everyMs: HOUR_MS,
  handler: async ({ db, log }) => {
    const count = await db.batch(dropOldKeys);
    if (count > 0) log.info('idempotency.days_dropped', { count });
    return undefined;
  },
});
