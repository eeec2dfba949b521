// Recurring work of accounts, for the job runner.
import { recurringJob } from '#platform/jobs';
import type { RetentionLimits } from '#privacy/retention';
import type { ClosingMail } from './closing-mail.ts';
import { endInactive, type InactivityTerms, inactivityTerms } from './inactivity.ts';

export { closingNoticeJob } from './closing-mail.ts';
export { inactivityNotice } from './events.ts';

const TEN_MINUTES_MS = 600_000;
/** Batches of one run; what is left waits for the next. */
const ROUNDS_MAX = 50;

/** Tells idle workspaces that they end, and ends them. */
export const accountsJobs = (inactivity: InactivityTerms, limits: RetentionLimits, closing: ClosingMail) => [
  recurringJob(
    'accounts.end_inactive',
    { everyMs: TEN_MINUTES_MS, leaseMs: 60_000 },
    async ({ db, log, signal }) => {
      const terms = inactivityTerms(inactivity, limits);
      for (let round = 0; round < ROUNDS_MAX && !signal.aborted; round++) {
        const { notices, closed } = await endInactive(db, terms, closing);
        if (notices + closed.length === 0) break;
        log.info('accounts.inactive', { count: closed.length });
      }
    },
  ),
];
