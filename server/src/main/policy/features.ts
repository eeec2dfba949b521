// Which features an installation has: those whose data the policy declares, of those that are built. A category that
// is undeclared, promised never, or held by consent that a feature does not ask for switches off what cannot work
// without it.
import type { Policy } from '@sotto/policy';
import type { Category } from '@sotto/policy/vocabulary/categories';
import { FEATURE_KEYS, FEATURES, type Feature } from '@sotto/policy/vocabulary/features';
import { holdsOf } from './holds.ts';

/** What this release has. The rest of the vocabulary is for what is still to come, and is off everywhere. */
export const BUILT: readonly Feature[] = [
  'messages',
  'stored_inbound',
  'relayed_inbound',
  'email_accounts',
  'device_accounts',
  'second_factors',
  'organisations',
  'top_ups',
  'auto_top_ups',
  'crypto_top_ups',
  'subscriptions',
  'invoices',
  'usage_analytics',
  'error_reports',
  'support_tickets',
  'identity_checks',
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
    // A card is stored by a payment provider: where purchases run through the stores of apps there is none.
    if (feature === 'auto_top_ups' && !Object.hasOwn(policy.recipients, 'payment_provider')) return false;
    return FEATURES[feature].needs.every(
      (category) => holds(category) && (ASKING.has(feature) || !restsOnConsent(policy, category)),
    );
  };
  return new Set(FEATURE_KEYS.filter((feature) => BUILT.includes(feature) && isOn(feature)));
}

/** Features that ask whoever they are about for leave at every use, and take nothing in without it. */
const ASKING: ReadonlySet<Feature> = new Set(['usage_analytics']);

/** What cannot ask whom it is about has nobody's consent (GDPR Art. 7), and stays off. */
function restsOnConsent({ data }: Policy, category: Category): boolean {
  const said = data[category];
  return said !== undefined && said.collect !== 'never' && said.basis === 'consent';
}
