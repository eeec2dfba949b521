// May somebody do something? One answer for each action, from facts alone: allowed, refused with a reason, or for a
// person to look at. Speed is judged apart (velocity).
import { type ReasonCode, reasonCatalogue } from '@sotto/contract/reasons';
import { TIER_DEFAULTS, type TierLimits, type TierThresholds, type TrustFacts, tierOf } from './tiers.ts';

/** What somebody wants to do, with what the caller knows of it. */
export type Action =
  | { readonly kind: 'top_up'; readonly amountMicros: bigint; readonly balanceMicros: bigint }
  | {
      readonly kind: 'open_activation';
      readonly open: number;
      readonly today: number;
      readonly byApi: boolean;
    }
  | { readonly kind: 'rent'; readonly days: number; readonly byApi: boolean }
  | { readonly kind: 'send_bulk'; readonly count: number; readonly today: number };

export type Verdict =
  | { readonly outcome: 'allow' }
  | { readonly outcome: 'refuse'; readonly code: ReasonCode; readonly appeal: boolean }
  | { readonly outcome: 'review'; readonly code: ReasonCode };

export interface VerdictRules {
  readonly tiers: TierThresholds;
  /** Countries that may not be served, ISO 3166-1 alpha-2; the operator's list. */
  readonly refusedCountries: ReadonlySet<string>;
  /** Countries of which somebody looks at each payment. */
  readonly reviewedCountries: ReadonlySet<string>;
}

export const DEFAULT_RULES: VerdictRules = {
  tiers: TIER_DEFAULTS,
  refusedCountries: new Set(),
  reviewedCountries: new Set(),
};

const ALLOW: Verdict = { outcome: 'allow' };
const refuse = (code: ReasonCode): Verdict => ({
  outcome: 'refuse',
  code,
  appeal: reasonCatalogue[code].appeal,
});

/** Judges an action. Pure; the same facts give the same answer. */
export function verdict(facts: TrustFacts, action: Action, rules: VerdictRules = DEFAULT_RULES): Verdict {
  const countries = facts.countries.map((country) => country.toUpperCase());
  if (countries.some((country) => rules.refusedCountries.has(country))) return refuse('country_not_served');
  if (facts.isSuspended) return refuse('account_suspended');
  const tier = tierOf(facts, rules.tiers);
  if (tier === null) return refuse(facts.isVerified ? 'age_not_attested' : 'not_verified');
  const code = beyond(rules.tiers.limits[tier], action);
  if (code !== null) return refuse(code);
  const isLookedAt = action.kind === 'top_up' && countries.some((one) => rules.reviewedCountries.has(one));
  return isLookedAt ? { outcome: 'review', code: 'country_reviewed' } : ALLOW;
}

/** What of a tier's limits an action goes beyond, or null. */
function beyond(limits: TierLimits, action: Action): ReasonCode | null {
  switch (action.kind) {
    case 'top_up':
      if (isAbove(action.amountMicros, limits.topUpMicrosMax)) return 'top_up_above_tier';
      return isAbove(action.balanceMicros + action.amountMicros, limits.balanceMicrosMax)
        ? 'balance_above_tier'
        : null;
    case 'open_activation':
      if (action.byApi && !limits.buysByApi) return 'api_purchase_above_tier';
      if (isAbove(action.open + 1, limits.activationsOpenMax)) return 'activations_above_tier';
      return isAbove(action.today + 1, limits.activationsPerDay) ? 'activations_above_tier' : null;
    case 'rent':
      if (action.byApi && !limits.buysByApi) return 'api_purchase_above_tier';
      return isAbove(action.days, limits.rentalDaysMax) ? 'rental_above_tier' : null;
    case 'send_bulk':
      return isAbove(action.today + action.count, limits.bulkMessagesPerDay) ? 'bulk_above_tier' : null;
  }
}

const isAbove = <N extends number | bigint>(value: N, max: N | null): boolean => max !== null && value > max;
