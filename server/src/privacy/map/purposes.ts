// Why a column may be read. A read names one purpose and sees the columns whose tag lists it. The union is
// closed; a policy may lack a purpose, which switches off what needs it, but it cannot invent one.

export type Purpose =
  | 'service'
  | 'delivery'
  | 'activation_support'
  | 'reliability'
  | 'billing'
  | 'security'
  | 'fraud'
  | 'support'
  | 'contact'
  | 'contact_feature'
  | 'marketing'
  | 'improve'
  | 'analytics'
  | 'suppression'
  | 'legal'
  | 'audit'
  | 'operations';

/** Every purpose with its use in the fideslang taxonomy and what the public page calls it. */
export const PURPOSES: Readonly<Record<Purpose, { readonly use: string; readonly means: string }>> = {
  service: { use: 'essential.service', means: 'provide the account and its features' },
  delivery: { use: 'essential.service', means: 'carry a message to its recipient and report on it' },
  activation_support: {
    use: 'essential.service.operations.support',
    means: 'help with a number that did not receive its code',
  },
  reliability: { use: 'essential.service.operations', means: 'keep delivery stable' },
  billing: { use: 'essential.service.payment_processing', means: 'take payments, keep the balance, invoice' },
  security: { use: 'essential.service.security', means: 'sign in, keep accounts and the service safe' },
  fraud: { use: 'essential.fraud_detection', means: 'prevent fraud and misuse' },
  support: { use: 'essential.service.operations.support', means: 'answer requests for help' },
  contact: {
    use: 'essential.service.notifications',
    means: 'send notices about the account and the service',
  },
  contact_feature: { use: 'functional.service', means: 'keep the contacts a customer imported' },
  marketing: { use: 'marketing.communications', means: 'advertise our own products' },
  improve: { use: 'functional.service.improve', means: 'improve the service' },
  analytics: { use: 'analytics.reporting', means: 'count how the service is used' },
  suppression: { use: 'essential.legal_obligation', means: 'honour stops and objections' },
  legal: { use: 'essential.legal_obligation', means: 'keep the law: books, requests, rights' },
  audit: { use: 'essential.service.security', means: 'show who did what' },
  operations: { use: 'essential.service.operations', means: 'run the platform itself' },
};

/** Lawful bases (GDPR Art. 6(1)). Accepting terms by using a service is none. */
export type LegalBasis =
  | 'consent'
  | 'contract'
  | 'legal_obligation'
  | 'vital_interest'
  | 'public_interest'
  | 'legitimate_interest';

/** Where each basis stands in the law. */
export const LEGAL_BASES: Readonly<Record<LegalBasis, string>> = {
  consent: 'GDPR Art. 6(1)(a)',
  contract: 'GDPR Art. 6(1)(b)',
  legal_obligation: 'GDPR Art. 6(1)(c)',
  vital_interest: 'GDPR Art. 6(1)(d)',
  public_interest: 'GDPR Art. 6(1)(e)',
  legitimate_interest: 'GDPR Art. 6(1)(f)',
};

/** What retention rules are called. The policy gives each a duration, or an event with a ceiling. */
export type RetentionKey =
  | 'account'
  | 'session'
  | 'message_content'
  | 'message_record'
  | 'inbound_content'
  | 'lease'
  | 'ledger'
  | 'invoice'
  | 'request'
  | 'ip'
  | 'usage'
  | 'log'
  | 'error'
  | 'ticket'
  | 'contacts'
  | 'campaign'
  | 'kyc'
  | 'consent'
  | 'suppression'
  | 'subject_request'
  | 'audit'
  | 'connector';

/** What each rule is about. */
export const RETENTION_KEYS: Readonly<Record<RetentionKey, string>> = {
  account: 'the account and what identifies its owner',
  session: 'sign-ins',
  message_content: 'texts and numbers of sent messages',
  message_record: 'what became of sent messages',
  inbound_content: 'texts that arrived',
  lease: 'leases of numbers',
  ledger: 'entries of the balance',
  invoice: 'invoices',
  request: 'keys and answers of API requests',
  ip: 'network addresses',
  usage: 'usage counts',
  log: 'logs',
  error: 'error reports',
  ticket: 'requests for help',
  contacts: 'imported contacts',
  campaign: 'campaigns',
  kyc: 'identity documents',
  consent: 'records of consent',
  suppression: 'stops and objections',
  subject_request: 'requests to exercise rights',
  audit: 'the audit trail',
  connector: 'connections to carriers and suppliers',
};
