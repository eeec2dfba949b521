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

/** Judges an action. Pure; the same facts give the same answer. What a person has lifted refuses no more. */
export function verdict(facts: TrustFacts, action: Action, rules: VerdictRules = DEFAULT_RULES): Verdict {
  const countries = facts.countries.map((country) => country.toUpperCase());
  const tier = tierOf(facts, rules.tiers);
  const codes: ReasonCode[] = [];
  if (countries.some((country) => rules.refusedCountries.has(country))) codes.push('country_not_served');
  if (facts.isSuspended) codes.push('account_suspended');
  if (tier === null) codes.push(facts.isVerified ? 'age_not_attested' : 'not_verified');
  else codes.push(...beyond(rules.tiers.limits[tier], action));
  const code = codes.find((one) => !(reasonCatalogue[one].appeal && facts.exceptions.has(one)));
  if (code !== undefined) return refuse(code);
  const isLookedAt = action.kind === 'top_up' && countries.some((one) => rules.reviewedCountries.has(one));
  return isLookedAt ? { outcome: 'review', code: 'country_reviewed' } : ALLOW;
}

/** What of a tier's limits an action goes beyond. */
function beyond(limits: TierLimits, action: Action): ReasonCode[] {
  switch (action.kind) {
    case 'top_up': {
      const after = action.balanceMicros + action.amountMicros;
      return [
        ...when(isAbove(action.amountMicros, limits.topUpMicrosMax), 'top_up_above_tier'),
        ...when(isAbove(after, limits.balanceMicrosMax), 'balance_above_tier'),
      ];
    }
    case 'open_activation': {
      const isTooMany =
        isAbove(action.open + 1, limits.activationsOpenMax) ||
        isAbove(action.today + 1, limits.activationsPerDay);
      return [
        ...when(action.byApi && !limits.buysByApi, 'api_purchase_above_tier'),
        ...when(isTooMany, 'activations_above_tier'),
      ];
    }
    case 'rent':
      return [
        ...when(action.byApi && !limits.buysByApi, 'api_purchase_above_tier'),
        ...when(isAbove(action.days, limits.rentalDaysMax), 'rental_above_tier'),
      ];
    case 'send_bulk':
      return when(isAbove(action.today + action.count, limits.bulkMessagesPerDay), 'bulk_above_tier');
  }
}

const when = (isSo: boolean, code: ReasonCode): ReasonCode[] => (isSo ? [code] : []);
const isAbove = <N extends number | bigint>(value: N, max: N | null): boolean => max !== null && value > max;
