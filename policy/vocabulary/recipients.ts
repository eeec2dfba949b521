// Who else sees data, in which role, and what makes a transfer to another country lawful.

export const RECIPIENT_ROLES = [
  'processor',
  'sub_processor',
  'independent_controller',
  'joint_controller',
  'authority',
  'partner',
] as const;
export type RecipientRole = (typeof RECIPIENT_ROLES)[number];

/** Roles that need a contract: GDPR Art. 28(3), Art. 26(1); a partner's confidentiality agreement. */
export const ROLES_UNDER_CONTRACT: readonly RecipientRole[] = [
  'processor',
  'sub_processor',
  'joint_controller',
  'partner',
];

/** What makes a transfer lawful, and where. */
export const TRANSFER_MECHANISMS = {
  adequacy: 'GDPR Art. 45(3)',
  scc: 'GDPR Art. 46(2)(c)',
  bcr: 'GDPR Art. 47',
  derogation: 'GDPR Art. 49(1)',
} as const;
export type TransferMechanism = keyof typeof TRANSFER_MECHANISMS;
export const TRANSFER_MECHANISM_KEYS = Object.keys(TRANSFER_MECHANISMS) as readonly TransferMechanism[];

/** What a recipient does with content after use: drops it, blanks it, or neither. */
export const REDACTION_MODES = ['discard', 'redact', 'none'] as const;
export type RedactionMode = (typeof REDACTION_MODES)[number];

/** Occasions on which content may be disclosed beyond the recipients listed. */
export const DISCLOSURE_OCCASIONS = ['consent', 'legal_request', 'misuse_or_rights'] as const;
export type DisclosureOccasion = (typeof DISCLOSURE_OCCASIONS)[number];
export const DISCLOSURE_EVIDENCE = ['consent_receipt', 'register'] as const;
export type DisclosureEvidence = (typeof DISCLOSURE_EVIDENCE)[number];
export const APPROVALS = ['one_person', 'two_person'] as const;
export type Approval = (typeof APPROVALS)[number];
