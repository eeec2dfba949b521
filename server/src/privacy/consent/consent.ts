// The face of consent: give, withdraw, see what stands; and, apart from it, acceptance of policies and age.

export {
  type AcceptanceMode,
  type AgeAttestation,
  acceptanceOf,
  acceptPolicy,
  ageAttestationOf,
  attestAge,
  type PolicyAcceptance,
} from './acceptance.ts';
export { ledgerConsents } from './consent-records.ts';
export {
  type ConsentPurpose,
  type ConsentReceipt,
  type ConsentState,
  type ConsentSubject,
  consentedAmong,
  currentConsents,
  giveConsent,
  honourSignal,
  listReceipts,
  type NewConsent,
  withdrawConsent,
} from './consents.ts';
