// What stands behind a statement, and the eight shapes a statement can have.

/**
 * Enforced: no path of the code can break it. Verified: it could drift, a probe looks and dates the result.
 * Attested: a person says so, with an owner and an expiry; never shown as verified.
 */
export const ASSURANCES = ['enforced', 'verified', 'attested'] as const;
export type Assurance = (typeof ASSURANCES)[number];

export const OBLIGATION_KINDS = [
  'PROHIBIT',
  'BOUND',
  'LIMIT',
  'DISCLOSE',
  'REQUIRE',
  'DEADLINE',
  'GATE',
  'ATTEST',
] as const;
export type ObligationKind = (typeof OBLIGATION_KINDS)[number];
