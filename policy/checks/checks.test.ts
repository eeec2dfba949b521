import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPolicy } from '../check-policy.ts';
import { CLOCKS } from '../law/clocks.ts';
import type { Policy } from '../model.ts';
import { readPolicy } from '../read-policy.ts';
import { changed, edited, profile, profileText, resolving } from '../test/policies.ts';
import type { CheckContext } from './finding.ts';
import { placeholders } from './placeholders.ts';

const NOW = '2026-11-26';
const standard = profile('standard');

type Edit = readonly [path: readonly (string | number)[], value: unknown];

const apply = (edits: readonly Edit[], from = standard): Policy =>
  edits.reduce((policy, [path, value]) => changed(policy, path, value), from);

/** What is refused, as `code path`. */
function refusals(policy: Policy, context: Partial<CheckContext> = {}): readonly string[] {
  return checkPolicy(policy, { now: NOW, production: false, ...context })
    .filter(({ severity }) => severity === 'refuse')
    .map(({ code, path }) => `${code} ${path}`);
}

/** Each wrong set of edits gives exactly this refusal, and the right one beside it none. */
function judges(
  cases: readonly (readonly [wrong: readonly Edit[], refusal: string, right: readonly Edit[]])[],
) {
  for (const [wrong, refusal, right] of cases) {
    assert.deepEqual(refusals(apply(wrong)), [refusal]);
    assert.deepEqual(refusals(apply(right)), [], `beside ${refusal}`);
  }
}

test('the standard policy passes its own checks', () => {
  assert.deepEqual(refusals(standard), []);
});

test('a legitimate interest says which, and consent is asked for', () => {
  judges([
    [[[['purposes', 'fraud', 'interest'], undefined]], 'E-BASIS purposes.fraud', []],
    [
      [[['data', 'user.device.ip_address', 'interest'], undefined]],
      'E-BASIS data.user.device.ip_address',
      [],
    ],
    [
      [[['purposes', 'improve'], { basis: 'consent', marketing: false, feature_gate: [] }]],
      'E-CONSENT-IMPLIED purposes.improve',
      [
        [
          ['purposes', 'improve'],
          {
            basis: 'consent',
            consent: { mode: 'opt_in', default: false },
            marketing: false,
            feature_gate: [],
          },
        ],
      ],
    ],
    [
      [[['data', 'user.name', 'basis'], 'consent']],
      'E-CONSENT-IMPLIED data.user.name.basis',
      [[['data', 'user.name', 'basis'], 'legal_obligation']],
    ],
    [
      [[['purposes', 'fraud', 'consent'], { mode: 'opt_in', default: false }]],
      'E-CONTRADICTION purposes.fraud.consent',
      [],
    ],
    [
      [
        [
          ['purposes', 'marketing'],
          { basis: 'legitimate_interest', interest: 'own products', marketing: false, feature_gate: [] },
        ],
      ],
      'E-CONTRADICTION purposes.marketing.marketing',
      [
        [
          ['purposes', 'marketing'],
          { basis: 'legitimate_interest', interest: 'own products', marketing: true, feature_gate: [] },
        ],
      ],
    ],
    [
      [[['consent', 'explicit_for'], ['fraud']]],
      'E-CONTRADICTION consent.explicit_for[0]',
      [
        [
          ['consent', 'explicit_for'],
          ['contact_feature', 'user.name'],
        ],
      ],
    ],
    [[[['consent', 'explicit_for'], ['user.telemetry']]], 'E-CONTRADICTION consent.explicit_for[0]', []],
  ]);
});

test('no promise is slower than the law of a named jurisdiction', () => {
  const eu: Edit = [['policy', 'jurisdictions'], ['eu-gdpr']];
  const california: Edit = [['policy', 'jurisdictions'], ['us-ca-ccpa']];
  const within = (value: string): Edit => [['rights', 'respond_within'], value];
  assert.ok(
    refusals(apply([eu, within('P31D')])).every((line) => line === 'E-DEADLINE-LAW rights.respond_within'),
  );
  assert.ok(refusals(apply([eu, within('P31D')])).length > 0);
  for (const good of ['P1M', 'P30D', 'P14D']) assert.deepEqual(refusals(apply([eu, within(good)])), [], good);
  assert.deepEqual(refusals(apply([california, within('P45D')])), []);
  assert.ok(refusals(apply([california, within('P46D')])).length > 0);
});

