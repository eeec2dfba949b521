// Work of automatic top-ups: looking at balances, asking for payments until it is known what became of them, and having
// cards forgotten that are no longer wanted.
import type { Database } from '#platform/database';
import { PermanentFailure, recurringJob } from '#platform/jobs';
import type { Payments } from '../payments.ts';
import type { CardKeeper, PaymentProvider } from '../port.ts';
import { waitMs } from './decide-auto-top-up.ts';
import { ASK_AGAIN_MS, forgetCard, forgetCardJob } from './forget-card.ts';
import { catchUpCards, lookAtBalances, type TellingParts, tellStopped } from './look.ts';
import { ageOf, payByCard, payByCardJob } from './pay-by-card.ts';

const MINUTE_MS = 60_000;

type AutoTopUpJobsOptions = Pick<Payments, 'providers' | 'cards'> & Omit<TellingParts, 'db'>;

export function autoTopUpJobs({ providers, cards, keyring, mailBaseUrl }: AutoTopUpJobsOptions) {
  // Who stores cards is asked to forget them, also where the feature was switched off since.
  const provider = providers.find(isKeeper);
  const keeper = (): CardKeeper => {
    if (provider === undefined) throw new PermanentFailure('nobody who stores cards is set up');
    return provider.cards;
  };
  return [
    {
      ...payByCardJob,
      async handler({ db }: { db: Database }, { payment_id }: { payment_id: string }) {
        const outcome = await payByCard(db, keeper(), payment_id);
        return outcome === 'unknown' ? { laterMs: waitMs(ageOf(payment_id)) } : undefined;
      },
    },
    {
      ...forgetCardJob,
      async handler({ db }: { db: Database }, { instrument_id }: { instrument_id: string }) {
        const outcome = await forgetCard(db, keeper(), instrument_id);
        return outcome === 'unknown' || outcome === 'waits' ? { laterMs: ASK_AGAIN_MS } : undefined;
      },
    },
    recurringJob('payments.auto_top_up', { everyMs: MINUTE_MS, leaseMs: 120_000 }, async ({ db, signal }) => {
      if (cards !== null) await lookAtBalances(db, signal);
      await tellStopped({ db, keyring, mailBaseUrl });
    }),
    recurringJob(
      'payments.catch_up_cards',
      { everyMs: 10 * MINUTE_MS, leaseMs: 120_000 },
      async ({ db, signal }) => {
        if (provider !== undefined) await catchUpCards(db, provider, signal);
      },
    ),
  ];
}

const isKeeper = (provider: PaymentProvider): provider is PaymentProvider & { readonly cards: CardKeeper } =>
  provider.cards !== undefined;
