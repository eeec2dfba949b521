import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type WorkspaceRole, workspaceRoles } from '@sotto/contract/roles';
import { isAbove, refuseChange, refuseInvitation } from './member-rules.ts';

const everyChange = workspaceRoles
  .flatMap((actorRole) =>
    workspaceRoles.flatMap((targetRole) =>
      [...workspaceRoles, null].flatMap((wanted) =>
        [1, 2].flatMap((owners) =>
          [true, false].map((isSelf) => ({ actorRole, targetRole, wanted, owners, isSelf })),
        ),
      ),
    ),
  )
  .filter(({ actorRole, targetRole, isSelf }) => !isSelf || actorRole === targetRole);

test('whatever is allowed raises nobody above who does it, touches an owner by an owner alone, and leaves one', () => {
  let allowed = 0;
  for (const change of everyChange) {
    if (refuseChange(change) !== null) continue;
    allowed += 1;
    const { actorRole, targetRole, wanted, owners, isSelf } = change;
    if (wanted !== null) assert.ok(!isAbove(wanted, actorRole));
    if (targetRole === 'owner') assert.ok(actorRole === 'owner');
    if (targetRole === 'owner' && wanted !== 'owner') assert.ok(owners > 1);
    assert.ok(actorRole === 'owner' || actorRole === 'admin' || (isSelf && wanted === null));
  }
  assert.ok(allowed > 20);
});

test('everybody may leave but the last owner', () => {
  for (const role of workspaceRoles) {
    const leaving = { actorRole: role, targetRole: role, isSelf: true, wanted: null };
    assert.equal(refuseChange({ ...leaving, owners: 2 }), null);
    assert.equal(refuseChange({ ...leaving, owners: 1 }), role === 'owner' ? 'last_owner' : null);
  }
});

test('an owner hands over by making another one and stepping back', () => {
  const by = { actorRole: 'owner', isSelf: false, targetRole: 'viewer', wanted: 'owner', owners: 1 } as const;
  assert.equal(refuseChange(by), null);
  const back = { ...by, isSelf: true, targetRole: 'owner', wanted: 'admin', owners: 2 } as const;
  assert.equal(refuseChange(back), null);
});

test('who looks after members invites to their own role at most, and nobody else invites', () => {
  const may = (actor: WorkspaceRole) =>
    workspaceRoles.filter((role) => refuseInvitation(actor, role) === null);
  assert.deepEqual(may('owner'), [...workspaceRoles]);
  assert.deepEqual(may('admin'), workspaceRoles.slice(1));
  for (const role of ['developer', 'billing', 'viewer'] as const) assert.deepEqual(may(role), []);
});
