import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type StaffRole,
  scopesOfRole,
  scopesOfStaff,
  staffRoles,
  workspaceRoles,
} from '@sotto/contract/roles';
import {
  accountScopes,
  memberScopes,
  platformScopes,
  type Scope,
  workspaceScopes,
} from '@sotto/contract/scopes';
import { decideSession, FRESH_MS, type SessionFacts } from './session-rules.ts';

const OWN = '01900000-0000-7000-8000-000000000001';
const SHOP = '01900000-0000-7000-8000-000000000002';
const STRANGER = '01900000-0000-7000-8000-000000000003';

const facts = (change: Partial<SessionFacts> = {}): SessionFacts => ({
  sessionId: 's',
  personId: 'p',
  strength: 'full',
  ended: false,
  authenticatedMsAgo: 0,
  personalWorkspaceId: OWN,
  members: [
    { workspaceId: OWN, role: 'owner', currency: 'EUR' },
    { workspaceId: SHOP, role: 'viewer', currency: 'SAR' },
  ],
  staffRole: null,
  ...change,
});
const decide = (change: Partial<SessionFacts>, scope: Scope, workspaceId: string | null = null): string => {
  const decided = decideSession(facts(change), { scope, workspaceId });
  if (decided.outcome === 'refused') return decided.code;
  const { kind, scopes } = decided.principal;
  return scopes.has(scope) ? kind : 'scope_missing';
};

test('a session that has ended opens nothing', () => {
  for (const scope of [...accountScopes, ...platformScopes, ...workspaceScopes, ...memberScopes]) {
    assert.equal(decide({ ended: true, staffRole: 'administrator' }, scope), 'session_ended');
  }
});

test('while the second factor is missing, a session can be finished or ended and nothing else (checklist 12)', () => {
  for (const scope of [...accountScopes, ...platformScopes, ...workspaceScopes, ...memberScopes]) {
    const wanted = scope === 'account:finish' ? 'person' : 'second_factor_required';
    assert.equal(decide({ strength: 'first_factor', staffRole: 'administrator' }, scope), wanted, scope);
  }
});

test('what could take the account away wants a sign-in of ten minutes (checklist 28)', () => {
  assert.equal(decide({ authenticatedMsAgo: FRESH_MS }, 'account:secure'), 'person');
  assert.equal(decide({ authenticatedMsAgo: FRESH_MS + 1 }, 'account:secure'), 'reauthentication_required');
  assert.equal(decide({ authenticatedMsAgo: FRESH_MS + 1 }, 'account:write'), 'person');
  assert.equal(decide({ authenticatedMsAgo: FRESH_MS }, 'workspace:close'), 'workspace');
  assert.equal(decide({ authenticatedMsAgo: FRESH_MS + 1 }, 'workspace:close'), 'reauthentication_required');
  // Who could not do it anyway is not sent to sign in.
  assert.equal(decide({ authenticatedMsAgo: FRESH_MS + 1 }, 'workspace:close', SHOP), 'scope_missing');
});

test('without a name it is the personal workspace; one that is not theirs is not there', () => {
  assert.equal(decide({}, 'messages:send'), 'workspace');
  assert.equal(decide({}, 'messages:read', SHOP), 'workspace');
  assert.equal(decide({}, 'messages:send', SHOP), 'scope_missing', 'a viewer looks');
  for (const named of [STRANGER, '', 'wrk_x']) assert.equal(decide({}, 'messages:read', named), 'not_found');
  assert.equal(decide({ personalWorkspaceId: null }, 'messages:read'), 'scope_missing');
});

test('staff act with a second factor only, and the role says how far', () => {
  for (const scope of platformScopes) {
    assert.equal(
      decide({ strength: 'second_factor' }, scope),
      'scope_missing',
      'who is no staff has nothing',
    );
    for (const staffRole of staffRoles) {
      assert.equal(decide({ staffRole }, scope), 'second_factor_required');
      const wanted = scopesOfStaff(staffRole as StaffRole).has(scope) ? 'admin' : 'scope_missing';
      assert.equal(decide({ staffRole, strength: 'second_factor' }, scope), wanted, `${staffRole} ${scope}`);
    }
  }
});

test('an owner may do everything a workspace can, and a lesser role nothing that a greater one may not', () => {
  const all = new Set<Scope>([...workspaceScopes, ...memberScopes]);
  assert.deepEqual(scopesOfRole('owner'), all);
  for (const role of workspaceRoles) for (const scope of scopesOfRole(role)) assert.ok(all.has(scope));
  for (const scope of scopesOfRole('viewer')) assert.match(scope, /:read$/);
  for (const scope of scopesOfRole('billing'))
    assert.match(scope, /^(wallet|payments|plans|invoices|tickets):|:read$/);
});
