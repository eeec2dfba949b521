// The rights of people, where each stands in the law, and how a request may come in.

export const RIGHTS = {
  information: 'GDPR Art. 13-15',
  access: 'GDPR Art. 15',
  rectification: 'GDPR Art. 16',
  erasure: 'GDPR Art. 17',
  restriction: 'GDPR Art. 18',
  portability: 'GDPR Art. 20',
  objection: 'GDPR Art. 21',
  withdraw_consent: 'GDPR Art. 7(3)',
  complaint: 'GDPR Art. 77',
  automated_decision: 'GDPR Art. 22',
  opt_out_sale: 'CCPA §1798.120',
  non_discrimination: 'CCPA §1798.125',
} as const;

export type Right = keyof typeof RIGHTS;
export const RIGHT_KEYS = Object.keys(RIGHTS) as readonly Right[];

/** How people reach the controller. */
export const CHANNELS = ['self_service', 'in_app', 'email', 'phone', 'web', 'post'] as const;
export type Channel = (typeof CHANNELS)[number];

/** What a contact of the controller is for. */
export const CONTACT_USES = ['privacy', 'support', 'legal', 'security', 'abuse'] as const;
export type ContactUse = (typeof CONTACT_USES)[number];

export const RIGHT_SCOPES = ['everything', 'subject_to_law', 'where_applicable', 'marketing'] as const;
export type RightScope = (typeof RIGHT_SCOPES)[number];

export const EXPORT_FORMATS = ['json', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What shows that who asks is who it concerns. */
export const VERIFICATION_LEVELS = [
  'account_login',
  'account_login_or_mail_code',
  'registered_channel',
] as const;
export type VerificationLevel = (typeof VERIFICATION_LEVELS)[number];
