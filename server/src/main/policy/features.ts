// Which features an installation has: those whose data the policy declares, of those that are built. A category that
// is undeclared or promised never switches off what cannot work without it.
import type { Policy } from '@sotto/policy';
import { FEATURE_KEYS, FEATURES, type Feature } from '@sotto/policy/vocabulary/features';
import { holdsOf } from './holds.ts';

/** What this release has. The rest of the vocabulary is for what is still to come, and is off everywhere. */
export const BUILT: readonly Feature[] = ['messages', 'stored_inbound'];

/** Features that are on under this policy. Pure. */
export function featuresOf(policy: Policy): ReadonlySet<Feature> {
  const holds = holdsOf(policy);
  const { inbound, outbound } = policy.messages;
  const isOn = (feature: Feature): boolean => {
    if (feature === 'messages' && outbound.body.store === 'none') return false;
    if (feature === 'stored_inbound' && inbound.body.store === 'none') return false;
    return FEATURES[feature].needs.every(holds);
  };
  return new Set(FEATURE_KEYS.filter((feature) => BUILT.includes(feature) && isOn(feature)));
}
