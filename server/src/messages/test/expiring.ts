// Running expiry over a test's messages, and moving the clock to moments.
import type { ExpiryOptions } from '#privacy/retention';
import { expireDue, type RetentionLimits, retentionReport } from '#privacy/retention';
import { messageExpiry, messageKeyDays } from '../expiry.ts';
import type { Messaging } from './messaging.ts';

export const neverAborted = new AbortController().signal;

export function expiring(at: Messaging, limits: RetentionLimits, change: Partial<ExpiryOptions> = {}) {
  const options = (): ExpiryOptions => ({
    db: at.db,
    keyring: at.keyring,
    limits,
    handlers: messageExpiry,
    keyDayUsers: [messageKeyDays],
    restFactor: 0,
    ...change,
  });
  const now = async () => (await at.sql<{ now: Date }>('select platform.clock() as now'))[0]!.now;
  return {
    options,
    /** Ends what is due; a handler that fails fails the test. */
    async run() {
      const run = await expireDue(options(), neverAborted);
      if (run.failures.length > 0) throw run.failures[0];
      return run;
    },
    report: async (key: string) => (await retentionReport(options())).find((one) => one.key === key)!,
    now,
    /** Lets the clock stand so many milliseconds from `moment`: behind it when above zero. */
    advanceTo: (moment: Date, byMs: number) => at.standAt(new Date(moment.getTime() + byMs)),
  };
}
