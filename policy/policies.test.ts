// The shipped policies: each is whole, keeps its own rules, and is the service it is modelled on where the five
// differ (the knobs of the catalogue of promises).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPolicy } from './check-policy.ts';
import { placeholders } from './checks/placeholders.ts';
import { compile } from './obligations/compile.ts';
import { readPolicy } from './read-policy.ts';
import { PROFILES, profile, profileText, resolving } from './test/policies.ts';
import type { CATEGORY_KEYS } from './vocabulary/categories.ts';

const [standard, wallet, dashboard, carrier, device, business] = PROFILES.map(profile) as [
  ReturnType<typeof profile>,
  ReturnType<typeof profile>,
  ReturnType<typeof profile>,
  ReturnType<typeof profile>,
  ReturnType<typeof profile>,
  ReturnType<typeof profile>,
];
const five = [wallet, dashboard, carrier, device, business];

for (const name of PROFILES) {
  test(`${name} is whole, compiles, and passes its own checks in development`, () => {
    const policy = profile(name);
    assert.equal(policy.policy.id, name);
    const faults = checkPolicy(policy, { now: '2026-11-26', production: false });
    assert.deepEqual(
      faults.filter(({ severity }) => severity === 'refuse'),
      [],
    );
    const ids = compile(policy).map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length, 'ids of obligations are unique');
    assert.ok(
      // A cookie is named as browsers know it, capitals included: `__Host-` means something to them.
      ids.every((id) => /^[a-z]+:(cookie:[\w.-]+|[a-z0-9_.:\- ]+)$/.test(id)),
      ids.join(),
    );
  });

  test(`${name} names nobody, attests nothing, and cannot go into production so`, () => {
    const policy = profile(name);
    assert.equal(policy.controller.name, 'PLACEHOLDER');
    assert.ok(placeholders(policy).length > 5);
    assert.ok(policy.security.attestations.every(({ last }) => last === undefined));
    assert.ok(Object.values(policy.recipients).every(({ dpa }) => dpa?.signed === undefined));
    assert.match(profileText(name), name === 'standard' ? /Modelled on nobody/ : /There is no affiliation/);
  });

  test(`${name} never holds card numbers, sells nothing and serves no advertising`, () => {
    const policy = profile(name);
    assert.deepEqual(policy.data['user.financial.credit_card'], { collect: 'never' });
    assert.equal(policy.sharing.sale, 'never');
    assert.equal(policy.sharing.advertising, 'never');
  });
}

test('texts that arrive: stored by the dashboard for a week for four purposes, by no other of the five', () => {
  assert.deepEqual(
    five.map((policy) => policy.messages.inbound.body.store),
    ['none', 'P7D', 'none', 'none', 'none'],
  );
  assert.deepEqual(dashboard.messages.inbound.body.purposes, [
    'delivery',
    'activation_support',
    'reliability',
    'legal',
  ]);
  const body = dashboard.data['user.content.private.sms_body'];
  assert.deepEqual(body && 'purposes' in body ? body.purposes : [], dashboard.messages.inbound.body.purposes);
});

test('texts that are sent: kept days, handed to the carrier alone', () => {
  assert.deepEqual(
    five.map((policy) => policy.messages.outbound.body.store),
    ['none', 'none', 'P3D', 'none', 'P1D'],
  );
  for (const policy of [carrier, business])
    assert.deepEqual(policy.messages.outbound.body.recipients, ['carrier']);
});

