// Work of payments, for the runner of every worker: refunds until the provider has answered, and a look at payments of
// which nothing was heard, since a notice can be lost.
import * as z from 'zod';
import { defineJob } from '#platform/jobs';
import { catchUp } from './catch-up.ts';
import type { PaymentProvider } from './port.ts';
import { finishRefund, refundJob } from './refunds.ts';

const TEN_MINUTES_MS = 600_000;

export const paymentsJobs = (providers: readonly PaymentProvider[]) => [
  {
    ...refundJob,
    async handler({ db }: { db: Parameters<typeof finishRefund>[0] }, payload: { takeback_id: string }) {
      const outcome = await finishRefund(db, providers, payload.takeback_id);
      if (outcome === 'unknown') throw new Error('the provider did not answer');
      return undefined;
    },
  },
  defineJob({
    name: 'payments.catch_up',
    schema: z.strictObject({}),
    attemptsMax: 10,
    backoff: { baseMs: 1_000, maxMs: 60_000 },
    leaseMs: 120_000,
    everyMs: TEN_MINUTES_MS,
    async handler({ db, signal }) {
      for (const provider of providers) await catchUp(db, provider, signal);
      return undefined;
    },
  }),
];
