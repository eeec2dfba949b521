import assert from 'node:assert/strict';
import { test } from 'node:test';
import { platformScopes, type Scope, workspaceScopes } from '@sotto/contract/scopes';
import fc from 'fast-check';
import { type KeyLimits, refuseHandingOn, refuseKey } from './key-rules.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const limits = (changes: Partial<KeyLimits> = {}): KeyLimits => ({
  kind: 'live',
  scopes: ['messages:send'],
  networks: [],
  expiresAt: null,
  ...changes,
});
const creator = limits({ scopes: ['messages:send', 'messages:read', 'keys:write'] });

test('a key hands on scopes it has', () => {
  assert.equal(refuseHandingOn(creator, limits()), null);
  assert.equal(refuseHandingOn(creator, limits({ kind: 'test', scopes: ['messages:read'] })), null);
});

test('no key hands on a scope it does not have, nor the power to create keys (checklist 35)', () => {
  const scopes = fc.uniqueArray(fc.constantFrom(...workspaceScopes), { minLength: 1 });
  fc.assert(
    fc.property(scopes, scopes, (has, wants) => {
      const refusal = refuseHandingOn(limits({ scopes: has }), limits({ scopes: wants }));
      const may = wants.every((scope: Scope) => has.includes(scope as never) && scope !== 'keys:write');
      assert.equal(refusal === null, may);
      if (!may) assert.deepEqual(refusal, { reason: 'scope_too_wide', field: 'scopes' });
    }),
  );
});

test('a test key creates no live key, and no workspace key creates an administrator', () => {
  for (const [from, to] of [
    ['test', 'live'],
    ['test', 'admin'],
    ['live', 'admin'],
    ['admin', 'live'],
  ] as const)
    assert.equal(refuseHandingOn({ ...creator, kind: from }, limits({ kind: to }))?.reason, 'kind_too_wide');
});

test('a key bound to networks creates only keys bound within them', () => {
  const bound = { ...creator, networks: ['192.0.2.0/24'] };
  assert.equal(refuseHandingOn(bound, limits({ networks: ['192.0.2.64/26'] })), null);
  for (const networks of [[], ['192.0.0.0/16'], ['192.0.2.1', '198.51.100.1']])
    assert.equal(refuseHandingOn(bound, limits({ networks }))?.reason, 'network_too_wide');
});

test('a key that expires creates only keys that expire no later', () => {
  const expiring = { ...creator, expiresAt: new Date('2026-12-01T00:00:00Z') };
  assert.equal(refuseHandingOn(expiring, limits({ expiresAt: expiring.expiresAt })), null);
  for (const expiresAt of [null, new Date('2026-12-01T00:00:00.001Z')])
    assert.equal(refuseHandingOn(expiring, limits({ expiresAt }))?.reason, 'lasts_too_long');
});

test('a key that is slow creates only keys that are no faster', () => {
  const slow = { ...creator, requestsPerSecond: 10 };
  assert.equal(refuseHandingOn(slow, limits({ requestsPerSecond: 10 })), null);
  assert.equal(refuseHandingOn(creator, limits({ requestsPerSecond: 10_000 })), null);
  for (const requestsPerSecond of [11, null])
    assert.equal(refuseHandingOn(slow, limits({ requestsPerSecond }))?.reason, 'too_fast');
});

test('scopes of the platform are for administrators, scopes of a workspace for its keys', () => {
  assert.equal(refuseKey(limits({ kind: 'admin', scopes: platformScopes }), NOW), null);
  assert.equal(refuseKey(limits({ scopes: workspaceScopes }), NOW), null);
  assert.equal(refuseKey(limits({ scopes: ['admin:jobs'] }), NOW)?.reason, 'scope_not_of_kind');
  assert.equal(refuseKey(limits({ kind: 'admin' }), NOW)?.reason, 'scope_not_of_kind');
});

test('a key without any scope, or with a network that is none, is refused', () => {
  assert.equal(refuseKey(limits({ scopes: [] }), NOW)?.reason, 'no_scope');
  for (const network of ['192.0.2.0/33', 'office', ''])
    assert.equal(
      refuseKey(limits({ networks: ['192.0.2.0/24', network] }), NOW)?.reason,
      'network_malformed',
    );
});

test('a key that would be expired already is refused', () => {
  assert.equal(refuseKey(limits({ expiresAt: NOW }), NOW)?.reason, 'already_expired');
  assert.equal(refuseKey(limits({ expiresAt: new Date(NOW.getTime() + 1) }), NOW), null);
});
