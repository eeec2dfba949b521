// The face of abuse: how fast something may be done, and why somebody is refused. It knows what callers tell it and
// reads nobody else's tables.

export { type Grants, grantsOf } from './appeals/appeals.ts';
export { disposableDomains, type IsDisposable } from './disposable-mail.ts';
export { type AbuseSettings, DEFAULT_SETTINGS, readAbuseSettings } from './settings-file.ts';
export {
  TIER_DEFAULTS,
  TIERS,
  type Tier,
  type TierLimits,
  type TierThresholds,
  type TrustFacts,
  tierOf,
} from './tiers.ts';
export { LIMITS, type Limit, type LimitName, type Limits, limitsWith } from './velocity/limits.ts';
export { addressPrefix, type SubjectKind } from './velocity/subject.ts';
export {
  type Ask,
  createThrottle,
  demandAllowed,
  type Taken,
  type TakenTokens,
  type Throttle,
  type ThrottleOptions,
} from './velocity/throttle.ts';
export { type Action, DEFAULT_RULES, type Verdict, type VerdictRules, verdict } from './verdict.ts';
