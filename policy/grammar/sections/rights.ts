// `rights`, `consent` and `acceptance`: what people can ask for, and what they agreed to.
import type { Acceptance, Consent, RightStatement, Rights, RightsTerms } from '../../model.ts';
import { CATEGORY_KEYS, type Category } from '../../vocabulary/categories.ts';
import { PURPOSE_KEYS, type Purpose } from '../../vocabulary/purposes.ts';
import { CHANNELS, EXPORT_FORMATS, RIGHT_SCOPES, VERIFICATION_LEVELS } from '../../vocabulary/rights.ts';
import { duration } from '../formats.ts';
import { list } from '../list.ts';
import { defaulted, map, optional, required } from '../map.ts';
import { boolean, choice, exactly } from '../values.ts';

const right = optional(
  map<RightStatement>({
    offered: required(boolean),
    scope: defaulted(choice(RIGHT_SCOPES), 'everything'),
    channels: optional(list(choice(CHANNELS), CHANNELS.length)),
    respond_within: optional(duration),
    extension: optional(duration),
    formats: optional(list(choice(EXPORT_FORMATS), EXPORT_FORMATS.length, 1)),
  }),
);

export const rights = map<Rights>({
  first_reply: optional(
    map<NonNullable<RightsTerms['first_reply']>>({
      within: required(duration),
      target: optional(duration),
      calendar: required(choice(['every_day', 'business_days'])),
    }),
  ),
  respond_within: optional(duration),
  extension: optional(duration),
  channels: required(list(choice(CHANNELS), CHANNELS.length)),
  verification: required(
    map<RightsTerms['verification']>({
      level: required(choice(VERIFICATION_LEVELS)),
      max_extra_data: required(choice(['none', 'minimal'])),
    }),
  ),
  information: right,
  access: right,
  rectification: right,
  erasure: right,
  restriction: right,
  portability: right,
  objection: right,
  withdraw_consent: right,
  complaint: right,
  automated_decision: right,
  opt_out_sale: right,
  non_discrimination: right,
});

export const consent = map<Consent>({
  explicit_for: required(
    list(
      choice<Category | Purpose>([...PURPOSE_KEYS, ...CATEGORY_KEYS]),
      PURPOSE_KEYS.length + CATEGORY_KEYS.length,
    ),
  ),
  receipt: required(exactly('iso-27560')),
  reask_after: required(duration),
  gpc: required(choice(['honour', 'ignore'])),
  gpc_status: required(choice(['show', 'hide'])),
});

export const acceptance = map<Acceptance>({
  mode: required(choice(['explicit', 'by_use'])),
  record: required(exactly('version_hash')),
});
