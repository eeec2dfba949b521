import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXTENDS_DEPTH_MAX } from './compose.ts';
import { mustRead, mustRefuse, profileText } from './test/policies.ts';

const HEAD = 'policy: { schema: 1, id: mine, version: 1.0.0, effective: 2026-05-01, extends: standard }\n';
const standard = mustRead(profileText('standard'));

test('a policy takes over everything it does not say, but not id, version and date', () => {
  const policy = mustRead(HEAD);
  assert.equal(policy.policy.id, 'mine');
  assert.equal(policy.policy.effective, '2026-05-01');
  assert.deepEqual({ ...policy, policy: standard.policy }, standard);
  const faults = mustRefuse('policy: { extends: standard }\n');
  assert.deepEqual(
    faults.map(({ path }) => path),
    ['policy.id', 'policy.version', 'policy.effective'],
  );
});

test('maps merge, lists replace, and nothing removes', () => {
  const policy = mustRead(`${HEAD}
recipients:
  carrier: { name: A Carrier, country: DE, hosts: [smpp.example.com] }
  payment_provider: ~
changes: { notice: [page, email, in_app] }
`);
  assert.equal(policy.recipients.carrier?.name, 'A Carrier');
  assert.equal(policy.recipients.carrier?.role, 'processor');
  assert.deepEqual(policy.recipients.carrier?.hosts, ['smpp.example.com']);
  assert.equal(policy.recipients.payment_provider, undefined);
  assert.deepEqual(policy.changes.notice, ['page', 'email', 'in_app']);
});

test('a statement that changes its kind replaces the old one whole', () => {
  const policy = mustRead(`${HEAD}
data: { user.contact.organization: { collect: never } }
retention: { contacts: { for: P30D, from: created, then: erase } }
weakens: [{ path: retention.contacts, reason: far shorter and counted from the import }]
`);
  assert.deepEqual(policy.data['user.contact.organization'], { collect: 'never' });
  assert.deepEqual(policy.retention.contacts, { for: 'P30D', from: 'created', then: 'erase' });
});

test('a promise that is taken back in silence is refused at its line', () => {
  const faults = mustRefuse(`${HEAD}
retention:
  ip: { for: P90D, from: created, then: erase }
sharing: { advertising: consent }
`);
  assert.deepEqual(
    faults.map(({ code, path, line }) => [code, path, line]),
    [
      ['E-WEAKENS', 'sharing.advertising', 5],
      ['E-WEAKENS', 'retention.ip', 4],
      ['E-WEAKENS', 'sharing.advertising', 5],
    ],
  );
});

test('a promise that is taken back openly is read, with its reason', () => {
  const policy = mustRead(`${HEAD}
retention: { ip: { for: P90D, from: created, then: erase } }
weakens: [{ path: retention.ip, reason: abuse shows after weeks }]
`);
  assert.deepEqual(policy.weakens, [{ path: 'retention.ip', reason: 'abuse shows after weeks' }]);
});

test('a confession without a deed is refused, and so is one without a base', () => {
  const idle = mustRefuse(`${HEAD}weakens: [{ path: retention.ip, reason: none }]\n`);
  assert.deepEqual(
    idle.map(({ code, path, line }) => [code, path, line]),
    [['E-WEAKENS', 'weakens[0]', 2]],
  );
  const alone = mustRefuse(`${profileText('standard')}\nweakens: [{ path: retention.ip, reason: none }]\n`);
  assert.deepEqual(
    alone.map(({ code }) => code),
    ['E-WEAKENS'],
  );
});

test('confessions of a base are its own', () => {
  const base = `${HEAD}
retention: { ip: { for: P90D, from: created, then: erase } }
weakens: [{ path: retention.ip, reason: abuse shows after weeks }]
`;
  const policy = mustRead(
    'policy: { schema: 1, id: other, version: 1.0.0, effective: 2026-06-01, extends: mine }',
    {
      mine: base,
    },
  );
  assert.deepEqual(policy.weakens, []);
  assert.deepEqual(policy.retention.ip, { for: 'P90D', from: 'created', then: 'erase' });
});

test('a base that is missing, misspelt, faulty or its own base is refused', () => {
  const extending = (name: string) => HEAD.replace('standard', name);
  const [missing] = mustRefuse(extending('standart'));
  assert.equal(missing?.code, 'E-EXTENDS');
  assert.equal(missing?.hint, 'Did you mean "standard"?');
  assert.equal(mustRefuse(extending('../standard'))[0]?.code, 'E-EXTENDS');
  assert.match(
    mustRefuse(extending('a'), { a: extending('b'), b: extending('a') })
      .map((f) => f.sentence)
      .join(),
    /extends itself: a, b, a/,
  );
  const faulty = mustRefuse(extending('a'), { a: 'policy: {}' });
  assert.equal(faulty[0]?.code, 'E-EXTENDS');
  assert.ok(faulty.slice(1).every(({ file }) => file === 'a'));
});

test('a chain of bases has an end', () => {
  const chain = Object.fromEntries(
    Array.from({ length: EXTENDS_DEPTH_MAX + 2 }, (_, at) => [
      `base-${at}`,
      HEAD.replace('standard', `base-${at + 1}`),
    ]),
  );
  const faults = mustRefuse(HEAD.replace('standard', 'base-0'), chain);
  assert.match(faults.map(({ sentence }) => sentence).join(), new RegExp(`More than ${EXTENDS_DEPTH_MAX}`));
});

test('faults of a composed policy stand at the line of the file that has them', () => {
  const faults = mustRefuse(`${HEAD}\naudience: { min_age: 99 }\n`);
  assert.deepEqual(
    faults.map(({ file, line, path }) => [file, line, path]),
    [['', 3, 'audience.min_age']],
  );
});
