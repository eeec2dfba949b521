// Sessions and accounts as the API shows them.
import { encodeId } from '@sotto/contract';
import type { Account, SignedIn } from '@sotto/contract/account/fields';
import type { StaffRole, WorkspaceRole } from '@sotto/contract/roles';
import type { Person } from '../people/people.ts';
import type { Session } from './sessions.ts';

export const presentSession = (session: Session) => ({
  id: encodeId('ses', session.id),
  strength: session.strength,
  created_at: session.createdAt.toISOString(),
  last_seen_at: session.lastSeenAt.toISOString(),
  expires_at: session.expiresAt.toISOString(),
});

export const presentSignedIn = (session: Session, token: string): SignedIn => ({
  ...presentSession(session),
  token,
  account_id: encodeId('acc', session.personId),
});

export const presentAccount = (person: Person): Account => ({
  id: encodeId('acc', person.id),
  kind: person.kind,
  email: person.email,
  language: person.locale as Account['language'],
  workspaces: person.memberships.map(({ workspace_id, kind, role }) => ({
    id: encodeId('wrk', workspace_id),
    kind: kind as 'personal' | 'organisation',
    role: role as WorkspaceRole,
  })),
  staff_role: person.staffRole as StaffRole | null,
  created_at: person.createdAt.toISOString(),
});
