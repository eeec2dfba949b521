import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { edited, mustRead, mustRefuse, profileText } from '../test/policies.ts';
import { FAULTS_MAX, FILE_LENGTH_MAX, parseYaml } from './parse-yaml.ts';

const standard = profileText('standard');

/** The only fault of the standard policy with one passage replaced. */
function faultOf(from: string, to: string) {
  const faults = mustRefuse(edited(standard, from, to));
  assert.equal(faults.length, 1, JSON.stringify(faults, null, 1));
  return faults[0]!;
}

const lineOf = (text: string, passage: string) => text.slice(0, text.indexOf(passage)).split('\n').length;

test('the standard policy is read', () => {
  const policy = mustRead(standard);
  assert.equal(policy.policy.id, 'standard');
  assert.equal(policy.retention.message_content && 'for' in policy.retention.message_content, true);
  assert.deepEqual(policy.data['user.location.precise'], { collect: 'never' });
});

test('an unknown key is refused with its line and the nearest key', () => {
  const fault = faultOf('  min_age: 18', '  min_age: 18\n  min_agee: 18');
  assert.equal(fault.code, 'E-UNKNOWN-KEY');
  assert.equal(fault.path, 'audience.min_agee');
  assert.equal(fault.line, lineOf(standard, '  min_age: 18') + 1);
  assert.equal(fault.column, 3);
  assert.equal(fault.hint, 'Did you mean "min_age"?');
});

test('an unknown section, category, purpose, recipient key and enumeration value are each refused', () => {
  const cases = [
    ['acceptance: { mode', 'aceptance: {}\nacceptance: { mode', 'E-UNKNOWN-KEY', /"acceptance"/],
    ['  user.name:\n', '  user.names: { collect: never }\n  user.name:\n', 'E-UNKNOWN-KEY', /"user.name"/],
    [
      '  legal: { basis: legal_obligation }',
      '  legl: { basis: contract }\n  legal: { basis: legal_obligation }',
      'E-UNKNOWN-KEY',
      /"legal"/,
    ],
    ['  hosting:\n', '  Hosting:\n', 'E-UNKNOWN-KEY', /small letters/],
    ['  sale: never', '  sale: nevr', 'E-VALUE', /"never"/],
    ['receipt: iso-27560', 'receipt: paper', 'E-VALUE', /iso-27560/],
    ['[page, email]', '[page, pigeon]', 'E-VALUE', /page, in_app, email/],
  ] as const;
  for (const [from, to, code, hint] of cases) {
    const fault = faultOf(from, to);
    assert.equal(fault.code, code, to);
    assert.match(fault.hint, hint);
  }
});

test('a value of the wrong kind is refused, and said what it is', () => {
  const cases = [
    ['min_age: 18', 'min_age: eighteen', /whole number.*is text/],
    [
      'searchable: false }\n    metadata: { retention: inbound_content }',
      'searchable: "no" }\n    metadata: { retention: inbound_content }',
      /true or false.*is text/,
    ],
    ['acceptance: { mode: explicit, record: version_hash }', 'acceptance: explicit', /a map.*is text/],
    ['  version: 1.0.0', '  version: 1.0', /semantic version.*is a number/],
  ] as const;
  for (const [from, to, sentence] of cases) {
    const fault = faultOf(from, to);
    assert.equal(fault.code, 'E-TYPE');
    assert.match(fault.sentence, sentence);
  }
});

test('a missing key and a missing section are refused where they belong', () => {
  assert.equal(faultOf('  name: PLACEHOLDER\n  address', '  address').path, 'controller.name');
  const fault = faultOf('cookies: none\n', '');
  assert.equal(fault.code, 'E-MISSING');
  assert.equal(fault.path, 'cookies');
});

test('an unbounded retention is refused with its line', () => {
  for (const [from, to] of [
    ['  ip: { for: P30D, from: created, then: erase }', '  ip: { from: created, then: erase }'],
    ['  ip: { for: P30D, from: created, then: erase }', '  ip: { for: forever, from: created, then: erase }'],
    ['  ip: { for: P30D, from: created, then: erase }', '  ip: { for: P200Y, from: created, then: erase }'],
    ['until: account_closed, ceiling: P24M', 'until: account_closed'],
    [
      'body: { store: P3D, purposes: [service, delivery], recipients: []',
      'body: { store: until_read, purposes: [service, delivery], recipients: []',
    ],
    ['basis: contract, retention: ticket', 'basis: contract'],
  ] as const) {
    const fault = faultOf(from, to);
    assert.equal(fault.code, 'E-RET-UNBOUNDED', to);
    assert.equal(fault.line, lineOf(standard, from), to);
  }
});

