// What the policy decides about payments.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutoffMsUnder } from './compose-payments.ts';
import { readPolicyFile } from './policy/policy-file.ts';
import { today } from './policy/today.ts';

const HOUR_MS = 3_600_000;
const policyOf = async (name: string) =>
  (await readPolicyFile(name, { production: false, today: today() })).policy;

test('a promise of the policy about cancelling holds whatever the operator has set', async () => {
  const policy = await policyOf('device-app');
  for (const set of [0, 1, 48]) assert.equal(cutoffMsUnder(policy, set), 24 * HOUR_MS);
});

test('where the policy promises nothing about it, what the operator has set holds', async () => {
  const policy = await policyOf('standard');
  assert.equal(cutoffMsUnder(policy, 0), 0);
  assert.equal(cutoffMsUnder(policy, 48), 48 * HOUR_MS);
});