test('each right, the breach, the first reply, deletion and asking again have their own clocks', () => {
  const refused = (edits: readonly Edit[]) => [...new Set(refusals(apply(edits)))];
  assert.deepEqual(refused([[['rights', 'opt_out_sale', 'respond_within'], 'P22D']]), [
    'E-DEADLINE-LAW rights.opt_out_sale.respond_within',
  ]);
  assert.deepEqual(refused([[['rights', 'opt_out_sale', 'respond_within'], 'P21D']]), []);
  assert.deepEqual(refused([[['breach', 'notify_authority_within'], 'PT73H']]), [
    'E-DEADLINE-LAW breach.notify_authority_within',
  ]);
  assert.deepEqual(refused([[['breach', 'notify_authority_within'], 'P3D']]), []);
  assert.deepEqual(refused([[['rights', 'first_reply'], { within: 'P11D', calendar: 'business_days' }]]), [
    'E-DEADLINE-LAW rights.first_reply.within',
  ]);
  assert.deepEqual(refused([[['rights', 'first_reply'], { within: 'P10D', calendar: 'business_days' }]]), []);
  assert.deepEqual(refused([[['account', 'deletion', 'complete_within'], 'P60D']]), [
    'E-DEADLINE-LAW account.deletion.complete_within',
  ]);
  assert.deepEqual(refused([[['consent', 'reask_after'], 'P6M']]), ['E-DEADLINE-LAW consent.reask_after']);
  assert.deepEqual(refused([[['rights', 'access', 'extension'], 'P3M']]), [
    'E-DEADLINE-LAW rights.access.extension',
  ]);
  assert.deepEqual(refused([[['rights', 'access', 'extension'], 'P30D']]), []);
  assert.deepEqual(refused([[['rights', 'opt_out_sale', 'extension'], 'P30D']]), [
    'E-DEADLINE-LAW rights.opt_out_sale.extension',
  ]);
});

test('every jurisdiction of the vocabulary has clocks with a source, and one without is refused', () => {
  for (const [jurisdiction, clocks] of Object.entries(CLOCKS))
    assert.ok(clocks.request.source.length > 5, jurisdiction);
  const elsewhere = changed(standard, ['policy', 'jurisdictions'], ['eu-gdpr', 'atlantis']);
  assert.deepEqual(refusals(elsewhere), ['E-DEADLINE-LAW policy.jurisdictions[1]']);
});

test('deadlines of one policy agree with each other', () => {
  judges([
    [
      [[['rights', 'first_reply', 'target'], 'PT80H']],
      'E-CONTRADICTION rights.first_reply.target',
      [[['rights', 'first_reply', 'target'], 'PT72H']],
    ],
    [
      [
        [['rights', 'respond_within'], 'P2D'],
        [['rights', 'opt_out_sale', 'respond_within'], 'P2D'],
      ],
      'E-CONTRADICTION rights.first_reply.within',
      [[['rights', 'respond_within'], 'P3D']],
    ],
  ]);
});

test('a transfer to a third country has a mechanism that the policy lists', () => {
  const germany: readonly Edit[] = [
    [['policy', 'jurisdictions'], ['eu-gdpr']],
    [['recipients', 'carrier', 'country'], 'DE'],
    [['recipients', 'carrier', 'transfer'], undefined],
  ];
  judges([
    [[[['recipients', 'carrier', 'transfer'], undefined]], 'E-XFER recipients.carrier', germany],
    [
      [[['recipients', 'carrier', 'transfer'], 'bcr']],
      'E-XFER recipients.carrier.transfer',
      [[['recipients', 'carrier', 'transfer'], 'adequacy']],
    ],
    [
      [[['recipients', 'carrier', 'country'], 'BR']],
      'E-XFER recipients.carrier.country',
      [
        [['recipients', 'carrier', 'country'], 'BR'],
        [
          ['transfers', 'allowed'],
          ['BR', 'XX'],
        ],
      ],
    ],
  ]);
  const claimed = checkPolicy(
    apply([
      [['recipients', 'carrier', 'country'], 'CN'],
      [['recipients', 'carrier', 'transfer'], 'adequacy'],
      [
        ['transfers', 'allowed'],
        ['CN', 'XX'],
      ],
    ]),
    { now: NOW, production: false },
  ).filter(({ path }) => path === 'recipients.carrier.transfer');
  assert.deepEqual(
    claimed.map(({ code, severity }) => `${code} ${severity}`),
    ['E-XFER warn'],
  );
});

