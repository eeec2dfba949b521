// The clocks of the law, by jurisdiction. They are floors: a policy may promise more, never less, and where it
// promises nothing these hold. Business days are given as the calendar days they take at least. Not legal advice.
import type { IsoDuration } from '../model.ts';
import type { Jurisdiction } from '../vocabulary/jurisdictions.ts';
import type { Right } from '../vocabulary/rights.ts';

export interface Clock {
  readonly within: IsoDuration;
  /** By how much an answer may be put off, with notice and reasons within the first period. */
  readonly extension?: IsoDuration;
  readonly source: string;
}

export interface Clocks {
  /** For every right that has no clock of its own. */
  readonly request: Clock;
  readonly rights: { readonly [R in Right]?: Clock };
  /** Until receipt of a request is confirmed. */
  readonly confirmation?: Clock;
  /** Until the authority knows of a breach. */
  readonly breach?: Clock;
  /** How long nobody may be asked again after saying no. */
  readonly reask?: Clock;
}

const MONTH_12_3: Clock = { within: 'P1M', extension: 'P2M', source: 'GDPR Art. 12(3)' };
const MONTH_UK: Clock = { within: 'P1M', extension: 'P2M', source: 'UK GDPR Art. 12(3)' };
const DAYS_45: Clock = { within: 'P45D', extension: 'P45D', source: '11 CCR §7021(b)' };
const DAYS_30_KSA: Clock = {
  within: 'P30D',
  extension: 'P30D',
  source: 'PDPL Implementing Regulation Art. 3',
};

export const CLOCKS: { readonly [J in Jurisdiction]?: Clocks } = {
  'eu-gdpr': {
    request: MONTH_12_3,
    rights: {},
    breach: { within: 'PT72H', source: 'GDPR Art. 33(1)' },
  },
  'uk-gdpr': {
    request: MONTH_UK,
    rights: {},
    breach: { within: 'PT72H', source: 'UK GDPR Art. 33(1)' },
  },
  'us-ca-ccpa': {
    request: DAYS_45,
    // Fifteen business days, which take three weeks.
    rights: { opt_out_sale: { within: 'P21D', source: '11 CCR §7026(f)' } },
    // Ten business days, which take two weeks.
    confirmation: { within: 'P14D', source: '11 CCR §7021(a)' },
    reask: { within: 'P12M', source: 'CCPA §1798.135(c)(4)' },
  },
  'sa-pdpl': {
    request: DAYS_30_KSA,
    rights: {},
    breach: { within: 'PT72H', source: 'PDPL Implementing Regulation Art. 24' },
  },
  // No statute is known, so people there get what most others get.
  generic: {
    request: { within: 'P1M', extension: 'P2M', source: 'the standard of GDPR Art. 12(3), applied to all' },
    rights: {},
  },
};
