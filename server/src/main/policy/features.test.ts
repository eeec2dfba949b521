import assert from 'node:assert/strict';
import { test } from 'node:test';
import { featuresOf } from './features.ts';
import { holdsOf } from './holds.ts';
import { readPolicyFile } from './policy-file.ts';

const policyOf = async (name: string) =>
  (await readPolicyFile(name, { production: false, today: '2026-11-26' })).policy;

test('a policy that stores no texts has no feature that needs them', async () => {
  const on = async (name: string) => [...featuresOf(await policyOf(name))].sort();
  assert.deepEqual(await on('standard'), ['messages', 'stored_inbound']);
  assert.deepEqual(await on('carrier-messaging'), ['messages']);
  assert.deepEqual(await on('business-messaging'), ['error_reports', 'messages', 'usage_analytics']);
  assert.deepEqual(await on('activation-dashboard'), ['stored_inbound']);
  assert.deepEqual(await on('activation-wallet'), ['relayed_inbound']);
  assert.deepEqual(await on('device-app'), ['error_reports', 'relayed_inbound', 'usage_analytics']);
});

test('what stands on consent is off until consent can be given', async () => {
  for (const name of ['activation-wallet', 'activation-dashboard']) {
    const policy = await policyOf(name);
    assert.ok(holdsOf(policy)('user.telemetry'), 'it is listed, on the basis of consent');
    assert.ok(!featuresOf(policy).has('usage_analytics'));
  }
});

test('what is undeclared and what is promised never are both not held', async () => {
  const holds = holdsOf(await policyOf('device-app'));
  assert.equal(holds('user.name'), false, 'promised never');
  assert.equal(holds('user.contact.counterparty_number'), false, 'not declared');
  assert.equal(holds('user.financial.ledger_entry'), true);
  assert.equal(holds('system.operations'), true, 'machinery is about nobody');
});