test('who processes for us has a contract, and a lapsed one is a warning until a strict production refuses it', () => {
  judges([
    [
      [[['recipients', 'carrier', 'dpa'], undefined]],
      'E-DPA recipients.carrier.dpa',
      [
        [['recipients', 'carrier', 'role'], 'independent_controller'],
        [['recipients', 'carrier', 'dpa'], undefined],
      ],
    ],
  ]);
  const carrier = (policy: Policy, context: Partial<CheckContext>) =>
    checkPolicy(policy, { now: NOW, production: false, ...context })
      .filter(({ path }) => path === 'recipients.carrier.dpa')
      .map(({ code, severity }) => `${code} ${severity}`);
  const signed = (signed: string, expires: string) =>
    changed(standard, ['recipients', 'carrier', 'dpa'], { ref: 'C-1', signed, expires });
  const strict = (policy: Policy) => changed(policy, ['policy', 'strictness'], 'refuse');
  assert.deepEqual(carrier(standard, {}), ['E-DPA warn']);
  assert.deepEqual(carrier(signed('2026-01-01', NOW), {}), []);
  assert.deepEqual(carrier(signed('2025-01-01', '2026-11-25'), {}), ['E-DPA warn']);
  assert.deepEqual(carrier(signed('2025-01-01', '2026-11-25'), { production: true }), ['E-DPA warn']);
  assert.deepEqual(carrier(strict(signed('2025-01-01', '2026-11-25')), { production: true }), [
    'E-DPA refuse',
  ]);
});

test('advertising that is promised away has no recipient and no tracker', () => {
  const marketing: Edit = [
    ['purposes', 'marketing'],
    { basis: 'legitimate_interest', interest: 'own products', marketing: true, feature_gate: [] },
  ];
  judges([
    [
      [
        marketing,
        [
          ['recipients', 'payment_provider', 'purposes'],
          ['billing', 'marketing'],
        ],
      ],
      'E-AD-RECIPIENT recipients.payment_provider.purposes',
      [
        marketing,
        [
          ['recipients', 'mail_provider', 'purposes'],
          ['contact', 'marketing'],
        ],
      ],
    ],
    [
      [marketing, [['cookies', 'trackers'], [{ name: 'pixel', purpose: 'marketing', via: 'script' }]]],
      'E-AD-RECIPIENT cookies.trackers[0]',
      [
        marketing,
        [['cookies', 'trackers'], [{ name: 'pixel', purpose: 'marketing', via: 'script' }]],
        [['sharing', 'advertising'], 'consent'],
      ],
    ],
  ]);
});

test('recipients are told only what is held, for purposes that exist, and texts only on purpose', () => {
  judges([
    [
      [[['recipients', 'hosting', 'categories'], ['user.telemetry']]],
      'E-CONTRADICTION recipients.hosting.categories[0]',
      [],
    ],
    [
      [[['recipients', 'hosting', 'categories'], ['user.contact.phone_number']]],
      'E-CONTRADICTION recipients.hosting.categories[0]',
      [[['recipients', 'hosting', 'categories'], ['user.name']]],
    ],
    [
      [[['recipients', 'hosting', 'purposes'], ['improve']]],
      'E-CONTRADICTION recipients.hosting.purposes[0]',
      [],
    ],
    [
      [[['recipients', 'customer_endpoints', 'categories'], ['user.content.private.sms_body']]],
      'E-CONTRADICTION recipients.customer_endpoints.categories',
      [
        [['recipients', 'customer_endpoints', 'categories'], ['user.content.private.sms_body']],
        [['messages', 'inbound', 'body', 'recipients'], ['customer_endpoints']],
      ],
    ],
    [
      [[['recipients', 'carrier', 'upstream_retention'], undefined]],
      'E-RET-UNBOUNDED recipients.carrier',
      [],
    ],
  ]);
});

