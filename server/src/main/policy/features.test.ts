import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Policy } from '@sotto/policy';
import { featuresOf } from './features.ts';
import { holdsOf } from './holds.ts';
import { readPolicyFile } from './policy-file.ts';

const policyOf = async (name: string) =>
  (await readPolicyFile(name, { production: false, today: '2026-11-26' })).policy;

test('a policy that stores no texts has no feature that needs them', async () => {
  const on = async (name: string) => [...featuresOf(await policyOf(name))].sort().join(' ');
  const bought = 'subscriptions support_tickets top_ups';
  assert.equal(
    await on('standard'),
    `auto_top_ups email_accounts invoices messages organisations second_factors stored_inbound ${bought}`,
  );
  assert.equal(
    await on('carrier-messaging'),
    `auto_top_ups email_accounts invoices messages organisations second_factors ${bought}`,
  );
  assert.equal(
    await on('business-messaging'),
    `auto_top_ups email_accounts error_reports identity_checks invoices messages organisations second_factors ${bought} usage_analytics`,
  );
  assert.equal(
    await on('activation-dashboard'),
    `auto_top_ups email_accounts second_factors stored_inbound ${bought} usage_analytics`,
  );
  assert.equal(
    await on('activation-wallet'),
    'auto_top_ups crypto_top_ups email_accounts relayed_inbound second_factors support_tickets top_ups usage_analytics',
  );
  assert.equal(
    await on('device-app'),
    `device_accounts error_reports relayed_inbound second_factors ${bought} usage_analytics`,
  );
});

test('a card is stored where a payment provider is named, and nowhere else', async () => {
  const policy = await policyOf('standard');
  assert.ok(featuresOf(policy).has('auto_top_ups'));
  const { payment_provider: _, ...recipients } = policy.recipients;
  assert.ok(!featuresOf({ ...policy, recipients }).has('auto_top_ups'));
  assert.ok(!featuresOf(await policyOf('device-app')).has('auto_top_ups'));
});

test('what stands on consent is on where each is asked, and off where nobody can be', async () => {
  const policy = await policyOf('business-messaging');
  const byConsent = (category: 'user.telemetry' | 'user.telemetry.error_report'): Policy => ({
    ...policy,
    data: { ...policy.data, [category]: { ...policy.data[category]!, basis: 'consent' } },
  });
  assert.ok(featuresOf(byConsent('user.telemetry')).has('usage_analytics'));
  assert.ok(!featuresOf(byConsent('user.telemetry.error_report')).has('error_reports'));
});

test('what is undeclared and what is promised never are both not held', async () => {
  const holds = holdsOf(await policyOf('device-app'));
  assert.equal(holds('user.name'), false, 'promised never');
  assert.equal(holds('user.contact.counterparty_number'), false, 'not declared');
  assert.equal(holds('user.financial.ledger_entry'), true);
  assert.equal(holds('system.operations'), true, 'machinery is about nobody');
});
