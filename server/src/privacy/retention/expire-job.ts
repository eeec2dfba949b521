// The recurring job that ends what is past, and one that looks how far it is behind.
import * as z from 'zod';
import { type AnyJob, defineJob } from '#platform/jobs';
import { type ExpiryOptions, expireDue } from './expire.ts';
import { publishReport, retentionReport } from './report.ts';

const EXPIRE_EVERY_MS = 30_000;
const REPORT_EVERY_MS = 60_000;
const LEASE_MS = 30_000;

/** `privacy.expire` and `privacy.report_retention`, each once over all processes. */
export function expireJob(options: ExpiryOptions): readonly AnyJob[] {
  const shared = {
    schema: z.strictObject({}),
    attemptsMax: 10,
    backoff: { baseMs: 1_000, maxMs: 30_000 },
    leaseMs: LEASE_MS,
    concurrency: 1,
  };
  return [
    defineJob({
      ...shared,
      name: 'privacy.expire',
      everyMs: EXPIRE_EVERY_MS,
      async handler({ signal, log }) {
        const { rows, partitions, keysDestroyed, failures } = await expireDue(options, signal);
        const count = [...rows.values()].reduce((all, one) => all + one, 0);
        if (count + partitions + keysDestroyed > 0)
          log.info('retention.expired', { count, total: count + partitions + keysDestroyed });
        // The run is repeated: what is due has to go. One of them stands for all in the job's record.
        if (failures.length > 0) throw failures[0];
        return undefined;
      },
    }),
    defineJob({
      ...shared,
      name: 'privacy.report_retention',
      everyMs: REPORT_EVERY_MS,
      async handler() {
        publishReport(await retentionReport(options));
        return undefined;
      },
    }),
  ] as unknown as readonly AnyJob[];
}
