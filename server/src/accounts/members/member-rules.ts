// What one member may do to another. Pure: roles in, a verdict out. Whoever calls holds the workspace locked, so that
// the roles are those of this moment.
import { scopesOfRole, type WorkspaceRole, workspaceRoles } from '@sotto/contract/roles';

/**
 * `no_power`: their role does not look after members. `above_own_role`: nobody gives more than they have.
 * `owner_needed`: only an owner changes an owner. `last_owner`: a workspace is never without one.
 */
export type MemberRefusal = 'no_power' | 'above_own_role' | 'owner_needed' | 'last_owner';

export interface Change {
  readonly actorRole: WorkspaceRole;
  readonly isSelf: boolean;
  readonly targetRole: WorkspaceRole;
  /** Null: they are no member any more. */
  readonly wanted: WorkspaceRole | null;
  /** People with an open account who own the workspace. */
  readonly owners: number;
}

/** Whether `role` gives more than `than` does. */
export const isAbove = (role: WorkspaceRole, than: WorkspaceRole): boolean =>
  workspaceRoles.indexOf(role) < workspaceRoles.indexOf(than);

/** Why somebody may not invite to a role; null when they may. */
export function refuseInvitation(actorRole: WorkspaceRole, wanted: WorkspaceRole): MemberRefusal | null {
  if (!scopesOfRole(actorRole).has('members:write')) return 'no_power';
  return isAbove(wanted, actorRole) ? 'above_own_role' : null;
}

/** Why a member may not be changed or removed; null when they may. Everybody may leave, but for the last owner. */
export function refuseChange({
  actorRole,
  isSelf,
  targetRole,
  wanted,
  owners,
}: Change): MemberRefusal | null {
  const leaves = isSelf && wanted === null;
  if (!leaves && !scopesOfRole(actorRole).has('members:write')) return 'no_power';
  if (!leaves && isAbove(targetRole, actorRole) && targetRole === 'owner') return 'owner_needed';
  if (wanted !== null && isAbove(wanted, actorRole)) return 'above_own_role';
  return targetRole === 'owner' && wanted !== 'owner' && owners <= 1 ? 'last_owner' : null;
}