test('data and purposes without a lawful basis are refused', () => {
  assert.equal(faultOf('  delivery: { basis: contract }', '  delivery: {}').code, 'E-BASIS');
  const fault = faultOf(
    'purposes: [support], basis: contract, retention: ticket',
    'purposes: [support], retention: ticket',
  );
  assert.equal(fault.code, 'E-BASIS');
  assert.equal(fault.path, 'data.user.content.private.support_message.basis');
});

test('consent that is given beforehand is refused', () => {
  assert.equal(
    faultOf('mode: opt_in, default: false', 'mode: opt_in, default: true').code,
    'E-CONSENT-IMPLIED',
  );
  assert.equal(
    faultOf('mode: opt_in, default: false', 'mode: opt_out, default: false').code,
    'E-CONSENT-IMPLIED',
  );
});

test('card numbers cannot be collected, and a never covers what lies below', () => {
  const card = faultOf(
    '  user.financial.credit_card: { collect: never }',
    '  user.financial.credit_card: { collect: required, purposes: [billing], basis: contract, retention: ledger }',
  );
  assert.equal(card.code, 'E-CONTRADICTION');
  const below = faultOf(
    '  user.government_id: { collect: never }',
    '  user.government_id: { collect: never }\n  user.government_id.kyc_document: { collect: optional, purposes: [legal], basis: legal_obligation, retention: audit }',
  );
  assert.equal(below.code, 'E-CONTRADICTION');
  const group = faultOf(
    '  user.location: { collect: never }',
    '  user.location: { collect: optional, purposes: [fraud], basis: contract, retention: ip }',
  );
  assert.match(group.sentence, /group/);
  const without = mustRead(edited(standard, '  user.financial.credit_card: { collect: never }\n', ''));
  assert.deepEqual(without.data['user.financial.credit_card'], { collect: 'never' });
});

test('dates, versions, countries, hosts and URLs have to exist in form', () => {
  const host = (value: string) => faultOf('    hosts: customer_endpoints', `    hosts: [${value}]`);
  assert.equal(faultOf('2026-01-01', '2026-02-30').code, 'E-VALUE');
  assert.equal(faultOf('2026-01-01', '01/01/2026').code, 'E-VALUE');
  assert.equal(faultOf('version: 1.0.0', 'version: v1').code, 'E-VALUE');
  assert.equal(faultOf('allowed: [XX]', 'allowed: [Germany]').code, 'E-VALUE');
  for (const wrong of [
    '"*.example.com"',
    'https://api.example.com',
    'api.example.com:443',
    'API.example.com',
    'a..b',
    '-a.example.com',
  ]) {
    assert.equal(host(wrong).code, 'E-VALUE', wrong);
  }
  const right = mustRead(
    edited(
      standard,
      '    hosts: customer_endpoints',
      '    hosts: [api.example.com, "2001:db8::1", 192.0.2.1]',
    ),
  );
  assert.deepEqual(right.recipients.customer_endpoints?.hosts, [
    'api.example.com',
    '2001:db8::1',
    '192.0.2.1',
  ]);
  const url = faultOf('    when: webhooks', '    when: webhooks\n    policy_url: http://example.com/');
  assert.match(url.sentence, /https/);
});

test('a list says each thing once, and a single value is a list of one', () => {
  assert.match(faultOf('[page, email]', '[page, page]').sentence, /repeats/);
  assert.deepEqual(mustRead(edited(standard, '[page, email]', 'page')).changes.notice, ['page']);
});

test('all faults of a file are reported, in the order of its lines', () => {
  let text = edited(standard, '  sale: never', '  sale: sometimes');
  text = edited(text, 'min_age: 18', 'min_age: 99');
  text = edited(text, 'in_transit: tls12_or_better', 'in_transit: ssl3\n  firewall: true');
  text = edited(text, '  delivery: { basis: contract }', '  delivery: {}');
  const faults = mustRefuse(text);
  assert.deepEqual(
    faults.map(({ code, path }) => `${code} ${path}`),
    [
      'E-VALUE audience.min_age',
      'E-BASIS purposes.delivery.basis',
      'E-VALUE sharing.sale',
      'E-VALUE security.in_transit',
      'E-UNKNOWN-KEY security.firewall',
    ],
  );
});

