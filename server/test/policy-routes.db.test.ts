// What everybody may read of the policy in force, and what a policy switches off.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createHttpServer } from '#http';
import { log } from '#platform/log';
import { featuresOf } from '../src/main/policy/features.ts';
import { readPolicyFile } from '../src/main/policy/policy-file.ts';
import { policyRoutes } from '../src/main/policy/policy-routes.ts';
import { useApi } from './api.ts';

describe('the policy in force', () => {
  const api = useApi();
  const get = (path: string, headers: Record<string, string> = {}) =>
    api.server.fastify.inject({ method: 'GET', url: path, headers });

  test('the page needs no key, no script and no style, and says what stands behind each statement', async () => {
    const page = await get('/privacy');
    assert.equal(page.statusCode, 200);
    assert.match(page.headers['content-type'] as string, /^text\/html/);
    assert.match(page.headers['content-security-policy'] as string, /^default-src 'none'; style-src 'none'/);
    assert.equal(page.headers['content-language'], 'en');
    assert.match(page.body, /<html lang="en" dir="ltr">/);
    assert.doesNotMatch(page.body, /<script|<style|<link|src=/);
    assert.match(page.body, /Enforced by the software/);
  });

  test('the page is there in Arabic, from right to left, and in no language the policy has not', async () => {
    const page = await get('/privacy?language=ar');
    assert.match(page.body, /<html lang="ar" dir="rtl">/);
    const none = await get('/privacy?language=fr');
    assert.equal(none.statusCode, 400);
    assert.equal(none.json().field, 'language');
  });

  test('the policy is named by its hash, and every promise has its sentence and its place', async () => {
    const { hash, policy } = await readPolicyFile('standard', { production: false, today: '2026-11-26' });
    const answer = (await get('/v1/policy')).json();
    assert.equal(answer.hash, hash);
    assert.equal(answer.version, policy.policy.version);
    assert.deepEqual(answer.features, [...featuresOf(policy)].sort());
    assert.ok(answer.features.includes('messages') && !answer.features.includes('device_accounts'));
    const { data } = (await get('/v1/policy/promises')).json() as {
      data: { id: string; sentence: string; assurance: string; path: string }[];
    };
    assert.ok(data.length > 100);
    const never = data.find(({ id }) => id === 'prohibit:user.financial.credit_card')!;
    assert.equal(never.assurance, 'enforced');
    assert.equal(never.path, 'data.user.financial.credit_card');
    assert.equal(new Set(data.map(({ id }) => id)).size, data.length, 'ids are unique');
  });

  test('what the policy switches off answers feature_off, and the rest goes on', async () => {
    const file = await readPolicyFile('device-app', { production: false, today: '2026-11-26' });
    const features: ReadonlySet<string> = featuresOf(file.policy);
    const server = createHttpServer({
      db: api.database.db,
      keyring: api.keyring,
      log,
      authenticator: api.authenticator,
      routes: [
        ...api.routes.filter(({ operation }) => !operation.id.startsWith('policy.')),
        ...policyRoutes(file),
      ],
      isOn: (feature) => features.has(feature),
      trustedProxies: [],
      requireHttps: false,
      bodyLimitBytes: 65_536,
    });
    try {
      const authorization = `Bearer ${api.shop.token}`;
      const sent = await server.fastify.inject({
        method: 'POST',
        url: '/v1/messages',
        headers: { authorization },
        payload: { to: '+4915123456789', text: 'Hello.' },
      });
      assert.equal(sent.statusCode, 403);
      assert.equal(sent.json().code, 'feature_off');
      for (const path of ['/v1/messages', '/v1/inbound']) {
        const answer = await server.fastify.inject({ method: 'GET', url: path, headers: { authorization } });
        assert.equal(answer.json().code, 'feature_off', path);
      }
      const stranger = await server.fastify.inject({ method: 'GET', url: '/v1/messages' });
      assert.equal(stranger.json().code, 'unauthorized', 'who has no key learns nothing more');
      const wallet = await server.fastify.inject({
        method: 'GET',
        url: '/v1/wallet',
        headers: { authorization },
      });
      assert.equal(wallet.statusCode, 200);
    } finally {
      await server.close();
    }
  });
});
