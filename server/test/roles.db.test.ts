// Every operation as every role, as somebody with no role there, and as a key: allowed exactly where the permission table
// says so, and otherwise refused without a word of data (ASVS 5.0.0 V8.2.1, V8.2.2; OWASP API1, API5).
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { encodeId, headers, type Operation, operations } from '@sotto/contract';
import { scopesOfRole, scopesOfStaff, staffRoles, workspaceRoles } from '@sotto/contract/roles';
import { isAccountScope, isPersonScope, isPlatformScope, type Scope } from '@sotto/contract/scopes';
import { newId } from '#platform/ids';
import { useApi } from './api.ts';
import type { TestPerson } from './people.ts';
import { type Answer, callOperation } from './route-contract.ts';

/** Codes that say who somebody is or may do; everything else is said to who was let in. */
const REFUSED = new Set(['unauthorized', 'scope_missing', 'second_factor_required', 'session_ended']);

describe('the permission table', () => {
  const app = useApi();
  const people = new Map<string, TestPerson>();
  const ofWorkspace = operations.filter(
    ({ scope }) => scope !== null && !isAccountScope(scope) && !isPlatformScope(scope),
  );
  const ofPlatform = operations.filter(({ scope }) => scope !== null && isPlatformScope(scope));

  const prefixOf = (operation: Operation) => {
    const schema = operation.request.params?.shape.id;
    const example = (schema?.meta?.() as { examples?: string[] } | undefined)?.examples?.[0];
    return example?.split('_')[0] as Parameters<typeof encodeId>[0] | undefined;
  };
  function call(operation: Operation, token: string, workspace: string | null): Promise<Answer> {
    const prefix = prefixOf(operation);
    return callOperation(app.server, operation, {
      token,
      ...(prefix === undefined ? {} : { id: encodeId(prefix, newId()) }),
      ...(operation.request.body === undefined ? {} : { body: operation.examples?.body ?? {} }),
      ...(workspace === null ? {} : { headers: { [headers.workspace]: workspace } }),
    });
  }
  const isLetIn = ({ status, body }: Answer) => status < 400 || !REFUSED.has(body.code);

  before(async () => {
    for (const role of workspaceRoles) {
      people.set(role, await app.person({ memberOf: { workspaceId: app.shop.id, role } }));
    }
    for (const staffRole of staffRoles) {
      people.set(staffRole, await app.person({ staffRole, strength: 'second_factor' }));
    }
    people.set('nobody', await app.person({ strength: 'second_factor' }));
  });

  for (const role of workspaceRoles) {
    test(`${role}: every operation of a workspace (checklist 2)`, async () => {
      const allowed: ReadonlySet<Scope> = scopesOfRole(role);
      for (const operation of ofWorkspace) {
        const answer = await call(operation, people.get(role)!.token, app.shop.publicId);
        assert.equal(isLetIn(answer), allowed.has(operation.scope!), `${operation.id}: ${answer.text}`);
        if (!isLetIn(answer)) assert.deepEqual([answer.status, answer.body.code], [403, 'scope_missing']);
      }
    });
  }

  for (const role of staffRoles) {
    test(`${role}: every operation of the platform`, async () => {
      const allowed: ReadonlySet<Scope> = scopesOfStaff(role);
      for (const operation of ofPlatform) {
        const answer = await call(operation, people.get(role)!.token, null);
        assert.equal(isLetIn(answer), allowed.has(operation.scope!), `${operation.id}: ${answer.text}`);
      }
    });
  }

  test('in a workspace that is not theirs, nobody is told more than that it is not there (checklist 1)', async () => {
    for (const name of ['nobody', 'owner', 'administrator']) {
      for (const operation of ofWorkspace) {
        const answer = await call(operation, people.get(name)!.token, app.stranger.publicId);
        assert.deepEqual([answer.status, answer.body.code], [404, 'not_found'], `${name} ${operation.id}`);
      }
    }
  });

  test('without a second factor, and without a grant, nothing of the platform opens (checklist 21)', async () => {
    const weak = await app.person({ staffRole: 'administrator', strength: 'full' });
    for (const operation of ofPlatform) {
      const answer = await call(operation, weak.token, null);
      assert.deepEqual([answer.status, answer.body.code], [403, 'second_factor_required'], operation.id);
      const none = await call(operation, people.get('nobody')!.token, null);
      assert.deepEqual([none.status, none.body.code], [403, 'scope_missing'], operation.id);
    }
  });

  test('no key opens the account of a person (checklist 35)', async () => {
    for (const operation of operations.filter(({ scope }) => scope !== null && isPersonScope(scope))) {
      for (const token of [app.shop.token, app.admin]) {
        const answer = await call(operation, token, null);
        assert.deepEqual([answer.status, answer.body.code], [403, 'scope_missing'], operation.id);
      }
    }
  });

  test('somebody signed in creates keys within their role, which stay theirs to revoke', async () => {
    const create = operations.find(({ id }) => id === 'keys.create')!;
    const as = (role: string, scopes: string[]) =>
      callOperation(app.server, create, {
        token: people.get(role)!.token,
        headers: { [headers.workspace]: app.shop.publicId },
        body: { name: 'mine', scopes },
      });
    const made = await as('developer', ['messages:send']);
    assert.equal(made.status, 201, made.text);
    assert.equal(made.body.created_by, null);
    const refused = await as('developer', ['consents:write']);
    assert.deepEqual([refused.status, refused.body.code, refused.body.field], [403, 'forbidden', 'scopes']);
    const [row] = await app.database.sql<{ created_by_person: string; origin: string }>(
      'select created_by_person, origin from accounts.api_key order by id desc limit 1',
    );
    assert.deepEqual(row, { created_by_person: people.get('developer')!.id, origin: 'person' });
  });
});