test('what people vouch for has been vouched for, and lately', () => {
  const attested = (last: string | undefined) =>
    checkPolicy(
      changed(
        standard,
        ['security', 'attestations'],
        [{ control: 'access_review', owner: 'ciso', every: 'P6M', ...(last ? { last } : {}) }],
      ),
      { now: NOW, production: false },
    )
      .filter(({ code }) => code === 'E-ATTEST')
      .map(({ severity }) => severity);
  assert.deepEqual(attested(undefined), ['warn']);
  assert.deepEqual(attested('2026-05-26'), []);
  assert.deepEqual(attested('2026-05-25'), ['warn']);
  assert.deepEqual(attested('2026-11-27'), ['warn']);
  const twice = [0, 1].map(() => ({ control: 'access_review', owner: 'ciso', every: 'P6M', last: NOW }));
  assert.deepEqual(refusals(changed(standard, ['security', 'attestations'], twice)), [
    'E-CONTRADICTION security.attestations[1]',
  ]);
});

test('an offered right can be reached, and what the law ties to a use is offered', () => {
  const contact = { channel: 'phone', value: '+12025550123', for: ['privacy'] };
  judges([
    [
      [[['rights', 'access', 'channels'], []]],
      'E-RIGHT rights.access.channels',
      [[['rights', 'access', 'channels'], ['in_app']]],
    ],
    [
      [[['rights', 'access', 'channels'], ['phone']]],
      'E-RIGHT rights.access.channels',
      [
        [['rights', 'access', 'channels'], ['phone']],
        [
          ['controller', 'contacts'],
          [contact, ...standard.controller.contacts],
        ],
      ],
    ],
    [
      [
        [
          ['rights', 'access', 'channels'],
          ['in_app', 'post'],
        ],
      ],
      'E-RIGHT rights.access.channels[1]',
      [],
    ],
    [[[['rights', 'portability', 'formats'], undefined]], 'E-RIGHT rights.portability', []],
    [[[['rights', 'withdraw_consent', 'offered'], false]], 'E-RIGHT purposes.contact_feature', []],
    [
      [[['consent', 'gpc_status'], 'hide']],
      'E-RIGHT consent.gpc',
      [
        [['consent', 'gpc_status'], 'hide'],
        [['policy', 'jurisdictions'], ['eu-gdpr']],
      ],
    ],
    [
      [
        [['sharing', 'sale'], 'opt_out'],
        [['rights', 'opt_out_sale', 'offered'], false],
      ],
      'E-RIGHT sharing.sale',
      [[['sharing', 'sale'], 'opt_out']],
    ],
  ]);
});

test('an age that is promised is asked, and children do not consent for themselves', () => {
  judges([
    [[[['audience', 'gate'], 'none']], 'E-AGE audience.gate', [[['audience', 'min_age'], 16]]],
    [
      [[['audience', 'min_age'], 15]],
      'E-AGE audience.min_age',
      [
        [['audience', 'min_age'], 15],
        [
          ['policy', 'jurisdictions'],
          ['uk-gdpr', 'sa-pdpl'],
        ],
      ],
    ],
  ]);
});

test('keys lie apart from the data they seal, and backups let a deletion become final', () => {
  judges([
    [[[['backups', 'key_custody'], 'same']], 'E-KEY-CUSTODY backups.key_custody', []],
    [[[['security', 'at_rest', 'scheme'], 'volume']], 'E-CONTRADICTION retention.account.then', []],
    [
      [[['backups', 'key_max_age'], 'P31D']],
      'E-CONTRADICTION backups.key_max_age',
      [[['backups', 'key_max_age'], 'P30D']],
    ],
    [
      [[['backups', 'max_age'], 'P1M']],
      'E-CONTRADICTION backups.max_age',
      [[['backups', 'max_age'], 'P30D']],
    ],
  ]);
  const shredding = JSON.parse(JSON.stringify(standard).replaceAll('"shred"', '"erase"')) as Policy;
  assert.deepEqual(refusals(changed(shredding, ['backups', 'key_custody'], 'same')), []);
});

