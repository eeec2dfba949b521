// How far somebody is trusted, and what each tier may do. Facts come from callers; nothing here looks anything up.
//
//   T0 mail, passkey or device, and of age
//   T1 a confirmed payment instrument, or an age of days and a paid top-up
//   T2 the use declared and an identity or business checked, by a person
//   T3 a contract, by a person
//
// T2 and T3 are given in a review and by nothing else: volume alone raises nobody.

import type { ReasonCode } from '@sotto/contract/reasons';

export const TIERS = ['T0', 'T1', 'T2', 'T3'] as const;
export type Tier = (typeof TIERS)[number];

/** What callers know of whom they ask about. Times are in days, so that nothing finer is needed. */
export interface TrustFacts {
  /** A mail address that was confirmed, a passkey, or a device that proved its token. */
  readonly isVerified: boolean;
  readonly isOfAge: boolean;
  readonly accountAgeDays: number;
  /** Null while nothing was paid. */
  readonly firstTopUpAgeDays: number | null;
  /** The provider has confirmed an instrument of theirs (3-D Secure, or a settled invoice). */
  readonly hasConfirmedPayment: boolean;
  /** What a review has given, and null when there was none or it has ended. */
  readonly reviewedTier: Tier | null;
  /** Reasons that a person has lifted for them and that has not ended (`grantsOf`). */
  readonly exceptions: ReadonlySet<ReasonCode>;
  /** A review has put it under suspicion; it keeps what it has and gets nothing new. */
  readonly isSuspended: boolean;
  /** ISO 3166-1 alpha-2 of what is known: network address, telephone number, instrument. */
  readonly countries: readonly string[];
}

/** What one tier may have and do. Null: no limit. Amounts are micros of the wallet's currency. */
export interface TierLimits {
  readonly activationsOpenMax: number | null;
  readonly activationsPerDay: number | null;
  readonly balanceMicrosMax: bigint | null;
  readonly topUpMicrosMax: bigint | null;
  /** Longest rental in days; 0: none. */
  readonly rentalDaysMax: number | null;
  readonly buysByApi: boolean;
  readonly bulkMessagesPerDay: number | null;
}

export interface TierThresholds {
  /** Days after which an account with a paid top-up is as good as a confirmed instrument. */
  readonly seasonedDays: number;
  readonly limits: Readonly<Record<Tier, TierLimits>>;
}

const MICROS = 1_000_000n;

export const TIER_DEFAULTS: TierThresholds = {
  seasonedDays: 7,
  limits: {
    T0: {
      activationsOpenMax: 1,
      activationsPerDay: 3,
      balanceMicrosMax: 10n * MICROS,
      topUpMicrosMax: 10n * MICROS,
      rentalDaysMax: 0,
      buysByApi: false,
      bulkMessagesPerDay: 100,
    },
    T1: {
      activationsOpenMax: 3,
      activationsPerDay: 10,
      balanceMicrosMax: 200n * MICROS,
      topUpMicrosMax: 100n * MICROS,
      rentalDaysMax: 7,
      buysByApi: false,
      bulkMessagesPerDay: 5_000,
    },
    T2: {
      activationsOpenMax: 10,
      activationsPerDay: 50,
      balanceMicrosMax: 5_000n * MICROS,
      topUpMicrosMax: 2_000n * MICROS,
      rentalDaysMax: null,
      buysByApi: true,
      bulkMessagesPerDay: null,
    },
    T3: {
      activationsOpenMax: null,
      activationsPerDay: null,
      balanceMicrosMax: null,
      topUpMicrosMax: null,
      rentalDaysMax: null,
      buysByApi: true,
      bulkMessagesPerDay: null,
    },
  },
};

/** The tier of these facts, or null when not even the first is reached. Pure. */
export function tierOf(facts: TrustFacts, { seasonedDays }: TierThresholds = TIER_DEFAULTS): Tier | null {
  if (!facts.isVerified || !facts.isOfAge) return null;
  const { reviewedTier, firstTopUpAgeDays, accountAgeDays } = facts;
  if (reviewedTier === 'T2' || reviewedTier === 'T3') return reviewedTier;
  // A review can also keep somebody down.
  if (reviewedTier === 'T0') return 'T0';
  const isSeasoned = accountAgeDays >= seasonedDays && firstTopUpAgeDays !== null;
  return reviewedTier === 'T1' || facts.hasConfirmedPayment || isSeasoned ? 'T1' : 'T0';
}
