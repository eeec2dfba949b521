// The ledger's recurring work, for the runner of every worker.
import { recurringJob } from '#platform/jobs';
import { expireHolds } from './expire-holds.ts';

const MINUTE_MS = 60_000;

/** Holds one transaction expires: it keeps their wallets locked, so it is short. */
const SWEEP_HOLDS = 500;

/** Transactions of one run; what is left over waits a minute. */
const SWEEPS_MAX = 200;

/** Expires holds whose time has passed, once over all processes. A hold already resolved is left as it is. */
export const expireHoldsJob = recurringJob(
  'ledger.expire_holds',
  { everyMs: MINUTE_MS, leaseMs: MINUTE_MS },
  async ({ db, signal }) => {
    for (let sweeps = 0; sweeps < SWEEPS_MAX && !signal.aborted; sweeps++) {
      const { more } = await db.batch((tx) => expireHolds(tx, SWEEP_HOLDS));
      if (!more) break;
    }
  },
);

export const ledgerJobs = [expireHoldsJob] as const;
