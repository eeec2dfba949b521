// E-AGE: an age that is promised is asked, and children do not consent for themselves.
import { type Check, refuse } from './finding.ts';

/** From this age on, a person consents alone everywhere in the Union (GDPR Art. 8(1)); in the UK from 13. */
const CONSENT_AGE = { 'eu-gdpr': 16, 'uk-gdpr': 13 } as const;

export const checkAudience: Check = function* ({ policy, audience, purposes }) {
  if (audience.min_age > 0 && audience.gate === 'none') {
    yield refuse(
      'E-AGE',
      'audience.gate',
      `The service is for people of ${audience.min_age} years or more, and nobody is asked.`,
      'Write "gate: attestation", or "min_age: 0".',
    );
  }
  const consented = Object.entries(purposes).find(([, said]) => said.basis === 'consent');
  for (const jurisdiction of ['eu-gdpr', 'uk-gdpr'] as const) {
    if (!consented || !policy.jurisdictions.includes(jurisdiction)) continue;
    if (audience.min_age >= CONSENT_AGE[jurisdiction]) continue;
    yield refuse(
      'E-AGE',
      'audience.min_age',
      `People under ${CONSENT_AGE[jurisdiction]} may join, and the purpose ${consented[0]} rests on a consent they cannot give alone (${jurisdiction}, Art. 8).`,
      `Write "min_age: ${CONSENT_AGE[jurisdiction]}" or more, or another basis.`,
    );
  }
};
