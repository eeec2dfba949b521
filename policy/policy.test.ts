// The face, used as its callers use it: text in, everything else out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  checkAgainst,
  checkPolicy,
  compile,
  diffPolicies,
  FAULT_CODES,
  GATE_CODES,
  policyHash,
  readPolicy,
} from './policy.ts';
import { keeping } from './test/facts.ts';
import { profileText, resolving } from './test/policies.ts';

const MINE = `policy: {schema: 1, id: mine, version: 1.0.0, effective: 2026-07-01, extends: standard}
controller: {name: Example Messages, address: 1 Example Street}
retention: {ip: {for: P7D, from: created, then: erase}}
`;

test('a policy goes from text to obligations, hash, changes and refusals', async () => {
  const read = readPolicy(MINE, resolving());
  const base = readPolicy(profileText('standard'), resolving());
  assert.ok(read.ok && base.ok);
  assert.ok(compile(read.policy).some(({ id }) => id === 'bound:ip'));
  assert.match(await policyHash(read.policy), /^sha256:/);
  assert.deepEqual(
    diffPolicies(base.policy, read.policy).map(({ obligation, material }) => [obligation, material]),
    [['bound:ip', false]],
  );
  const faults = checkPolicy(read.policy, { now: '2026-11-26', production: false }, read.locate);
  assert.ok(faults.every(({ severity }) => severity === 'warn'));
  const facts = keeping(base.policy);
  const [refusal, ...others] = checkAgainst(read.policy, facts, read.locate);
  assert.deepEqual(others, []);
  assert.equal(refusal?.code, 'E-RET-LONGER');
  assert.equal(refusal.line, 3);
});

test('every code has a meaning in words', () => {
  for (const [code, meaning] of Object.entries({ ...FAULT_CODES, ...GATE_CODES })) {
    assert.match(code, /^E-[A-Z]+(-[A-Z]+)*$/);
    assert.ok(meaning.length > 15, code);
  }
});