test('what is asked of people differs as in the five published policies', () => {
  const collects = (category: (typeof CATEGORY_KEYS)[number]) =>
    five.map((policy) => policy.data[category]?.collect);
  assert.deepEqual(collects('user.contact.email'), ['required', 'required', 'required', 'never', 'required']);
  assert.deepEqual(collects('user.name'), [undefined, 'optional', 'required', 'never', 'required']);
  assert.deepEqual(collects('user.contact.phone_number'), [
    undefined,
    'never',
    'required',
    'never',
    'required',
  ]);
  assert.deepEqual(collects('user.location.precise'), ['never', 'never', 'never', 'never', 'never']);
  assert.equal(wallet.data['user.location.imprecise']?.collect, 'derived');
  assert.equal(device.data['user.device.ip_address'], undefined);
  assert.equal(device.data['user.device.device_id']?.collect, 'required');
  assert.deepEqual(collects('user.social.address_book'), ['never', 'never', 'never', 'never', 'optional']);
  assert.deepEqual(collects('user.government_id.kyc_document'), [
    'never',
    'never',
    'never',
    'never',
    'optional',
  ]);
  assert.deepEqual(collects('user.payment.wallet_address'), [
    'optional',
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test('accounts are known by e-mail, by a device token or by an organisation', () => {
  assert.deepEqual(
    five.map((policy) => policy.account.identity),
    [['email'], ['email'], ['email', 'organisation'], ['device_token'], ['organisation', 'email']],
  );
  assert.deepEqual(
    five.map((policy) => policy.subjects.includes('organisation')),
    [false, false, true, false, true],
  );
});

test('ages, balances, and the end of unused accounts differ', () => {
  assert.deepEqual(
    five.map((policy) => policy.audience.min_age),
    [18, 18, 18, 18, 13],
  );
  assert.ok(five.every((policy) => policy.audience.gate === 'attestation'));
  assert.equal(wallet.account.inactivity.after, 'P24M');
  assert.equal(device.account.deletion.balance, 'forfeit');
  assert.equal(device.account.deletion.complete_within, 'P30D');
});

test('the figures of the device policy: five years, twelve months, ninety days, nothing', () => {
  const kept = (key: 'ledger' | 'usage' | 'error') => {
    const rule = device.retention[key];
    return rule && 'for' in rule ? rule.for : undefined;
  };
  assert.deepEqual([kept('ledger'), kept('usage'), kept('error')], ['P60M', 'P12M', 'P90D']);
  assert.equal(device.messages.inbound.body.store, 'none');
  assert.equal(device.recipients.error_reporter?.upstream_retention, 'P90D');
});

test('identity documents are kept shortly, and contacts only as long as the permission', () => {
  assert.deepEqual(business.retention.kyc, { for: 'P30D', from: 'verified', then: 'shred' });
  assert.deepEqual(business.retention.contacts, {
    until: 'consent_withdrawn',
    ceiling: 'P12M',
    then: 'erase',
  });
});

test('rights differ as published', () => {
  const offered = (
    right: 'restriction' | 'portability' | 'complaint' | 'non_discrimination' | 'information',
  ) => five.map((policy) => policy.rights[right]?.offered ?? false);
  assert.deepEqual(offered('restriction'), [false, true, false, false, false]);
  assert.deepEqual(offered('portability'), [true, true, false, true, false]);
  assert.deepEqual(offered('complaint'), [false, true, false, false, false]);
  assert.deepEqual(offered('non_discrimination'), [false, false, false, true, false]);
  assert.deepEqual(offered('information'), [false, true, false, true, true]);
  assert.equal(business.rights.objection?.scope, 'marketing');
  assert.deepEqual(dashboard.rights.first_reply, {
    within: 'PT72H',
    target: 'PT48H',
    calendar: 'business_days',
  });
  assert.equal(device.rights.respond_within, 'P30D');
  assert.deepEqual(business.rights.channels, ['email', 'phone', 'web']);
});

test('cookies, marketing, laws and notices of change differ', () => {
  assert.deepEqual(
    five.map((policy) => policy.cookies.promise),
    ['listed', 'listed', 'none', 'none', 'none'],
  );
  assert.deepEqual(
    five.map((policy) => policy.purposes.marketing !== undefined),
    [false, false, false, false, true],
  );
  assert.deepEqual(
    five.map((policy) => policy.policy.jurisdictions.join()),
    ['eu-gdpr,generic', 'eu-gdpr,us-ca-ccpa', 'eu-gdpr,generic', 'eu-gdpr,us-ca-ccpa', 'sa-pdpl,generic'],
  );
  assert.ok(device.changes.notice.includes('in_app'));
  assert.equal(dashboard.sharing.sale_scope, 'monetary');
  assert.equal(device.sharing.sale_scope, 'ccpa');
  assert.deepEqual(
    five.map((policy) => policy.acceptance.mode),
    ['by_use', 'by_use', 'by_use', 'by_use', 'explicit'],
  );
  assert.deepEqual(
    business.sharing.exceptions.map((exception) => exception.when),
    ['consent', 'legal_request', 'misuse_or_rights'],
  );
  assert.ok(carrier.security.attestations.some(({ control }) => control === 'iso27001_alignment'));
});

test('the standard policy seals content, keeps it three days and offers every right', () => {
  assert.equal(standard.messages.inbound.body.store, 'P3D');
  assert.equal(standard.messages.outbound.body.store, 'P3D');
  assert.equal(standard.security.at_rest.scheme, 'per_account_dek');
  assert.equal(standard.cookies.promise, 'none');
  assert.equal(standard.acceptance.mode, 'explicit');
  const terms = ['first_reply', 'respond_within', 'channels', 'verification'];
  const rights = Object.entries(standard.rights).filter(([key]) => !terms.includes(key));
  assert.equal(rights.length, 12);
  assert.ok(rights.every(([, said]) => (said as { offered: boolean }).offered));
});

test('reading and checking a profile takes no noticeable time', () => {
  const text = profileText('standard');
  const started = performance.now();
  const read = readPolicy(text, resolving());
  assert.ok(read.ok);
  compile(read.policy);
  checkPolicy(read.policy, { now: '2026-11-26', production: true }, read.locate);
  // Far above what it takes, so that a busy machine does not fail it and a quadratic slip does.
  assert.ok(performance.now() - started < 2_000);
});
