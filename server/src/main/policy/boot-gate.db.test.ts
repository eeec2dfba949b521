// The gate on a real database: what it refuses, what it guards, and that it says so in the words of the page.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { createWorkspace } from '#accounts';
import { createConnector } from '#carriers';
import type { Config } from '#platform/config';
import { Refusal } from '#platform/errors';
import { openKeyring } from '#privacy';
import { openMemoryKeyStore } from '#privacy/memory-key-store';
import { type TestDatabase, useDatabase } from '../../../test/harness.ts';
import { passGate } from './boot-gate.ts';
import { MACHINERY_SCHEMAS } from './installation-facts.ts';
import { readPolicyFile } from './policy-file.ts';

/** The clock that tests move lives in a schema of its own. */
const IGNORED = [...MACHINERY_SCHEMAS, 'sotto_test'];
const TODAY = '2026-11-26';
const DEVELOPMENT = { mode: 'development', production: false, simulator: true } as Config;
const PRODUCTION = {
  mode: 'production',
  production: true,
  simulator: false,
  publicUrl: 'https://sms.example.com',
} as Config;

const gateOf = (base: TestDatabase, config: Config = DEVELOPMENT) => ({
  async pass(name: string) {
    const file = await readPolicyFile(name, { production: false, today: TODAY });
    const keyring = await openKeyring(openMemoryKeyStore());
    return passGate({ db: base.db, keyring, ownerUrl: base.url }, config, file, IGNORED);
  },
  async refused(name: string): Promise<string> {
    try {
      await this.pass(name);
    } catch (error) {
      assert.ok(error instanceof Refusal, String(error));
      return error.message;
    }
    return assert.fail(`${name} passed`);
  },
});

const codesOf = (message: string) =>
  [...message.matchAll(/^ {2}(E-[A-Z-]+) (\S+)/gm)].map(([, code, promise]) => `${code} ${promise}`);

describe('an empty installation', () => {
  const base = useDatabase();

  test('passes under every profile, and says what waits for parts that are not built', async () => {
    for (const name of [
      'standard',
      'activation-dashboard',
      'activation-wallet',
      'business-messaging',
      'carrier-messaging',
      'device-app',
    ]) {
      const { warnings } = await gateOf(base).pass(name);
      assert.ok(
        warnings.some(({ code, promise }) => code === 'E-RIGHT' && promise === 'require:right:access'),
        name,
      );
      for (const { code, waysOut, fact } of warnings) {
        assert.notEqual(code, 'E-RET-LONGER', fact);
        assert.equal(waysOut.length, 3);
        assert.ok(fact.length > 0);
      }
    }
  });

  test('does not start in production while a promise waits for its part', async () => {
    assert.match(await gateOf(base, PRODUCTION).refused('standard'), /E-RIGHT require:right:access/);
  });

  test('is refused when what is on reads for a purpose that the policy lacks', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sotto-gate-'));
    const file = join(folder, 'without-suppression.yaml');
    const standard = readFileSync(resolve(import.meta.dirname, '../../../../policies/standard.yaml'), 'utf8');
    writeFileSync(
      file,
      standard.replace(/^ {2}suppression: \{ basis.*\n/m, '').replace(/(purposes: \[.*), suppression/g, '$1'),
    );
    try {
      const message = await gateOf(base).refused(file);
      assert.ok(codesOf(message).includes('E-PURPOSE limit:user.privacy_preferences'), message);
      assert.match(message, /Code may use it for suppression/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('is refused when somebody added a column by hand', async () => {
    await base.sql('alter table accounts.workspace add column nickname text');
    try {
      const message = await gateOf(base).refused('standard');
      assert.deepEqual(codesOf(message), ['E-SCHEMA-DRIFT deadline:deletion']);
      assert.match(message, /accounts\.workspace\.nickname/);
    } finally {
      await base.sql('alter table accounts.workspace drop column nickname');
    }
  });
});

describe('what a policy never holds', () => {
  const base = useDatabase();
  const nameOf = (name: string | null) => async () => {
    const keyring = await openKeyring(openMemoryKeyStore());
    return base.db.batch((tx) => createWorkspace(tx, keyring, { kind: 'personal', name, currency: 'EUR' }));
  };

  test('the database refuses to take in, whoever writes, until the policy changes', async () => {
    await gateOf(base).pass('device-app');
    await assert.rejects(nameOf('Somebody'), { code: '23514', constraint: 'never_name' });
    await nameOf(null)();
    await gateOf(base).pass('device-app');
    await gateOf(base).pass('standard');
    await nameOf('Somebody')();
  });

  test('refuses the start of a database that holds it already, counting and not showing', async () => {
    const message = await gateOf(base).refused('device-app');
    assert.ok(codesOf(message).includes('E-NEVER-PRESENT prohibit:user.name'), message);
    assert.match(message, /Rows with a value: 1, in accounts\.workspace\.name/);
    assert.match(message, /promised: We never collect names\./);
    assert.equal(message.match(/way out: {2}/g)!.length % 3, 0);
    assert.doesNotMatch(message, /Somebody/);
  });

  test('refuses undeclared values as well as those promised never', async () => {
    const message = await gateOf(base).refused('activation-wallet');
    assert.deepEqual(codesOf(message), ['E-UNDECLARED limit:user.name']);
  });
});

describe('carriers', () => {
  const base = useDatabase();
  const connect = async (name: string, host: string, more: object = {}) => {
    const keyring = await openKeyring(openMemoryKeyStore());
    await createConnector(
      { db: base.db, keyring },
      { name, host, port: 2775, systemId: 'sotto', password: 'secret', ...more },
    );
  };

  test('a carrier in clear beyond this machine is refused, and one that keeps texts too long', async () => {
    await connect('simulated', '127.0.0.1');
    await gateOf(base).pass('carrier-messaging');
    await connect('far', 'smpp.example.com', { upstreamRetentionDays: 400 });
    const message = await gateOf(base).refused('carrier-messaging');
    assert.deepEqual(codesOf(message), [
      'E-UPSTREAM-RETENTION bound:upstream:carrier',
      'E-TLS require:in_transit',
    ]);
    assert.match(message, /Carrier far keeps content for P400D/);
  });

  test('a policy that names no carrier sends to none', async () => {
    assert.ok(
      codesOf(await gateOf(base).refused('device-app')).includes('E-REC-UNDECLARED disclose:carrier'),
    );
  });
});
