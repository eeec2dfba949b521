// Why somebody is refused for what they are trusted with, or for speed: the `reason` of a problem. A code is never
// renamed: callers branch on it, and appeals name it. docs/abuse.md explains each to people, and a test compares both.

interface ReasonEntry {
  /** For whoever is refused. It says nothing about which of several limits was met, for that would help to get around. */
  readonly sentence: string;
  /** Whether a person looks at it again on request. What ends by itself within the hour is not worth an appeal. */
  readonly appeal: boolean;
}

export const reasonCatalogue = {
  sign_in_too_often: { sentence: 'There were too many attempts to sign in.', appeal: false },
  second_factor_too_often: { sentence: 'There were too many wrong second factors.', appeal: false },
  sign_up_too_often: { sentence: 'Too many accounts were made from here.', appeal: false },
  reset_too_often: { sentence: 'A reset was asked for too often.', appeal: false },
  mail_too_often: { sentence: 'Too many mails were asked for.', appeal: false },
  invitations_too_often: { sentence: 'Too many people were invited in a day.', appeal: true },
  keys_too_often: { sentence: 'Too many keys were made in a day.', appeal: true },
  top_up_too_often: { sentence: 'There were too many payments in a short time.', appeal: true },
  codes_too_often: { sentence: 'Too many codes were tried.', appeal: false },
  requests_too_often: { sentence: 'There were too many requests for this in a short time.', appeal: false },
  not_verified: { sentence: 'A mail address, passkey or device has to be confirmed first.', appeal: false },
  age_not_attested: { sentence: 'It has not been stated that you are of age.', appeal: false },
  account_suspended: {
    sentence: 'This account may do nothing new until a person has looked at it.',
    appeal: true,
  },
  country_not_served: { sentence: 'The country this comes from is not served.', appeal: true },
  country_reviewed: {
    sentence: 'Payments from this country are looked at by a person first.',
    appeal: false,
  },
  top_up_above_tier: { sentence: 'The amount is above what this account may pay in at once.', appeal: true },
  balance_above_tier: { sentence: 'The balance would be above what this account may hold.', appeal: true },
  activations_above_tier: { sentence: 'This account may have no more numbers for now.', appeal: true },
  rental_above_tier: { sentence: 'This account may not rent for so long.', appeal: true },
  api_purchase_above_tier: { sentence: 'This account may not buy through the API.', appeal: true },
  bulk_above_tier: { sentence: 'This account has sent its number of bulk messages for today.', appeal: true },
} as const satisfies Readonly<Record<string, ReasonEntry>>;

export type ReasonCode = keyof typeof reasonCatalogue;

export const reasonCodes = Object.keys(reasonCatalogue) as readonly ReasonCode[];
