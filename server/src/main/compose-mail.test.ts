import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkAgainst, type Facts } from '@sotto/policy';
import { mailLeave, mailPurposes, mailRecipients } from '#mail';
import { Secret } from '#platform/config';
import { openKeyring } from '#privacy';
import { openMemoryKeyStore } from '#privacy/memory-key-store';
import { processingUnder } from '#privacy/processing';
import { composeMail } from './compose-mail.ts';
import { profileNames, readPolicyFile } from './policy/policy-file.ts';

const keyring = await openKeyring(openMemoryKeyStore());
const policyOf = async (name: string) =>
  (await readPolicyFile(name, { production: false, today: '2026-11-26' })).policy;
const standard = await policyOf('standard');
const processing = processingUnder({}, { isGiven: async () => true, optsOutOfSharing: async () => false });
const composed = (production: boolean, url?: string, isOn = true) =>
  composeMail(
    {
      production,
      smtpUrl: url === undefined ? undefined : new Secret(url),
      mailFrom: url === undefined ? undefined : { name: 'Example', address: 'no-reply@example.com' },
    },
    standard,
    isOn,
    { keyring, processing },
  );

test('mail goes to the server that is set, in development into memory, in production nowhere, and that is said', () => {
  const url = 'smtps://mail.example.com';
  assert.deepEqual([composed(true, url).mailbox, composed(true, url).check()], [null, undefined]);
  assert.equal(composed(false, url).mailbox, null);
  assert.notEqual(composed(false).mailbox, null);
  assert.equal(composed(false).check(), undefined);
  assert.deepEqual(
    [composed(true).mailbox, composed(true).check()],
    [null, 'no mail server is set, so mail waits'],
  );
  const off = composed(true, undefined, false);
  assert.deepEqual([off.jobs.length, off.check()], [0, undefined], 'a policy without mail needs no server');
});

test('marketing is mailed under the one profile whose mail server is declared for it, and under no other', async () => {
  for (const name of profileNames()) {
    const declared = mailPurposes(await policyOf(name));
    const verdict = await mailLeave(declared, { mayProcess: async () => 'allowed' }).marketing({} as never, {
      kind: 'person',
      id: '',
    });
    assert.equal(verdict, name === 'business-messaging' ? 'allowed' : 'undeclared', name);
    const expected = name === 'device-app' ? [] : ['contact', 'security', 'support'];
    assert.deepEqual([...declared].filter((purpose) => purpose !== 'marketing').sort(), expected, name);
  }
});

test('a mail server that the policy does not list, by name or by host, is refused', async () => {
  const facts = { features: { email_accounts: true } };
  const broken = (policy: typeof standard) =>
    checkAgainst(policy, {
      today: '2026-11-26',
      columns: [],
      carriers: [],
      rightsHandled: [],
      schema: { unknownColumns: [], missingColumns: [] },
      config: {
        ...facts,
        retention: {},
        contentStored: {},
        cookies: [],
        trackers: [],
        age: policy.audience,
      },
      egress: mailRecipients({ host: 'mail.example.com' }, mailPurposes(policy)),
    } as unknown as Facts).filter(
      ({ promise, code }) => promise === 'disclose:mail_provider' && code.startsWith('E-REC'),
    );
  assert.deepEqual(mailRecipients(null, new Set()), []);
  assert.deepEqual(broken(standard), [], 'a profile leaves the host to the configuration');
  const { mail_provider, ...others } = standard.recipients;
  assert.ok(broken({ ...standard, recipients: others }).length > 0);
  const at = (hosts: readonly string[]) => ({
    ...standard,
    recipients: { ...others, mail_provider: { ...mail_provider!, hosts } },
  });
  assert.deepEqual(broken(at(['mail.example.com']) as typeof standard), []);
  assert.match(broken(at(['other.example.com']) as typeof standard)[0]!.fact, /mail\.example\.com/);
});
