// Which features an installation has: those whose data the policy declares, of those that are built. A category that
// is undeclared, promised never or waiting for consent switches off what cannot work without it.
import type { Policy } from '@sotto/policy';
import type { Category } from '@sotto/policy/vocabulary/categories';
import { FEATURE_KEYS, FEATURES, type Feature } from '@sotto/policy/vocabulary/features';
import { holdsOf } from './holds.ts';

/** What this release has. The rest of the vocabulary is for what is still to come, and is off everywhere. */
export const BUILT: readonly Feature[] = [
  'messages',
  'stored_inbound',
  'relayed_inbound',
  'usage_analytics',
  'error_reports',
];

/** Features that are on under this policy. Pure. */
export function featuresOf(policy: Policy): ReadonlySet<Feature> {
  const holds = holdsOf(policy);
  const { inbound, outbound } = policy.messages;
  const isOn = (feature: Feature): boolean => {
    if (feature === 'messages' && outbound.body.store === 'none') return false;
    if (feature === 'stored_inbound' && inbound.body.store === 'none') return false;
    // A policy that stores no texts and has no purpose for them receives none.
    if (
      feature === 'relayed_inbound' &&
      (inbound.body.store !== 'none' || inbound.body.purposes.length === 0)
    )
      return false;
    return FEATURES[feature].needs.every((category) => holds(category) && !waitsForConsent(policy, category));
  };
  return new Set(FEATURE_KEYS.filter((feature) => BUILT.includes(feature) && isOn(feature)));
}

/** What stands on consent waits for a way to give it: until then nobody has consented (GDPR Art. 7). */
function waitsForConsent({ data }: Policy, category: Category): boolean {
  const said = data[category];
  return said !== undefined && said.collect !== 'never' && said.basis === 'consent';
}