test('what is named is there: rules, purposes, recipients, sentences', () => {
  judges([
    [
      [[['retention', 'ticket'], undefined]],
      'E-RET-UNBOUNDED data.user.content.private.support_message.retention',
      [],
    ],
    [
      [
        [
          ['data', 'user.name', 'purposes'],
          ['service', 'analytics'],
        ],
      ],
      'E-CONTRADICTION data.user.name.purposes',
      [],
    ],
    [
      [[['messages', 'outbound', 'body', 'recipients'], ['carier']]],
      'E-CONTRADICTION messages.outbound.body.recipients[0]',
      [],
    ],
    [
      [[['text'], { en: { sentences: { 'bound:legder': 'We keep books.' }, extra: [] } }]],
      'E-CONTRADICTION text.en.sentences.bound:legder',
      [[['text'], { en: { sentences: { 'bound:ledger': 'We keep books.' }, extra: [] } }]],
    ],
  ]);
  const inherited = changed(
    standard,
    ['messages', 'outbound', 'body', 'recipients'],
    ['carrier', 'constructor'],
  );
  assert.deepEqual(refusals(inherited), ['E-CONTRADICTION messages.outbound.body.recipients[1]']);
});

test('statements of different sections agree', () => {
  const cookie = { name: 'sid', purpose: 'security', essential: true, ttl: 'P1D' };
  const withCookies: Edit = [['data', 'user.device.cookie_id'], standard.data['user.account.settings']];
  const noTexts: readonly Edit[] = [[['messages', 'inbound', 'body', 'store'], 'none']];
  judges([
    [
      [...noTexts, [['messages', 'inbound', 'body', 'searchable'], true]],
      'E-CONTRADICTION messages.inbound.body.searchable',
      noTexts,
    ],
    [
      [...noTexts, [['messages', 'inbound', 'body', 'recipients'], ['carrier']]],
      'E-CONTRADICTION messages.inbound.body.recipients',
      noTexts,
    ],
    [
      [[['messages', 'inbound', 'body', 'store'], 'P2D']],
      'E-CONTRADICTION messages.inbound.body.store',
      [[['messages', 'inbound', 'body', 'store'], 'PT72H']],
    ],
    [
      [[['account', 'identity'], ['phone']]],
      'E-CONTRADICTION account.identity[0]',
      [[['account', 'identity'], ['organisation']]],
    ],
    [
      [[['account', 'inactivity', 'after'], 'P25M']],
      'E-CONTRADICTION account.inactivity.after',
      [[['account', 'inactivity', 'after'], 'P12M']],
    ],
    [
      [[['account', 'inactivity', 'notify'], ['P24M']]],
      'E-CONTRADICTION account.inactivity.notify[0]',
      [[['account', 'inactivity', 'notify'], ['P23M']]],
    ],
    [
      [withCookies, [['cookies', 'list'], [cookie]]],
      'E-CONTRADICTION cookies',
      [withCookies, [['cookies'], { promise: 'listed', list: [cookie], trackers: [] }]],
    ],
    [[[['cookies'], { promise: 'listed', list: [cookie], trackers: [] }]], 'E-CONTRADICTION cookies', []],
    [
      [[['cookies', 'trackers'], [{ name: 't', purpose: 'security', via: 'cookie' }]]],
      'E-CONTRADICTION cookies',
      [[['cookies', 'trackers'], [{ name: 't', purpose: 'security', via: 'device_identifier' }]]],
    ],
    [
      [[['logs', 'classes', 'app', 'fields'], ['browser_family']]],
      'E-CONTRADICTION logs.classes.app.fields[0]',
      [[['logs', 'classes', 'app', 'fields'], ['ip_address']]],
    ],
    [
      [[['data', 'user.authorization.password'], { collect: 'never' }]],
      'E-CONTRADICTION security.passwords',
      [
        [['data', 'user.authorization.password'], { collect: 'never' }],
        [['security', 'passwords'], 'none_held'],
      ],
    ],
    [
      [[['recipients', 'carrier', 'categories'], ['user.contact.counterparty_number']]],
      'E-CONTRADICTION messages.outbound.body.recipients[0]',
      [],
    ],
  ]);
  assert.deepEqual(refusals(changed(standard, ['transfers', 'encrypted'], false)), [
    'E-CONTRADICTION transfers.encrypted',
  ]);
  const stored = changed(standard, ['data', 'user.content.private.sms_body'], undefined);
  assert.deepEqual(refusals(stored), [
    'E-CONTRADICTION messages.inbound.body.store',
    'E-CONTRADICTION messages.outbound.body.store',
  ]);
});

