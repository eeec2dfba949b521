import assert from 'node:assert/strict';
import { test } from 'node:test';
import { telemetryEgress, telemetryRecipients } from './recipients.ts';
import { type ForwardConfig, forwardSettings, NOBODY, readDsn } from './settings.ts';

const secret = (text: string) => ({ reveal: () => text });
const KEY = 'c'.repeat(32);
const CONFIG: ForwardConfig = {
  sentryDsn: secret(`https://${KEY}@errors.example.com:8443/relay/42`),
  analyticsMeasurementId: 'G-EXAMPLE',
  analyticsApiSecret: secret('s'),
  firebaseAppId: '1:23:android:4',
  firebaseAppInstanceId: 'd'.repeat(32),
  firebaseApiSecret: secret('f'),
};
const ON = { isOn: () => true };

test('nobody is a recipient of an installation that configured none, or whose policy has no such feature', () => {
  assert.deepEqual(forwardSettings({}), NOBODY);
  assert.deepEqual(telemetryRecipients(NOBODY, ON), []);
  assert.deepEqual(telemetryEgress(NOBODY, ON), {});
  const settings = forwardSettings(CONFIG);
  assert.deepEqual(telemetryRecipients(settings, { isOn: () => false }), []);
  assert.deepEqual(telemetryEgress(settings, { isOn: () => false }), {});
});

test('a recipient that is on is a fact for the gate: name, purpose, hosts, fields, categories, feature', () => {
  const [errors, usage, ...rest] = telemetryRecipients(forwardSettings(CONFIG), ON);
  assert.deepEqual(rest, []);
  assert.deepEqual(
    { ...errors, fields: undefined },
    {
      name: 'error_reporter',
      purpose: 'support',
      hosts: ['errors.example.com'],
      fields: undefined,
      categories: ['user.telemetry.error_report'],
      feature: 'error_reports',
    },
  );
  assert.deepEqual(
    { ...usage, fields: undefined },
    {
      name: 'usage_counter',
      purpose: 'improve',
      hosts: ['www.google-analytics.com'],
      fields: undefined,
      categories: ['user.telemetry'],
      feature: 'usage_analytics',
    },
  );
  for (const { fields } of [errors!, usage!])
    assert.ok(!fields.some((field) => /(^|\.)(user|ip|email)|\*/.test(field)));
});

test('what the gate is told and what the egress client enforces are the same', () => {
  const settings = forwardSettings(CONFIG);
  const declared = telemetryEgress(settings, ON);
  for (const { name, purpose, hosts, fields } of telemetryRecipients(settings, ON)) {
    const recipient = declared[name]!;
    assert.equal(recipient.purpose, purpose);
    assert.deepEqual(recipient.fields, fields);
    assert.ok(recipient.hosts !== 'customer_endpoints');
    assert.deepEqual(
      recipient.hosts.map(({ host }) => host),
      hosts,
    );
  }
  assert.deepEqual(declared.error_reporter!.hosts, [{ host: 'errors.example.com', ports: [8443] }]);
});

test('the fields of a stream that is not configured are not declared', () => {
  const { firebaseAppId: _, ...webOnly } = CONFIG;
  const [, usage] = telemetryRecipients(forwardSettings(webOnly), ON);
  assert.ok(usage!.fields.includes('client_id'));
  assert.ok(!usage!.fields.includes('app_instance_id'));
});

test('a DSN is a host, a public key and the path of its project', () => {
  assert.deepEqual(readDsn(`https://${KEY}@o1.ingest.example.com/7`), {
    origin: 'https://o1.ingest.example.com',
    path: '/api/7/envelope/',
    publicKey: KEY,
  });
  assert.deepEqual(readDsn(CONFIG.sentryDsn!.reveal()), {
    origin: 'https://errors.example.com:8443',
    path: '/relay/api/42/envelope/',
    publicKey: KEY,
  });
});
