// The description of the language says what the language takes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FAULT_CODES, GATE_CODES } from './refusals.ts';
import { mustRead, profile } from './test/policies.ts';
import { LEGAL_BASIS_KEYS } from './vocabulary/bases.ts';
import { FEATURE_KEYS } from './vocabulary/features.ts';
import { JURISDICTION_KEYS } from './vocabulary/jurisdictions.ts';
import { AGE_GATES, BALANCE_OUTCOMES, IDENTITIES, LANGUAGES, SUBJECTS } from './vocabulary/people.ts';
import {
  APPROVALS,
  DISCLOSURE_OCCASIONS,
  RECIPIENT_ROLES,
  REDACTION_MODES,
  TRANSFER_MECHANISM_KEYS,
} from './vocabulary/recipients.ts';
import { DISPOSALS, RETENTION_EVENTS, RETENTION_KEY_NAMES } from './vocabulary/retention.ts';
import {
  CHANNELS,
  CONTACT_USES,
  EXPORT_FORMATS,
  RIGHT_KEYS,
  RIGHT_SCOPES,
  VERIFICATION_LEVELS,
} from './vocabulary/rights.ts';
import {
  AT_REST_SCHEMES,
  BREAK_GLASS,
  CONTROL_KEYS,
  KEY_CUSTODIES,
  LOG_CLASSES,
  LOG_FIELDS,
  NEED_TO_KNOW,
  PASSWORD_SCHEMES,
  TRANSPORT_SCHEMES,
} from './vocabulary/security.ts';

const document = readFileSync(join(import.meta.dirname, '../docs/privacy/policy-language.md'), 'utf8');

test('every code is listed with its meaning, in its table, and no other', () => {
  const tables = document.split('Of the policy against the installation');
  assert.equal(tables.length, 2);
  for (const [text, codes] of [
    [tables[0]!, FAULT_CODES],
    [tables[1]!, GATE_CODES],
  ] as const) {
    const rows = [...text.matchAll(/^\| (E-[A-Z-]+) \| (.+) \|$/gm)].map(([, code, meaning]) => [
      code,
      meaning,
    ]);
    assert.deepEqual(rows, Object.entries(codes));
  }
});

test('every section is described, in the order of the language', () => {
  const rows = [...document.matchAll(/^\| `([a-z]+)` \| .*`/gm)].map(([, section]) => section);
  const sections = Object.keys(profile('standard'));
  assert.deepEqual(
    rows.filter((row) => sections.includes(row!)),
    sections,
  );
});

test('every word of a closed list is named', () => {
  const lists: readonly (readonly string[])[] = [
    ...[
      LEGAL_BASIS_KEYS,
      FEATURE_KEYS,
      JURISDICTION_KEYS,
      AGE_GATES,
      BALANCE_OUTCOMES,
      IDENTITIES,
      LANGUAGES,
    ],
    ...[SUBJECTS, APPROVALS, DISCLOSURE_OCCASIONS, RECIPIENT_ROLES, REDACTION_MODES, TRANSFER_MECHANISM_KEYS],
    ...[DISPOSALS, RETENTION_EVENTS, RETENTION_KEY_NAMES, CHANNELS, CONTACT_USES, EXPORT_FORMATS, RIGHT_KEYS],
    ...[
      RIGHT_SCOPES,
      VERIFICATION_LEVELS,
      AT_REST_SCHEMES,
      BREAK_GLASS,
      CONTROL_KEYS,
      KEY_CUSTODIES,
      LOG_CLASSES,
    ],
    ...[LOG_FIELDS, NEED_TO_KNOW, PASSWORD_SCHEMES, TRANSPORT_SCHEMES],
  ];
  const missing = lists.flat().filter((word) => !document.includes(`\`${word}\``));
  assert.deepEqual(missing, []);
});

test('the example is a policy', () => {
  const example = /```yaml\n([\s\S]*?)```/.exec(document)?.[1] ?? '';
  assert.equal(mustRead(example).recipients.carrier?.country, 'DE');
});
