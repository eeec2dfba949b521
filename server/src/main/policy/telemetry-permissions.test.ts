import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPolicyFile } from './policy-file.ts';
import { telemetryPermissions } from './telemetry-permissions.ts';

const permissionsOf = async (profile: string, ...features: string[]) => {
  const { policy } = await readPolicyFile(profile, { production: false, today: '2026-01-01' });
  return telemetryPermissions(policy, new Set(features));
};

test('the standard policy lets telemetry do nothing', async () => {
  const { isOn, allows, mayCount, mayForward } = await permissionsOf('standard', 'messages');
  assert.equal(isOn('usage_analytics'), false);
  assert.equal(isOn('error_reports'), false);
  assert.equal(allows('user.location.imprecise', 'fraud'), false, 'promised never');
  assert.equal(allows('user.device', 'improve'), false, 'not listed');
  for (const may of [mayCount, mayForward]) assert.equal(await may('anybody', 'improve'), false);
});

test('a category is allowed for the purposes the policy lists it for and for no other', async () => {
  const { isOn, allows } = await permissionsOf('activation-wallet', 'usage_analytics');
  assert.equal(isOn('usage_analytics'), true);
  assert.equal(allows('user.location.imprecise', 'fraud'), true);
  assert.equal(allows('user.location.imprecise', 'improve'), false);
  assert.equal(allows('user.device', 'improve'), true);
  assert.equal(allows('user.location.precise', 'fraud'), false);
});
