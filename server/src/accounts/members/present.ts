// Workspaces, members and invitations as the API shows them to who works in them.
import { encodeId } from '@sotto/contract';
import type { Member as MemberAnswer } from '@sotto/contract/account/members';
import type { OwnWorkspace } from '@sotto/contract/account/workspace';
import type { WorkspaceRole } from '@sotto/contract/roles';
import type { Workspace } from '../workspaces.ts';
import type { Invitation } from './invitations.ts';
import type { Member } from './members.ts';

export const presentOwnWorkspace = (workspace: Workspace, role: WorkspaceRole | null): OwnWorkspace => ({
  id: encodeId('wrk', workspace.id),
  kind: workspace.kind,
  name: workspace.name,
  currency: workspace.currency,
  role,
  created_at: workspace.createdAt.toISOString(),
});

export const presentMember = (member: Member): MemberAnswer => ({
  id: encodeId('acc', member.personId),
  email: member.email,
  role: member.role,
  joined_at: member.joinedAt.toISOString(),
});

/** Without the address, so that no kept answer has it. */
export const presentSent = (invitation: Invitation) => ({
  id: encodeId('ivt', invitation.id),
  role: invitation.role,
  created_at: invitation.createdAt.toISOString(),
  expires_at: invitation.expiresAt.toISOString(),
});
