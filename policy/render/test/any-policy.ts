// Arbitrary policies for property tests: every choice of the vocabulary can be made, and whatever people write is as
// hostile as it gets. They fit the types; whether their statements agree with each other does not matter to a page.
import fc from 'fast-check';
import type {
  DataStatement,
  IsoDate,
  IsoDuration,
  Policy,
  RecipientStatement,
  RetentionRule,
} from '../../model.ts';
import { profile } from '../../test/policies.ts';
import { LEGAL_BASIS_KEYS } from '../../vocabulary/bases.ts';
import { CATEGORY_KEYS } from '../../vocabulary/categories.ts';
import { FEATURE_KEYS, type Feature } from '../../vocabulary/features.ts';
import { JURISDICTION_KEYS } from '../../vocabulary/jurisdictions.ts';
import { SUBJECTS } from '../../vocabulary/people.ts';
import { PURPOSE_KEYS } from '../../vocabulary/purposes.ts';
import { RECIPIENT_ROLES, TRANSFER_MECHANISM_KEYS } from '../../vocabulary/recipients.ts';
import { DISPOSALS, RETENTION_EVENTS, RETENTION_KEY_NAMES } from '../../vocabulary/retention.ts';
import { CHANNELS, CONTACT_USES, RIGHT_KEYS, RIGHT_SCOPES } from '../../vocabulary/rights.ts';
import { CONTROL_KEYS } from '../../vocabulary/security.ts';

/** Text that tries to become markup, to turn the line, or to claim what no page may claim. */
export const HOSTILE_TEXTS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</title></main><h1>gone</h1>',
  '&lt;b&gt; &amp; co',
  '[click](javascript:alert(1))',
  '| a | b |\n| --- | --- |',
  '# Heading\n\n- list\n1. one',
  '`code` **bold** _it_ ~~no~~ $x$',
  'http://example.com www.example.com a@example.com',
  '100% secure, certified, anonymous, industry standard: we never fail',
  '\u202egnirts\u202c \u2066x\u2069 \u2068y',
  'شركة آمنة تمامًا',
  '\u0000\u0007\ud800',
] as const;

const standard = profile('standard');
const written = fc.oneof(fc.constantFrom(...HOSTILE_TEXTS), fc.string({ maxLength: 60, unit: 'binary' }));
const duration: fc.Arbitrary<IsoDuration> = fc
  .record({ months: fc.nat(130), days: fc.nat(400), hours: fc.nat(100) })
  .map(
    ({ months, days, hours }) =>
      `P${months > 0 ? `${months}M` : ''}${days + 1}D${hours > 0 ? `T${hours}H` : ''}`,
  );
const date: fc.Arbitrary<IsoDate> = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2035-12-31'), noInvalidDate: true })
  .map((day) => day.toISOString().slice(0, 10));
const someOf = <T>(values: readonly T[], minLength = 0) =>
  fc.subarray([...values], { minLength, maxLength: Math.min(6, values.length) });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const purposes = someOf(PURPOSE_KEYS, 1);
const categories = someOf(CATEGORY_KEYS, 1);
const retentionKeys = someOf(RETENTION_KEY_NAMES, 1);
const feature = fc.constantFrom(...FEATURE_KEYS);

/** Drops keys without a value, as the reader of a policy leaves them out. */
const dense = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;

const dataStatement: fc.Arbitrary<DataStatement> = fc.oneof(
  fc
    .record({ collect: fc.constant('never' as const), note: maybe(written) })
    .map((said) => dense(said) as DataStatement),
  fc
    .record({
      collect: fc.constantFrom('required' as const, 'optional' as const, 'derived' as const),
      source: maybe(written),
      purposes,
      basis: fc.constantFrom(...LEGAL_BASIS_KEYS),
      interest: maybe(written),
      retention: retentionKeys,
      visible_to: someOf(['owner', 'workspace', 'staff'] as const),
      note: maybe(written),
    })
    .map((said) => dense(said) as DataStatement),
);

const recipient: fc.Arbitrary<RecipientStatement> = fc
  .record({
    name: written,
    role: fc.constantFrom(...RECIPIENT_ROLES),
    purposes,
    categories,
    hosts: fc.constantFrom<RecipientStatement['hosts']>('customer_endpoints', ['api.example.com']),
    country: fc.constantFrom('XX', 'DE', 'US', 'SA'),
    transfer: maybe(fc.constantFrom(...TRANSFER_MECHANISM_KEYS)),
    dpa: maybe(fc.record({ ref: written, signed: maybe(date), expires: maybe(date) }).map(dense)),
    upstream_retention: maybe(duration),
    redaction: maybe(
      fc.record({
        mode: fc.constantFrom('discard' as const, 'redact' as const, 'none' as const),
        verified: fc.boolean(),
      }),
    ),
    policy_url: maybe(fc.oneof(fc.constant('https://example.com/privacy'), written)),
    when: maybe(feature),
  })
  .map((said) => dense(said) as RecipientStatement);

