// Recurring work of support, for the job runner.
import { recurringJob } from '#platform/jobs';
import type { Keyring } from '#privacy';
import { watchTickets } from './watch.ts';

const MINUTE_MS = 60_000;
/** Looks of one run; what is left waits a minute. */
const ROUNDS_MAX = 50;

/** Looks after what waits for staff and who has gone quiet, once over all processes. */
export const supportJobs = (keyring: Keyring) => [
  recurringJob(
    'support.watch_tickets',
    { everyMs: MINUTE_MS, leaseMs: MINUTE_MS },
    async ({ db, log, signal }) => {
      for (let round = 0; round < ROUNDS_MAX && !signal.aborted; round++) {
        const { missed, closed } = await watchTickets(db, keyring);
        if (missed > 0) log.warn('support.first_replies_missed', { count: missed });
        if (missed + closed === 0) break;
      }
    },
  ),
];
