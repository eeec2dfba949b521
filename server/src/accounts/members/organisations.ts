// Organisations: opened by whoever is signed in, named, closed by an owner.
import type { WorkspaceRole } from '@sotto/contract/roles';
import type { Tx } from '#platform/database';
import { assertInvariant } from '#platform/errors';
import type { Keyring } from '#privacy';
import { type Actor, record } from '#privacy/audit';
import { insertMembership, lockPerson } from '../people/person.sql.ts';
import {
  closeWorkspace,
  createWorkspace,
  findWorkspaces,
  nameWorkspace,
  type Workspace,
} from '../workspaces.ts';
import { dropInvitationsOf } from './invitation.sql.ts';
import { lockOwned, lockWorkspace } from './member.sql.ts';
import { roleIn } from './members.ts';

export interface NewOrganisation {
  readonly name: string;
  /** ISO 4217. */
  readonly currency: string;
}

export type Opened =
  | { readonly outcome: 'opened'; readonly workspace: Workspace }
  | { readonly outcome: 'too_many' };

/**
 * Opens an organisation with its owner, in the caller's transaction. Nobody owns more than `ownedMax` open ones, however
 * many they ask for at once. Not to be repeated: each call makes another.
 */
export async function openOrganisation(
  tx: Tx,
  keyring: Keyring,
  personId: string,
  { name, currency }: NewOrganisation,
  { ownedMax, actor }: { readonly ownedMax: number; readonly actor: Actor },
): Promise<Opened> {
  const person = await lockPerson(tx, personId);
  assertInvariant(person !== undefined, 'who is signed in has an account');
  if ((await lockOwned(tx, personId)) >= ownedMax) return { outcome: 'too_many' };
  const workspace = await createWorkspace(tx, keyring, { kind: 'organisation', name: null, currency }, actor);
  await nameWorkspace(tx, keyring, workspace, name);
  await insertMembership(tx, { workspace_id: workspace.id, person_id: personId, role: 'owner' });
  return { outcome: 'opened', workspace: { ...workspace, name } };
}

/** A workspace that is open, with what somebody (null: a key) is in it. Undefined when there is none. */
export async function ownWorkspace(
  tx: Tx,
  keyring: Keyring,
  workspaceId: string,
  personId: string | null,
): Promise<{ readonly workspace: Workspace; readonly role: WorkspaceRole | null } | undefined> {
  const [workspace] = await findWorkspaces(tx, keyring, [workspaceId]);
  if (workspace === undefined || workspace.closedAt !== null) return undefined;
  const role = personId === null ? null : await roleIn(tx, workspaceId, personId);
  return { workspace, role: role ?? null };
}

/** `not_owner`: their role changed meanwhile. `personal`: it ends with its account. */
export type ClosedOrganisation = 'closed' | 'unknown' | 'personal' | 'not_owner';

/**
 * Ends an organisation for good, with its open invitations. Retention erases it as the policy says. Needs
 * `Authenticator.forget` of the workspace.
 */
export async function closeOrganisation(
  tx: Tx,
  keyring: Keyring,
  workspaceId: string,
  personId: string,
  actor: Actor,
): Promise<ClosedOrganisation> {
  const place = await lockWorkspace(tx, workspaceId);
  if (place === undefined) return 'unknown';
  if (place.kind === 'personal') return 'personal';
  if ((await roleIn(tx, workspaceId, personId)) !== 'owner') return 'not_owner';
  await dropInvitationsOf(tx, workspaceId);
  const closed = await closeWorkspace(tx, workspaceId);
  assertInvariant(closed, 'what is locked as open is open');
  await record(tx, keyring, {
    action: 'workspace.closed',
    actor,
    object: { kind: 'workspace', id: workspaceId },
  });
  return 'closed';
}
