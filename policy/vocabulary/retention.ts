// How long things are kept: the names of the rules, the events they count from, and how things end.

/** What each rule is about. */
export const RETENTION_KEYS = {
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
  subject_request: 'closed requests to exercise rights',
  audit: 'the audit trail',
  connector: 'connections to carriers and suppliers',
} as const;

export type RetentionKey = keyof typeof RETENTION_KEYS;
export const RETENTION_KEY_NAMES = Object.keys(RETENTION_KEYS) as readonly RetentionKey[];

/** Events a duration is counted from, or that end a retention which also has a ceiling. */
export const RETENTION_EVENTS = [
  'created',
  'delivered',
  'read',
  'lease_released',
  'order_closed',
  'dispute_closed',
  'last_activity',
  'account_closed',
  'consent_withdrawn',
  'ticket_closed',
  'verified',
  'invoice_date',
] as const;
export type RetentionEvent = (typeof RETENTION_EVENTS)[number];

/** Erased: the row goes. Shredded: its key goes. Anonymised: what identifies goes. Aggregated: only sums stay. */
export const DISPOSALS = ['erase', 'shred', 'anonymise', 'aggregate'] as const;
export type Disposal = (typeof DISPOSALS)[number];
