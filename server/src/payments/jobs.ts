// Work of payments, for the runner of every worker: refunds and confirmations until who is asked has answered, and a look at
// payments of which nothing was heard, since a notice can be lost.
import type { Database } from '#platform/database';
import { recurringJob } from '#platform/jobs';
import type { Keyring } from '#privacy';
import { autoTopUpJobs } from './auto-top-up/jobs.ts';
import { settleReferrals, takeReferralBack } from './bonus/referrals.ts';
import { undoReferralJob } from './bonus/undo-referral.ts';
import { catchUp } from './catch-up.ts';
import { confirmJob, finishConfirmation } from './confirmations.ts';
import { invoiceJobs } from './invoices/jobs.ts';
import { type LowBalanceParts, tellLowBalances } from './low-balance/low-balance.ts';
import type { Payments } from './payments.ts';
import { renewSubscriptions } from './plans/renew-subscriptions.ts';
import { finishRefund, refundJob } from './refunds.ts';

const MINUTE_MS = 60_000;
const TEN_MINUTES_MS = 600_000;

export interface PaymentsJobsOptions
  extends Pick<Payments, 'providers' | 'stores' | 'cards' | 'referrals' | 'invoices' | 'plans'> {
  readonly keyring: Keyring;
  readonly mailBaseUrl: LowBalanceParts['mailBaseUrl'];
}

export const paymentsJobs = ({
  providers,
  stores,
  cards,
  referrals,
  invoices,
  plans,
  keyring,
  mailBaseUrl,
}: PaymentsJobsOptions) => [
  ...invoiceJobs(keyring, invoices),
  ...autoTopUpJobs({ providers, cards, keyring, mailBaseUrl }),
  {
    ...refundJob,
    async handler({ db }: { db: Parameters<typeof finishRefund>[0] }, payload: { takeback_id: string }) {
      const outcome = await finishRefund(db, providers, payload.takeback_id);
      if (outcome === 'unknown') throw new Error('the provider did not answer');
      return undefined;
    },
  },
  {
    ...confirmJob,
    async handler({ db }: { db: Database }, payload: { confirmation_id: string }) {
      const outcome = await finishConfirmation(db, stores, payload.confirmation_id);
      if (outcome === 'unknown') throw new Error('the store did not answer');
      return undefined;
    },
  },
  {
    ...undoReferralJob,
    async handler({ db }: { db: Database }, payload: { referral_id: string }) {
      await db.batch((tx) => takeReferralBack(tx, payload.referral_id));
      return undefined;
    },
  },
  recurringJob(
    'payments.tell_low_balances',
    { everyMs: MINUTE_MS, leaseMs: 120_000 },
    async ({ db, signal }) => {
      await tellLowBalances({ db, keyring, mailBaseUrl }, signal);
    },
  ),
  recurringJob(
    'payments.renew_subscriptions',
    { everyMs: MINUTE_MS, leaseMs: 300_000 },
    async ({ db, signal }) => {
      await renewSubscriptions(db, { keyring, plans }, signal);
    },
  ),
  recurringJob(
    'payments.settle_referrals',
    { everyMs: TEN_MINUTES_MS, leaseMs: 300_000 },
    async ({ db, signal }) => {
      if (referrals !== null) await settleReferrals(db, providers, referrals, signal);
    },
  ),
  recurringJob('payments.catch_up', { everyMs: TEN_MINUTES_MS, leaseMs: 120_000 }, async ({ db, signal }) => {
    for (const provider of providers) await catchUp(db, provider, signal);
  }),
];
