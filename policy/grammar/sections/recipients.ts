// `recipients`, `sharing` and `transfers`: who else sees data, and on which terms.
import type { RecipientStatement, Sharing, SharingException, Transfers } from '../../model.ts';
import { LEGAL_BASIS_KEYS } from '../../vocabulary/bases.ts';
import { CATEGORY_KEYS } from '../../vocabulary/categories.ts';
import { FEATURE_KEYS } from '../../vocabulary/features.ts';
import { PURPOSE_KEYS } from '../../vocabulary/purposes.ts';
import {
  APPROVALS,
  DISCLOSURE_EVIDENCE,
  DISCLOSURE_OCCASIONS,
  RECIPIENT_ROLES,
  REDACTION_MODES,
  TRANSFER_MECHANISM_KEYS,
} from '../../vocabulary/recipients.ts';
import { CHOSEN_KEY, country, date, duration, host, httpsUrl } from '../formats.ts';
import { list } from '../list.ts';
import { defaulted, map, optional, required } from '../map.ts';
import { dependingOn } from '../reader.ts';
import { keyed } from '../record.ts';
import { boolean, choice, exactly, text } from '../values.ts';

const hosts = dependingOn<RecipientStatement['hosts']>('hosts, or customer_endpoints', (node) =>
  node.kind === 'scalar' && node.value === 'customer_endpoints'
    ? exactly('customer_endpoints')
    : list(host, 20),
);

const recipient = map<RecipientStatement>({
  name: required(text(200)),
  role: required(choice(RECIPIENT_ROLES)),
  purposes: required(list(choice(PURPOSE_KEYS), PURPOSE_KEYS.length, 1)),
  categories: required(list(choice(CATEGORY_KEYS), CATEGORY_KEYS.length, 1)),
  hosts: defaulted(hosts, []),
  country: required(country),
  transfer: optional(choice(TRANSFER_MECHANISM_KEYS)),
  dpa: optional(
    map<NonNullable<RecipientStatement['dpa']>>({
      ref: required(text(200)),
      signed: optional(date),
      expires: optional(date),
    }),
  ),
  upstream_retention: optional(duration),
  redaction: optional(
    map<NonNullable<RecipientStatement['redaction']>>({
      mode: required(choice(REDACTION_MODES)),
      verified: required(boolean),
    }),
  ),
  policy_url: optional(httpsUrl),
  when: optional(choice(FEATURE_KEYS)),
});

export const recipients = keyed(CHOSEN_KEY, recipient, 100);

const exception = map<SharingException>({
  when: required(choice(DISCLOSURE_OCCASIONS)),
  evidence: required(choice(DISCLOSURE_EVIDENCE)),
  approval: defaulted(choice(APPROVALS), 'two_person'),
  reason: defaulted(choice(['required', 'optional']), 'required'),
});

export const sharing = map<Sharing>({
  sale: required(choice(['never', 'opt_in', 'opt_out'])),
  sale_scope: defaulted(choice(['monetary', 'ccpa']), 'ccpa'),
  advertising: required(choice(['never', 'consent'])),
  authorities: required(
    map<Sharing['authorities']>({
      basis: required(choice(LEGAL_BASIS_KEYS)),
      approval: required(choice(APPROVALS)),
      register: required(boolean),
    }),
  ),
  exceptions: defaulted(list(exception, DISCLOSURE_OCCASIONS.length), []),
});

export const transfers = map<Transfers>({
  allowed: required(list(country, 260)),
  mechanism: required(list(choice(TRANSFER_MECHANISM_KEYS), TRANSFER_MECHANISM_KEYS.length)),
  encrypted: required(boolean),
});
