import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Refusal } from '#platform/errors';
import { profileNames, readPolicyFile } from './policy-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-policy-'));
after(() => rmSync(folder, { recursive: true }));

const DEVELOPMENT = { production: false, today: '2026-11-26' };
let files = 0;

function fileOf(text: string): string {
  const path = join(folder, `policy-${++files}.yaml`);
  writeFileSync(path, text);
  return path;
}

/** What a policy is refused with. */
async function refusal(name: string, options = DEVELOPMENT): Promise<string> {
  try {
    await readPolicyFile(name, options);
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error));
    assert.ok(error.waysOut.length > 0, 'there are ways out');
    return error.message;
  }
  return assert.fail('it was read');
}

const over = (lines: string) =>
  `policy: {schema: 1, id: own, version: 1.0.0, effective: 2026-11-26, extends: standard}\n${lines}\n`;

test('every profile of this release can be run in development, under a hash of its own', async () => {
  const names = profileNames();
  assert.deepEqual(names, [
    'activation-dashboard',
    'activation-wallet',
    'business-messaging',
    'carrier-messaging',
    'device-app',
    'standard',
  ]);
  const hashes = new Set<string>();
  for (const name of names) {
    const { hash, policy } = await readPolicyFile(name, DEVELOPMENT);
    assert.match(hash, /^sha256:[0-9a-f]{64}$/);
    assert.equal(policy.policy.id, name);
    hashes.add(hash);
  }
  assert.equal(hashes.size, names.length);
});

test('production refuses the placeholders of every profile', async () => {
  for (const name of profileNames())
    assert.match(await refusal(name, { ...DEVELOPMENT, production: true }), /E-PLACEHOLDER/, name);
});

test('a name that is no profile and no file is refused, with the names there are', async () => {
  for (const name of ['nobody', '../policies/standard', 'promises', '']) await refusal(name);
});

test('a typo is told with its line, its column and what was meant', async () => {
  const path = fileOf(over('retention:\n  mesage_content: {for: P1D, from: delivered, then: shred}'));
  assert.match(await refusal(path), /:3:3 E-UNKNOWN-KEY: .*message_content/s);
});

test('a retention without an end is refused at its line', async () => {
  const path = fileOf(over('retention:\n  lease: {until: lease_released, then: erase}'));
  assert.match(await refusal(path), /:3:\d+ E-(RET-UNBOUNDED|MISSING): /);
});

test('a promise slower than the law is refused, naming the law', async () => {
  const path = fileOf(
    over(
      'breach: {notify_authority_within: P7D, notify_users_when: high_risk, register: true}\n' +
        'weakens: [{path: breach.notify_authority_within, reason: a test}]',
    ),
  );
  assert.match(await refusal(path), /E-DEADLINE-LAW: .*(GDPR|Art)/s);
});

test('a weaker promise than that of its base is refused until it is owned up to', async () => {
  const longer = 'retention:\n  message_content: {for: P30D, from: delivered, then: shred}';
  const body = 'messages:\n  outbound: {body: {store: P30D}}';
  assert.match(await refusal(fileOf(over(`${longer}\n${body}`))), /E-WEAKENS: /);
  const owned =
    'weakens:\n  - {path: retention.message_content, reason: a test}\n  - {path: messages.outbound.body, reason: a test}';
  const { policy } = await readPolicyFile(fileOf(over(`${longer}\n${body}\n${owned}`)), DEVELOPMENT);
  assert.equal(policy.weakens.length, 2);
});

test('a claim nobody can keep is refused where it stands', async () => {
  const path = fileOf(
    over('text:\n  en:\n    extra:\n      - {class: disclaimer, text: Our platform is 100% secure.}'),
  );
  assert.match(await refusal(path), /:5:\d+ E-LINT: /);
});

test('what is no policy at all is refused without a stack', async () => {
  for (const text of ['', 'just words', '- a\n- list', 'policy: [', '\0\0', `${'a: &a [*a]\n'.repeat(3)}`])
    await refusal(fileOf(text));
  const bytes = join(folder, 'bytes.yaml');
  writeFileSync(bytes, Buffer.from([0xff, 0xfe, 0x00]));
  assert.match(await refusal(bytes), /not UTF-8/);
  writeFileSync(bytes, Buffer.alloc(1_048_577, 0x20));
  assert.match(await refusal(bytes), /too large/);
});
