// What each profile has to do when somebody turns one thing: the stories an operator will live through.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPolicy } from '../check-policy.ts';
import { readPolicy } from '../read-policy.ts';
import { column, keeping } from '../test/facts.ts';
import {
  changed,
  edited,
  mustRefuse,
  type Profile,
  profile,
  profileText,
  resolving,
} from '../test/policies.ts';
import { checkAgainst } from './check-against.ts';
import type { Facts } from './facts.ts';

/** The codes by which a profile refuses its own good installation after one turn. */
function afterTurn(name: Profile, turn: (facts: Facts) => Facts): readonly string[] {
  const policy = profile(name);
  return checkAgainst(policy, turn(keeping(policy))).map(({ code }) => code);
}
const config = (over: Partial<Facts['config']>) => (facts: Facts) => ({
  ...facts,
  config: { ...facts.config, ...over },
});

test('wallet: storing texts that arrive is refused', () => {
  assert.deepEqual(afterTurn('activation-wallet', config({ contentStored: { inbound: 'P1D' } })), [
    'E-BODY-STORE',
  ]);
});

test('wallet: a cookie that the policy does not list is refused', () => {
  const facts = config({ cookies: [{ name: '_track', essential: false }] });
  assert.deepEqual(afterTurn('activation-wallet', facts), ['E-COOKIE']);
});

test('wallet: an advertiser among the recipients is refused', () => {
  let policy = profile('activation-wallet');
  const marketing = {
    basis: 'consent',
    consent: { mode: 'opt_in', default: false },
    marketing: true,
    feature_gate: [],
  };
  policy = changed(policy, ['purposes', 'marketing'], marketing);
  policy = changed(policy, ['recipients', 'ads'], {
    ...policy.recipients.firewall,
    role: 'independent_controller',
    purposes: ['marketing'],
  });
  const faults = checkPolicy(policy, { now: '2026-11-26', production: false });
  assert.ok(faults.some(({ code, path }) => code === 'E-AD-RECIPIENT' && path === 'recipients.ads.purposes'));
});

test('dashboard: a recipient of texts that the policy does not name is refused', () => {
  const hook = {
    name: 'text_hook',
    purpose: 'service',
    hosts: ['hook.example.com'],
    fields: ['text'],
    categories: ['user.content.private.sms_body'],
  } as const;
  assert.deepEqual(
    afterTurn('activation-dashboard', (facts) => ({ ...facts, egress: [...facts.egress, hook] })),
    ['E-REC-UNDECLARED'],
  );
});

test('dashboard: a fifth purpose for texts is refused', () => {
  const fifth = column({
    table: 'numbers.inbound',
    column: 'content',
    category: 'user.content.private.sms_body',
    purposes: ['delivery', 'improve'],
    retention: 'inbound_content',
    sealedUnder: 'content_inbound',
  });
  assert.deepEqual(
    afterTurn('activation-dashboard', (facts) => ({ ...facts, columns: [...facts.columns, fifth] })),
    ['E-PURPOSE'],
  );
});

test('dashboard: consent that is only ever implied is refused', () => {
  const text = edited(
    profileText('activation-dashboard'),
    'analytics: { basis: consent, consent: { mode: opt_in, default: false }',
    'analytics: { basis: consent, consent: { mode: by_use, default: false }',
  );
  assert.deepEqual(
    mustRefuse(text).map(({ code }) => code),
    ['E-CONSENT-IMPLIED'],
  );
});

test('carrier: a carrier that keeps content thirteen months and does not discard is refused', () => {
  const turned = (facts: Facts) => ({
    ...facts,
    carriers: facts.carriers.map((each) => ({ ...each, upstreamRetention: 'P13M', redactionOn: false })),
  });
  assert.deepEqual(afterTurn('carrier-messaging', turned), ['E-UPSTREAM-RETENTION']);
});

test('carrier: a link to the database without TLS off this machine is refused (checklist 42)', () => {
  assert.deepEqual(afterTurn('carrier-messaging', config({ databaseTls: false })), ['E-TLS']);
});

test('device: a database that already holds an e-mail address is refused until it is erased', () => {
  const email = column({ column: 'email', category: 'user.contact.email', nullGuard: true, liveValues: 1 });
  assert.deepEqual(
    afterTurn('device-app', (facts) => ({ ...facts, columns: [...facts.columns, email] })),
    ['E-NEVER-PRESENT'],
  );
  const erased = { ...email, liveValues: 0 };
  assert.deepEqual(
    afterTurn('device-app', (facts) => ({ ...facts, columns: [...facts.columns, erased] })),
    [],
  );
});

test('device: a key store inside the backups is refused', () => {
  assert.deepEqual(afterTurn('device-app', config({ keysInsideBackup: true })), ['E-KEY-CUSTODY']);
});

test('device: books that end after four years start; that they end too soon is for the evidence', () => {
  const policy = profile('device-app');
  const facts = keeping(policy);
  const four = config({ retention: { ...facts.config.retention, ledger: 'P4Y' } });
  assert.deepEqual(checkAgainst(policy, four(facts)), []);
});

test('device: no ceiling on an account that stays open is refused', () => {
  const text = edited(
    profileText('device-app'),
    'until: account_closed, ceiling: P24M',
    'until: account_closed',
  );
  assert.deepEqual(
    mustRefuse(text).map(({ code, path }) => [code, path]),
    [['E-RET-UNBOUNDED', 'retention.account.ceiling']],
  );
});

test('business: identity documents without a rule are refused', () => {
  const text = edited(
    profileText('business-messaging'),
    '  kyc: { for: P30D, from: verified, then: shred }\n',
    '',
  );
  const read = readPolicy(text, resolving());
  assert.ok(read.ok);
  const refused = checkPolicy(read.policy, { now: '2026-11-26', production: false }, read.locate).filter(
    ({ severity }) => severity === 'refuse',
  );
  assert.deepEqual(
    refused.map(({ code, path }) => [code, path]),
    [['E-RET-UNBOUNDED', 'data.user.government_id.kyc_document.retention']],
  );
  assert.equal(refused[0]!.line, text.slice(0, text.indexOf('retention: kyc')).split('\n').length);
});

test('device: the manager of subscriptions gets the device and what was bought, and no third category', () => {
  const told =
    (...more: Facts['egress'][number]['categories']) =>
    (facts: Facts) => ({
      ...facts,
      egress: [
        ...facts.egress,
        {
          name: 'subscription_manager',
          purpose: 'billing' as const,
          hosts: [],
          fields: ['app_user_id', 'product_id'],
          categories: ['user.device.device_id', 'user.behavior.purchase_history', ...more] as const,
        },
      ],
    });
  assert.deepEqual(afterTurn('device-app', told()), []);
  assert.deepEqual(afterTurn('device-app', told('user.telemetry')), ['E-REC-PAYLOAD']);
  assert.deepEqual(profile('device-app').recipients.subscription_manager?.categories, [
    'user.device.device_id',
    'user.behavior.purchase_history',
  ]);
});
