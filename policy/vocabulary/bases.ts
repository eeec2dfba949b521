// Lawful bases. Accepting terms by using a service is none of them.

/** Where each basis stands in the law. */
export const LEGAL_BASES = {
  consent: 'GDPR Art. 6(1)(a)',
  contract: 'GDPR Art. 6(1)(b)',
  legal_obligation: 'GDPR Art. 6(1)(c)',
  vital_interest: 'GDPR Art. 6(1)(d)',
  public_interest: 'GDPR Art. 6(1)(e)',
  legitimate_interest: 'GDPR Art. 6(1)(f)',
} as const;

export type LegalBasis = keyof typeof LEGAL_BASES;
export const LEGAL_BASIS_KEYS = Object.keys(LEGAL_BASES) as readonly LegalBasis[];
