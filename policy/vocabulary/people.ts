// Who a policy is about, how they are known, and what is done about age.

export const SUBJECTS = ['customer', 'end_user', 'message_recipient', 'organisation', 'visitor'] as const;
export type Subject = (typeof SUBJECTS)[number];

export const IDENTITIES = ['email', 'phone', 'device_token', 'organisation'] as const;
export type Identity = (typeof IDENTITIES)[number];

/** `attestation`: the person says so, and only a yes and its time are kept. */
export const AGE_GATES = ['attestation', 'none'] as const;
export type AgeGate = (typeof AGE_GATES)[number];

export const DISCOVERY_ACTIONS = ['erase', 'restrict'] as const;
export type DiscoveryAction = (typeof DISCOVERY_ACTIONS)[number];

/** What happens to the remaining balance when an account is deleted; `block`: spent or refunded first. */
export const BALANCE_OUTCOMES = ['forfeit', 'refund', 'block'] as const;
export type BalanceOutcome = (typeof BALANCE_OUTCOMES)[number];

export const LANGUAGES = ['en', 'ar'] as const;
export type Language = (typeof LANGUAGES)[number];
