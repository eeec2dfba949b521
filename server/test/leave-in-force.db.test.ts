// Whether people let us, as the running server asks it: decisions come in over the API, and what is counted and passed
// on follows from them and from what the policy in force rests its purposes on.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { createConsent, getCurrentConsents, listConsents, withdrawConsent } from '@sotto/contract/consents';
import { createHttpServer } from '#http';
import { createLog } from '#platform/log';
import { ledgerConsents } from '#privacy/consent';
import { object, processingUnder, type RememberedVerdicts, rememberVerdicts } from '#privacy/processing';
import { createTelemetry, type TelemetryPermissions } from '#telemetry';
import { featuresOf } from '../src/main/policy/features.ts';
import { readPolicyFile } from '../src/main/policy/policy-file.ts';
import { basesOf } from '../src/main/policy/purposes.ts';
import { telemetryPermissions } from '../src/main/policy/telemetry-permissions.ts';
import { type Tenant, useApi } from './api.ts';
import { callOperation } from './route-contract.ts';

const POLICY_HASH = '0f'.repeat(32);
const PURPOSE = 'improve';

describe('leave in force', () => {
  const closers: (() => Promise<unknown>)[] = [];
  after(async () => {
    for (const close of closers) await close();
  });
  const remembered: RememberedVerdicts[] = [];
  const app = useApi({
    verdicts: {
      forget: () => {
        for (const verdicts of remembered) verdicts.forget();
      },
    },
  });

  /** What the policy lets telemetry do, over the ledger of this database, and how often anybody was asked for consent. */
  async function under(profile: string) {
    const { policy } = await readPolicyFile(profile, { production: false, today: '2026-11-26' });
    const ledger = ledgerConsents(app.keyring);
    let asked = 0;
    const processing = processingUnder(basesOf(policy), {
      ...ledger,
      isGiven: (...about) => {
        asked += 1;
        return ledger.isGiven(...about);
      },
    });
    const verdicts = rememberVerdicts({ db: app.database.db, processing });
    remembered.push(verdicts);
    return {
      permissions: telemetryPermissions(policy, featuresOf(policy), verdicts),
      bases: basesOf(policy),
      asked: () => asked,
    };
  }
  const leaveOf = async ({ mayCount, mayForward }: TelemetryPermissions, { id }: Tenant) => [
    await mayCount(id, PURPOSE),
    await mayForward(id, PURPOSE),
  ];
  const as = (tenant: Tenant) => ({
    give: async (body: object = {}) =>
      (
        await callOperation(app.server, createConsent, {
          token: tenant.token,
          body: { purpose: PURPOSE, policy_hash: POLICY_HASH, ...body },
        })
      ).body,
    withdrawAll: async () => {
      const { data } = (await callOperation(app.server, listConsents, { token: tenant.token })).body;
      for (const { id, decision } of data) {
        if (decision === 'given')
          await callOperation(app.server, withdrawConsent, { token: tenant.token, id, body: {} });
      }
    },
    signal: () =>
      callOperation(app.server, getCurrentConsents, {
        token: tenant.token,
        headers: { 'sec-gpc': '1' },
      }),
  });

  test('where the purpose rests on consent: unknown no, given yes, withdrawn no, expired no, at once', async () => {
    const { permissions } = await under('activation-wallet');
    const shop = as(app.shop);
    assert.deepEqual(await leaveOf(permissions, app.shop), [false, false], 'nobody asked');
    await shop.give();
    assert.deepEqual(await leaveOf(permissions, app.shop), [true, true]);
    assert.deepEqual(await leaveOf(permissions, app.stranger), [false, false], 'another workspace');
    await shop.withdrawAll();
    assert.deepEqual(await leaveOf(permissions, app.shop), [false, false]);
    const [row] = await app.database.sql<{ now: Date }>('select platform.clock() as now');
    await shop.give({ expires_at: new Date(row!.now.getTime() + 60_000).toISOString() });
    assert.deepEqual(await leaveOf(permissions, app.shop), [true, true]);
    await app.database.advance(60_001);
    for (const verdicts of remembered) verdicts.forget();
    assert.deepEqual(await leaveOf(permissions, app.shop), [false, false], 'expired');
    assert.equal(
      await permissions.mayCount('198.51.100.7', PURPOSE),
      false,
      'an address consents to nothing',
    );
  });

  test('a privacy signal is an objection to passing on, and does not touch the consent', async () => {
    const { permissions } = await under('activation-wallet');
    const stranger = as(app.stranger);
    await stranger.give();
    assert.deepEqual(await leaveOf(permissions, app.stranger), [true, true]);
    await stranger.signal();
    assert.deepEqual(await leaveOf(permissions, app.stranger), [true, false]);
    await stranger.withdrawAll();
  });

  test('where the purpose rests on an interest nobody is asked for consent, and an objection and a signal count', async () => {
    const { permissions, bases, asked } = await under('device-app');
    assert.equal(bases[PURPOSE], 'legitimate_interest');
    assert.deepEqual(await leaveOf(permissions, app.shop), [true, true], 'without any consent');
    assert.equal(await permissions.mayCount('198.51.100.7', PURPOSE), true);
    assert.equal(asked(), 0);
    await as(app.shop).signal();
    assert.deepEqual(await leaveOf(permissions, app.shop), [true, false]);
    const subject = { kind: 'workspace', id: app.shop.id } as const;
    assert.equal(await app.database.db.batch((tx) => object(tx, subject, PURPOSE, bases)), 'recorded');
    for (const verdicts of remembered) verdicts.forget();
    assert.deepEqual(await leaveOf(permissions, app.shop), [false, false]);
    assert.equal(asked(), 0);
  });

  test('of requests only those of who consented are counted, and none with a signal is passed on', async () => {
    await app.database.sql('delete from privacy.objection');
    const { permissions } = await under('activation-wallet');
    const passedOn: string[] = [];
    const telemetry = createTelemetry({
      db: app.database.db,
      log: createLog({ level: 'silent' }),
      permissions,
      peopleMin: 2,
      forwarder: {
        takesUsage: () => true,
        usage: async (counts) => void passedOn.push(...counts.map(({ name, uses }) => `${name} ${uses}`)),
        errors: async () => undefined,
      },
    });
    const server = createHttpServer({
      db: app.database.db,
      keyring: app.keyring,
      log: createLog({ level: 'silent' }),
      authenticator: app.authenticator,
      routes: app.routes,
      trustedProxies: [],
      requireHttps: false,
      bodyLimitBytes: 65_536,
      onUsed: telemetry.used,
    });
    closers.push(() => server.close());
    const ask = (tenant: Tenant, url: string, headers: object = {}) =>
      server.fastify.inject({
        method: 'GET',
        url,
        headers: { authorization: `Bearer ${tenant.token}`, ...headers },
      });
    const both = [app.shop, app.stranger];
    for (const tenant of both) await as(tenant).give();
    for (const tenant of both) await ask(tenant, '/v1/messages');
    await as(app.shop).withdrawAll();
    for (const tenant of both) await ask(tenant, '/v1/opt-outs');
    await telemetry.stop();
    const rows = await app.database.sql<{ name: string; uses: bigint }>(
      `select name, uses from telemetry.usage_count where kind = 'feature'`,
    );
    assert.deepEqual(
      rows.map(({ name, uses }) => `${name} ${uses}`),
      ['messages.list 2'],
      'after the withdrawal one is left, and that is too few',
    );
    assert.deepEqual(passedOn, [], 'both opted out of it');
  });
});
