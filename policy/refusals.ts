// Every code a policy can be refused with, and what it means. Codes are stable: dashboards, tests and the evidence
// name them. Those of the text and the content are `FaultCode`s and found in the policy alone; those of the gate
// compare it with what the installation is and does. Some are both.

/** Found in the policy alone. */
export const FAULT_CODES = {
  'E-SYNTAX': 'the file is not one YAML 1.2 document of the plain kind',
  'E-LIMIT': 'the file is too large, too deep or has too many values',
  'E-UNKNOWN-KEY': 'a key that no section has',
  'E-DUPLICATE-KEY': 'a key that stands twice in one place',
  'E-TYPE': 'a value of another kind than its place takes',
  'E-VALUE': 'a value its place does not take',
  'E-MISSING': 'a key that has to be there',
  'E-EXTENDS': 'the policy it extends cannot be found, is invalid, or extends it in turn',
  'E-WEAKENS': 'promises less than the policy it extends, without saying so',
  'E-RET-UNBOUNDED': 'something is kept without a finite limit',
  'E-BASIS': 'data or a purpose without a lawful basis, or a legitimate interest without the interest',
  'E-CONSENT-IMPLIED': 'consent where people only ever accept by use, or consent that is given beforehand',
  'E-DEADLINE-LAW':
    'a promise slower than the law of a named jurisdiction, or a jurisdiction without known law',
  'E-XFER': 'a recipient in a third country without a mechanism that makes the transfer lawful',
  'E-DPA': 'a recipient that needs a contract and names none that holds',
  'E-ATTEST': 'an attestation that nobody made or that has expired',
  'E-AD-RECIPIENT': 'advertising is promised away, yet a recipient or tracker serves it',
  'E-RIGHT': 'a right is offered and no channel leads to it, or no code answers it',
  'E-CONTRADICTION': 'two statements that cannot both be kept',
  'E-VER': 'the content changed and the version did not',
  'E-AGE': 'the age gate is missing or weaker than promised',
  'E-KEY-CUSTODY': 'keys are kept with the data they seal, so shredding is undone by a restore',
  'E-LINT': 'words nobody can keep: absolute security, certificates, promises in free prose',
  'E-PLACEHOLDER': 'a placeholder where production needs a real name, address or contact',
} as const;

/** Found by comparing the policy with the installation; codes of both kinds stand above as well. */
export const GATE_CODES = {
  'E-UNDECLARED': 'something holds a category the policy does not list',
  'E-OVERDECLARED': 'the policy lists a category that nothing holds',
  'E-NEVER-COLUMN': 'a category promised never has a column that could be written',
  'E-NEVER-PRESENT': 'a category promised never has values in the database',
  'E-BODY-STORE': 'message texts are stored, logged or kept longer than the policy allows',
  'E-RET-LONGER':
    'something is kept longer than the policy says, or under another rule, or without a setting',
  'E-BACKUP-OVERHANG': 'backups keep longer than the policy says what is gone from the database',
  'E-KEY-CUSTODY': FAULT_CODES['E-KEY-CUSTODY'],
  'E-REC-UNDECLARED': 'data can leave to a recipient or host the policy does not name',
  'E-REC-PAYLOAD': 'a recipient is sent a category the policy does not list for it',
  'E-UPSTREAM-RETENTION': 'a carrier keeps content longer than promised and does not redact it',
  'E-BASIS': 'a column has another lawful basis than the policy gives',
  'E-PURPOSE': 'code uses data for a purpose the policy does not list',
  'E-COOKIE': 'a cookie or tracker that the policy does not list',
  'E-TLS': 'a link that leaves this machine is not encrypted',
  'E-REST': 'a column promised encrypted at rest is not sealed',
  'E-AGE': FAULT_CODES['E-AGE'],
  'E-RIGHT': FAULT_CODES['E-RIGHT'],
  'E-SCHEMA-DRIFT': 'the database has a table or column the data map does not know',
} as const;

export type FaultCode = keyof typeof FAULT_CODES;
export type GateCode = keyof typeof GATE_CODES;