const retentionRule: fc.Arbitrary<RetentionRule> = fc
  .record({
    until: fc.boolean(),
    length: duration,
    event: fc.constantFrom(...RETENTION_EVENTS),
    then: fc.constantFrom(...DISPOSALS),
    hold: maybe(fc.constant('legal_hold' as const)),
  })
  .map(
    ({ until, length, event, then, hold }) =>
      dense(
        until ? { until: event, ceiling: length, then, hold } : { for: length, from: event, then, hold },
      ) as RetentionRule,
  );

const right = fc.record({
  offered: fc.boolean(),
  scope: fc.constantFrom(...RIGHT_SCOPES),
  respond_within: duration,
});

const body = fc.record({
  store: fc.oneof(fc.constantFrom('none', 'until_read', 'until_final'), duration),
  ceiling: duration,
  purposes: someOf(PURPOSE_KEYS),
  recipients: fc.constantFrom<string[]>([], ['one'], ['two'], ['one', 'two']),
  searchable: fc.boolean(),
});
const direction = fc.record({
  body,
  metadata: fc.record({ retention: fc.constantFrom(...RETENTION_KEY_NAMES) }),
  counterparty: fc.record({
    retention: fc.constantFrom(...RETENTION_KEY_NAMES),
    index: fc.constantFrom('none' as const, 'per_account' as const),
  }),
});

/** A policy, and the features that are on. */
export const anyPolicy: fc.Arbitrary<{ readonly policy: Policy; readonly on: readonly Feature[] }> = fc
  .record({
    controller: fc.record({
      name: written,
      address: written,
      contacts: fc.array(
        fc.record({ channel: fc.constantFrom(...CHANNELS), value: written, for: someOf(CONTACT_USES, 1) }),
        { maxLength: 3 },
      ),
      dpo: written,
      authority: fc.record({ name: written, url: written }),
    }),
    jurisdictions: someOf(JURISDICTION_KEYS, 1),
    subjects: someOf(SUBJECTS, 1),
    data: fc.array(fc.tuple(fc.constantFrom(...CATEGORY_KEYS), dataStatement), { maxLength: 8 }),
    recipients: fc.record({ one: recipient, two: recipient, three: recipient }),
    retention: fc.array(fc.tuple(fc.constantFrom(...RETENTION_KEY_NAMES), retentionRule), { maxLength: 6 }),
    messages: fc.record({ inbound: direction, outbound: direction }),
    rights: fc.array(fc.tuple(fc.constantFrom(...RIGHT_KEYS), right), { maxLength: 6 }),
    sale: fc.constantFrom('never' as const, 'opt_in' as const, 'opt_out' as const),
    advertising: fc.constantFrom('never' as const, 'consent' as const),
    balance: fc.constantFrom('forfeit' as const, 'refund' as const, 'block' as const),
    attestations: fc.array(
      fc
        .record({
          control: fc.constantFrom(...CONTROL_KEYS),
          owner: written,
          last: maybe(date),
          every: duration,
        })
        .map(dense),
      { maxLength: 3 },
    ),
    cookies: fc.array(
      fc.record({
        name: written,
        purpose: fc.constantFrom(...PURPOSE_KEYS),
        essential: fc.boolean(),
        ttl: duration,
      }),
      { maxLength: 2 },
    ),
    trackers: fc.array(
      fc
        .record({
          name: written,
          purpose: fc.constantFrom(...PURPOSE_KEYS),
          via: fc.constantFrom('cookie' as const, 'script' as const, 'device_identifier' as const),
          recipient: maybe(fc.constantFrom('one', 'two')),
        })
        .map(dense),
      { maxLength: 2 },
    ),
    extra: fc.array(written, { maxLength: 2 }),
    on: someOf(FEATURE_KEYS),
  })
  .map((made) => {
    const base = standard;
    const prose = {
      sentences: {},
      extra: made.extra.map((text) => ({ class: 'disclaimer' as const, text })),
    };
    const policy = {
      ...base,
      policy: { ...base.policy, jurisdictions: made.jurisdictions },
      controller: made.controller,
      subjects: made.subjects,
      data: Object.fromEntries(made.data),
      recipients: made.recipients,
      retention: Object.fromEntries(made.retention),
      messages: made.messages,
      rights: { ...base.rights, ...Object.fromEntries(made.rights) },
      sharing: { ...base.sharing, sale: made.sale, advertising: made.advertising },
      account: { ...base.account, deletion: { ...base.account.deletion, balance: made.balance } },
      security: { ...base.security, attestations: made.attestations },
      cookies: { promise: 'listed', list: made.cookies, trackers: made.trackers },
      text: { en: prose, ar: prose },
    } as Policy;
    return { policy, on: made.on };
  });
