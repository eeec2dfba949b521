// The named measures of the sections security, backups, logs and verification. "Appropriate measures" is none.

export const TRANSPORT_SCHEMES = ['tls12_or_better', 'tls13'] as const;
export type TransportScheme = (typeof TRANSPORT_SCHEMES)[number];

/** `per_account_dek`: sealed by the application under keys of the account, which can be destroyed one by one. */
export const AT_REST_SCHEMES = ['per_account_dek', 'volume'] as const;
export type AtRestScheme = (typeof AT_REST_SCHEMES)[number];

/** `none_held`: nobody has a password here. */
export const PASSWORD_SCHEMES = ['argon2id', 'none_held'] as const;
export type PasswordScheme = (typeof PASSWORD_SCHEMES)[number];

/** What a member of staff has to show before content opens. */
export const NEED_TO_KNOW = ['ticket', 'reason', 'role_only'] as const;
export type NeedToKnow = (typeof NEED_TO_KNOW)[number];

export const BREAK_GLASS = ['forbidden', 'logged'] as const;
export type BreakGlass = (typeof BREAK_GLASS)[number];

/** Who keeps the keys of sealed data in relation to the backups of that data. */
export const KEY_CUSTODIES = ['separate', 'same'] as const;
export type KeyCustody = (typeof KEY_CUSTODIES)[number];

/** Controls that people attest. */
export const CONTROLS = {
  security_review: 'a security review',
  penetration_test: 'a penetration test',
  iso27001_alignment: 'alignment with ISO/IEC 27001',
  staff_confidentiality: 'confidentiality of staff',
  partner_confidentiality: 'confidentiality of partners',
  access_review: 'a review of who has access',
  hosting_security: 'security of the hosting',
} as const;
export type Control = keyof typeof CONTROLS;
export const CONTROL_KEYS = Object.keys(CONTROLS) as readonly Control[];

export const LOG_CLASSES = ['access', 'app', 'error', 'security', 'audit'] as const;
export type LogClass = (typeof LOG_CLASSES)[number];

/** The fields a log line may have; what is not listed is not written. */
export const LOG_FIELDS = [
  'time',
  'level',
  'event',
  'route',
  'method',
  'status',
  'duration',
  'request_id',
  'ip_address',
  'browser_family',
  'error_class',
  'stack',
  'actor',
  'account_id',
  'workspace_id',
  'object_id',
] as const;
export type LogField = (typeof LOG_FIELDS)[number];
