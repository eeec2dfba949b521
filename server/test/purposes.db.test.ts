// The purposes of a policy and the reads of the code, held against each other: what is read for a purpose that a policy
// lacks belongs to something that is off under it, and everything else answers `feature_off` and reads nothing.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { createHttpServer } from '#http';
import { Database } from '#platform/database';
import { createLog } from '#platform/log';
import { originsOf, readLiveCatalog, touchedColumns } from '#privacy/data-map';
import { expireDue, limitsOf, retentionReport } from '#privacy/retention';
import { privacyRoutes } from '#privacy/routes';
import { dataMap } from '../src/main/data-map.ts';
import { expiryHandlers, keyDayUsers } from '../src/main/expiry-handlers.ts';
import { featuresOf } from '../src/main/policy/features.ts';
import { profileNames, readPolicyFile } from '../src/main/policy/policy-file.ts';
import { purposesOf } from '../src/main/policy/purposes.ts';
import { registeredStatements } from '../src/platform/db/statement.ts';
import { useApi } from './api.ts';

describe('purposes in force', () => {
  const contexts = resolve(import.meta.dirname, '../src');
  const closers: (() => Promise<unknown>)[] = [];
  after(async () => {
    for (const close of closers) await close();
  });
  // After the hook above: what uses its database ends before it does.
  const app = useApi();
  const policyOf = async (name: string) =>
    (await readPolicyFile(name, { production: false, today: '2026-11-26' })).policy;
  const ALWAYS = new Set(['operations', 'legal']);

  function databaseFor(purposes: ReadonlySet<string>): Database {
    const db = new Database({ url: app.database.url, connections: 2, purposes });
    closers.push(() => db.end());
    return db;
  }

  test('under every profile, what is read for a purpose it lacks belongs to a feature that is off', async () => {
    for (const file of readdirSync(contexts, { recursive: true, encoding: 'utf8' })) {
      if (file.endsWith('.sql.ts')) await import(pathToFileURL(join(contexts, file)).href);
    }
    const client = new pg.Client({ connectionString: app.database.url });
    await client.connect();
    closers.push(() => client.end());
    const origins = originsOf(await readLiveCatalog(client, []));
    const touched = new Map<string, ReadonlySet<string>>();
    for (const { name, text } of registeredStatements()) {
      const columns = (await touchedColumns(client, text)).map(
        ({ tableID, columnID }) => origins.get(`${tableID}.${columnID}`)!,
      );
      touched.set(name, new Set(columns.map((column) => column.split('.').slice(0, 2).join('.'))));
    }
    const lacking: string[] = [];
    for (const profile of profileNames()) {
      const policy = await policyOf(profile);
      const purposes = purposesOf(policy);
      const features: ReadonlySet<string> = featuresOf(policy);
      const isOff = (table: string) => {
        const feature = dataMap.tables.get(table)?.feature;
        return feature !== undefined && !features.has(feature);
      };
      for (const { name, purpose } of registeredStatements()) {
        if (purposes.has(purpose) || ALWAYS.has(purpose)) continue;
        const tables = [...touched.get(name)!];
        if (tables.length === 0 || !tables.every(isOff)) lacking.push(`${profile}: ${name} for ${purpose}`);
      }
    }
    assert.deepEqual(lacking, []);
  });

  test('under every profile, retention ends and reports everything with the purposes of that policy alone', async () => {
    for (const profile of profileNames()) {
      const policy = await policyOf(profile);
      const db = databaseFor(purposesOf(policy));
      const options = {
        db,
        keyring: app.keyring,
        limits: limitsOf(policy),
        handlers: expiryHandlers(app.keyring),
        keyDayUsers,
        restFactor: 0,
      };
      const { failures } = await expireDue(options, new AbortController().signal);
      assert.deepEqual(failures, [], profile);
      await retentionReport(options);
    }
  });

  test('a request that would read for a purpose the policy lacks answers feature_off, and others go on', async () => {
    const purposes = new Set(purposesOf(await policyOf('standard')));
    purposes.delete('suppression');
    const db = databaseFor(purposes);
    const { keyring } = app;
    const suppressions = { refresh: async () => undefined };
    const server = createHttpServer({
      db,
      keyring,
      log: createLog({ level: 'silent' }),
      authenticator: app.authenticator,
      routes: privacyRoutes({ db, keyring, suppressions, verdicts: { forget: () => undefined } }),
      trustedProxies: [],
      requireHttps: false,
      bodyLimitBytes: 65_536,
    });
    closers.push(() => server.close());
    const ask = (url: string) =>
      server.fastify.inject({ method: 'GET', url, headers: { authorization: `Bearer ${app.shop.token}` } });
    const refused = await ask('/v1/opt-outs');
    assert.deepEqual([refused.statusCode, refused.json().code], [403, 'feature_off']);
    assert.match(refused.body, /suppression/);
    assert.equal((await ask('/v1/consents/current')).statusCode, 200);
  });
});