test('cookies that are not essential rest on consent', () => {
  const cookie = (essential: boolean, purpose: string) => ({
    promise: 'listed',
    list: [{ name: 'c', purpose, essential, ttl: 'P1D' }],
    trackers: [],
  });
  const held: Edit = [['data', 'user.device.cookie_id'], standard.data['user.account.settings']];
  const improve: Edit = [
    ['purposes', 'improve'],
    { basis: 'consent', consent: { mode: 'opt_in', default: false }, marketing: false, feature_gate: [] },
  ];
  judges([
    [
      [held, [['cookies'], cookie(false, 'service')]],
      'E-BASIS cookies.list[0]',
      [held, improve, [['cookies'], cookie(false, 'improve')]],
    ],
    [
      [held, improve, [['cookies'], cookie(true, 'improve')]],
      'E-CONTRADICTION cookies.list[0].essential',
      [held, [['cookies'], cookie(true, 'service')]],
    ],
  ]);
});

test('another content is another version, and a later one', () => {
  const content: Edit = [['audience', 'min_age'], 21];
  const version = (value: string): Edit => [['policy', 'version'], value];
  const effective = (value: string): Edit => [['policy', 'effective'], value];
  const against = (edits: readonly Edit[]) => refusals(apply(edits), { previous: standard });
  assert.deepEqual(against([]), []);
  assert.deepEqual(against([version('1.0.1')]), []);
  assert.deepEqual(against([content]), ['E-VER policy.version', 'E-VER policy.effective']);
  assert.deepEqual(against([content, version('1.0.1')]), ['E-VER policy.effective']);
  assert.deepEqual(against([content, version('1.0.1'), effective('2026-02-01')]), []);
  assert.deepEqual(against([content, version('1.1.0'), effective('2025-12-31')]), ['E-VER policy.effective']);
  for (const lower of ['0.9.9', '1.0.0-rc.1', '1.0.0']) {
    assert.deepEqual(
      against([content, version(lower), effective('2026-02-01')]),
      ['E-VER policy.version'],
      lower,
    );
  }
  for (const higher of ['1.0.1-rc.1', '2.0.0', '10.0.0', '1.10.0']) {
    assert.deepEqual(against([content, version(higher), effective('2026-02-01')]), [], higher);
  }
});

test('production refuses every placeholder, development none', () => {
  const paths = placeholders(standard).map(({ path }) => path);
  for (const path of [
    'controller.name',
    'controller.address',
    'controller.contacts[0].value',
    'recipients.carrier.name',
    'recipients.carrier.country',
    'recipients.carrier.dpa.ref',
    'security.attestations[0].owner',
  ]) {
    assert.ok(paths.includes(path), path);
  }
  assert.ok(!paths.includes('recipients.customer_endpoints.country'));
  assert.deepEqual(refusals(standard), []);
  assert.ok(refusals(standard, { production: true }).every((line) => line.startsWith('E-PLACEHOLDER')));
  const real = JSON.parse(
    JSON.stringify(standard).replaceAll('PLACEHOLDER', 'Example').replaceAll('"XX"', '"US"'),
  ) as Policy;
  assert.deepEqual(refusals(real, { production: true }), []);
});

test('a fault of a check stands at its line', () => {
  const text = edited(profileText('standard'), 'gate: attestation', 'gate: none');
  const read = readPolicy(text, resolving());
  assert.ok(read.ok);
  const [fault] = checkPolicy(read.policy, { now: NOW, production: false }, read.locate).filter(
    ({ severity }) => severity === 'refuse',
  );
  assert.equal(fault?.line, text.slice(0, text.indexOf('gate: none')).split('\n').length);
});

test('a subscription can be cancelled in time in every month', () => {
  judges([
    [
      [[['account', 'subscriptions'], { cancel_before: 'P28D' }]],
      'E-CONTRADICTION account.subscriptions.cancel_before',
      [[['account', 'subscriptions'], { cancel_before: 'P27D' }]],
    ],
  ]);
});
