import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffPolicies } from './diff.ts';
import type { Policy } from './model.ts';
import { changed, PROFILES, profile } from './test/policies.ts';

const standard = profile('standard');
const held = standard.data['user.name'];

/** The changes after one edit, as `obligation material weaker`. */
function after(
  path: readonly (string | number)[],
  value: unknown,
  from: Policy = standard,
): readonly string[] {
  return diffPolicies(from, changed(from, path, value)).map(
    ({ obligation, material, weaker }) =>
      `${obligation}${material ? ' material' : ''}${weaker ? ' weaker' : ''}`,
  );
}

test('a policy does not differ from itself', () => {
  assert.deepEqual(diffPolicies(standard, structuredClone(standard)), []);
});

test('names, notes and free text are no change of what is promised', () => {
  assert.deepEqual(after(['policy', 'version'], '2.0.0'), []);
  assert.deepEqual(after(['controller', 'name'], 'Somebody'), []);
  assert.deepEqual(after(['text'], {}), []);
});

test('each kind of change that people have to be told of is material', () => {
  const cases: readonly [readonly (string | number)[], unknown, string][] = [
    [['data', 'user.device.model'], held, 'prohibit:user.device.model material weaker'],
    [['data', 'user.name', 'purposes'], ['service', 'support', 'fraud'], 'limit:user.name material weaker'],
    [['data', 'user.name', 'basis'], 'legitimate_interest', 'limit:user.name material weaker'],
    [['data', 'user.name', 'collect'], 'required', 'limit:user.name material weaker'],
    [['data', 'user.name', 'retention'], ['account', 'audit'], 'limit:user.name material weaker'],
    [
      ['purposes', 'marketing'],
      { basis: 'consent', marketing: true, feature_gate: [] },
      'limit:purpose:marketing material weaker',
    ],
    [['recipients', 'new_one'], standard.recipients.hosting, 'disclose:new_one material weaker'],
    [
      ['recipients', 'hosting', 'categories'],
      ['user.device.ip_address', 'system.operations', 'user.name'],
      'disclose:hosting material weaker',
    ],
    [['recipients', 'payment_provider', 'when'], undefined, 'disclose:payment_provider material weaker'],
    [['retention', 'ip', 'for'], 'P31D', 'bound:ip material weaker'],
    [['retention', 'ip', 'for'], 'P1M', 'bound:ip material weaker'],
    [['retention', 'account', 'ceiling'], 'P25M', 'bound:account material weaker'],
    [['retention', 'message_content', 'then'], 'aggregate', 'bound:message_content material weaker'],
    [['messages', 'inbound', 'body', 'store'], 'P4D', 'bound:body:inbound material weaker'],
    [
      ['messages', 'inbound', 'body', 'recipients'],
      ['number_supplier', 'hosting'],
      'limit:body:inbound material weaker',
    ],
    [['rights', 'restriction', 'offered'], false, 'require:right:restriction material weaker'],
    [['rights', 'access', 'respond_within'], 'P40D', 'deadline:right:access material weaker'],
    [['rights', 'access', 'scope'], 'marketing', 'require:right:access material weaker'],
    [['audience', 'min_age'], 16, 'gate:age material weaker'],
    [['audience', 'gate'], 'none', 'gate:age material weaker'],
    [['security', 'at_rest', 'scheme'], 'volume', 'require:at_rest material weaker'],
    [['security', 'at_rest', 'scope'], ['user.name'], 'require:at_rest material weaker'],
    [['backups', 'key_custody'], 'same', 'prohibit:keys_in_backups material weaker'],
    [['sharing', 'advertising'], 'consent', 'prohibit:advertising material weaker'],
    [['sharing', 'sale_scope'], 'monetary', 'prohibit:sale material weaker'],
    [['account', 'deletion', 'balance'], 'forfeit', 'require:balance_on_deletion material weaker'],
    [['data', 'user.name', 'visible_to'], ['owner', 'workspace', 'staff'], 'limit:user.name material weaker'],
    [['purposes', 'fraud', 'interest'], 'another', 'limit:purpose:fraud material'],
    [['transfers', 'mechanism'], ['scc', 'bcr'], 'limit:transfers material weaker'],
    [['transfers', 'encrypted'], false, 'limit:transfers material weaker'],
    [['recipients', 'carrier', 'redaction', 'mode'], 'none', 'disclose:carrier material weaker'],
    [['retention', 'ip', 'hold'], 'legal_hold', 'bound:ip material weaker'],
    [['account', 'inactivity', 'notify'], ['P7D'], 'bound:inactivity material weaker'],
    [['audience', 'on_discovery', 'action'], 'restrict', 'deadline:child_discovered material weaker'],
    [['rights', 'verification', 'max_extra_data'], 'minimal', 'require:identity_check weaker'],
    [['security', 'attestations', 0, 'every'], 'P2Y', 'attest:control:staff_confidentiality weaker'],
    [['consent', 'gpc_status'], 'hide', 'require:gpc weaker'],
    [['breach', 'register'], false, 'require:breach_register material weaker'],
    [['changes', 'material_notice_before'], 'P14D', 'deadline:material_change material weaker'],
  ];
  for (const [path, value, expected] of cases) {
    assert.ok(after(path, value).includes(expected), `${path.join(' ')}: ${after(path, value).join('; ')}`);
  }
});