test('a key that stands twice is refused at its second place, with the line of the first', () => {
  const fault = faultOf('  sale_scope: ccpa', '  sale_scope: ccpa\n  sale: never');
  assert.equal(fault.code, 'E-DUPLICATE-KEY');
  assert.equal(fault.line, lineOf(standard, '  sale_scope: ccpa') + 1);
  assert.match(fault.hint, new RegExp(`line ${lineOf(standard, '  sale: never')}\\.`));
});

test('anchors, aliases, merge keys, tags, directives, several documents and odd keys are refused', () => {
  for (const [text, pattern] of [
    ['a: &x 1\nb: *x', /anchors/],
    ['a: &x {b: 1}\nc: {<<: *x}', /anchors/],
    ['a: !!str 1', /tags/],
    ['a: !secret 1', /tags/],
    ['!!map {a: 1}', /tags/],
    ['%YAML 1.1\n---\na: yes', /directive/],
    ['a: 1\n---\nb: 2', /YAML|document/],
    ['? [a, b]\n: 1', /key/],
    ['1: a', /key/],
    ['a: .nan', /finite/],
    ['a: -.inf', /finite/],
    ['a: "\n', /YAML/],
    ['a: [1, 2', /YAML/],
  ] as const) {
    const { faults } = parseYaml(text, '');
    assert.ok(
      faults.length > 0 && faults.some(({ sentence }) => pattern.test(sentence)),
      `${text}: ${JSON.stringify(faults)}`,
    );
  }
});

test('files that are too large, too deep or too many-valued are refused, quickly', () => {
  for (const text of [
    'a'.repeat(FILE_LENGTH_MAX + 1),
    '['.repeat(60_000),
    '- '.repeat(30_000),
    '{a: '.repeat(20_000),
    `a: ${'['.repeat(13)}${']'.repeat(13)}`,
    `[${'1,'.repeat(11_000)}]`,
  ]) {
    const { faults, root } = parseYaml(text, '');
    assert.ok(
      faults.some(({ code }) => code === 'E-LIMIT'),
      text.slice(0, 20),
    );
    assert.ok(root === undefined || faults.length > 0);
  }
});

test('of endless faults the first hundred are reported', () => {
  const text = `policy:\n${Array.from({ length: 5000 }, (_, at) => `  k${at}: v`).join('\n')}\n`;
  assert.equal(mustRefuse(text).length, FAULTS_MAX);
});

test('an empty file, a list and a word are no policy', () => {
  for (const text of ['', '# nothing', '[]', 'standard', 'null']) assert.ok(mustRefuse(text).length > 0);
});

test('names of the object prototype are neither sections nor recipients by accident', () => {
  assert.equal(
    faultOf('acceptance: { mode', '__proto__: { mode: explicit }\nacceptance: { mode').code,
    'E-UNKNOWN-KEY',
  );
  assert.equal(faultOf('  hosting:\n', '  __proto__:\n').code, 'E-UNKNOWN-KEY');
  assert.equal(faultOf('acceptance: { mode', 'toString: 1\nacceptance: { mode').code, 'E-UNKNOWN-KEY');
});

test('no text makes the reader throw', () => {
  const fragment = fc.constantFrom(
    'a',
    ':',
    ' ',
    '\n',
    '-',
    '{',
    '}',
    '[',
    ']',
    '&x',
    '*x',
    '!t',
    '"',
    "'",
    '|',
    '>',
    '#',
    '%',
    '~',
    '\t',
    '\u0000',
    'policy',
    'data: ',
  );
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 80 }), (parts) => {
      assert.ok(mustRefuse(parts.join('')).length > 0);
    }),
    { numRuns: 300 },
  );
  fc.assert(
    fc.property(fc.nat({ max: standard.length }), fc.nat({ max: 40 }), fragment, (at, cut, put) => {
      const text = standard.slice(0, at) + put + standard.slice(at + cut);
      const { faults, root } = parseYaml(text, '');
      assert.ok(root !== undefined || faults.length > 0);
    }),
    { numRuns: 30 },
  );
});