test('promising more, or naming what was open, weakens nothing', () => {
  const cases: readonly [readonly (string | number)[], unknown][] = [
    [['retention', 'ip', 'for'], 'P7D'],
    [['audience', 'min_age'], 21],
    [['messages', 'inbound', 'body', 'store'], 'none'],
    [['recipients', 'payment_provider'], undefined],
    [['recipients', 'carrier', 'country'], 'DE'],
    [['recipients', 'carrier', 'name'], 'A Carrier'],
    [['data', 'user.content.private.support_message'], { collect: 'never' }],
    [['security', 'in_transit'], 'tls13'],
    [['rights', 'respond_within'], 'P14D'],
    [['changes', 'material_notice_before'], 'P60D'],
    [['consent', 'reask_after'], 'P24M'],
    [['account', 'deletion', 'complete_within'], 'P14D'],
    [['transfers', 'allowed'], ['CH']],
    [['recipients', 'carrier', 'dpa', 'signed'], '2026-02-01'],
  ];
  for (const [path, value] of cases) {
    const changes = after(path, value);
    assert.ok(changes.length > 0, path.join(' '));
    assert.ok(
      changes.every((line) => !line.includes('weaker')),
      `${path.join(' ')}: ${changes.join('; ')}`,
    );
  }
});

test('a cancellation that has to come sooner weakens a promise, and one that may come later does not', () => {
  const before = changed(standard, ['account', 'subscriptions'], { cancel_before: 'PT24H' });
  const told = (cancel_before: string) =>
    diffPolicies(before, changed(before, ['account', 'subscriptions'], { cancel_before }));
  const [sooner] = told('P2D');
  assert.deepEqual([sooner!.obligation, sooner!.weaker], ['deadline:cancellation', true]);
  const [later] = told('PT1H');
  assert.deepEqual([later!.obligation, later!.weaker], ['deadline:cancellation', false]);
});

test('of two policies, at least one is weaker somewhere unless they promise the same', () => {
  for (const name of PROFILES) {
    const other = profile(name);
    const forth = diffPolicies(standard, other);
    assert.equal(forth.length === 0, name === 'standard');
    assert.ok(
      forth.every(({ reason, path, obligation }) => reason !== '' && path !== '' && obligation !== ''),
    );
  }
});

test('a new country weakens a named one, and not a placeholder', () => {
  const named = changed(standard, ['recipients', 'carrier', 'country'], 'DE');
  assert.ok(
    after(['recipients', 'carrier', 'country'], 'US', named).includes('disclose:carrier material weaker'),
  );
});

test('a change of a rule is reported at the rule alone, a change of the rule where it is named', () => {
  assert.deepEqual(after(['retention', 'message_record', 'for'], 'P7M'), [
    'bound:message_record material weaker',
  ]);
  assert.deepEqual(after(['messages', 'outbound', 'metadata', 'retention'], 'audit'), [
    'bound:metadata:outbound material weaker',
    'bound:metadata:outbound',
  ]);
  assert.deepEqual(after(['messages', 'outbound', 'counterparty', 'index'], 'none'), [
    'bound:counterparty:outbound',
  ]);
});

test('hosts may be named, and not forgotten again', () => {
  assert.deepEqual(after(['recipients', 'carrier', 'hosts'], ['a.example.com']), ['disclose:carrier']);
  const named = changed(standard, ['recipients', 'carrier', 'hosts'], ['a.example.com']);
  assert.deepEqual(after(['recipients', 'carrier', 'hosts'], [], named), [
    'disclose:carrier material weaker',
  ]);
  assert.deepEqual(after(['recipients', 'carrier', 'hosts'], ['b.example.com'], named), [
    'disclose:carrier material',
  ]);
  assert.deepEqual(after(['recipients', 'carrier', 'hosts'], 'customer_endpoints', named), [
    'disclose:carrier material weaker',
  ]);
});

test('what goes with its recipient or its right is not reported again', () => {
  assert.deepEqual(after(['recipients', 'carrier'], undefined), ['disclose:carrier']);
  assert.deepEqual(after(['rights', 'access', 'offered'], false), ['require:right:access material weaker']);
  assert.deepEqual(after(['messages', 'inbound', 'body', 'store'], 'none'), [
    'prohibit:body:inbound material',
    'bound:body:inbound',
  ]);
});
