// Members of a workspace: who they are, what they are in it, and how that changes. A change counts from its commit; the
// memory of the authenticator follows at once where `forget` is called, elsewhere within two seconds. Whoever changes a
// member is judged by their role of this moment, whatever a memory says.
import type { WorkspaceRole } from '@sotto/contract/roles';
import type { Tx } from '#platform/database';
import type { Keyring } from '#privacy';
import { type Actor, record } from '#privacy/audit';
import { revokeKeysOf } from '../api-keys.ts';
import { personPlace } from '../people/people.ts';
import { dropInvitationsBy } from './invitation.sql.ts';
import {
  countMembers,
  deleteMember,
  findMembers,
  lockWorkspace,
  type MemberRow,
  selectMembers,
  updateRole,
} from './member.sql.ts';
import { isAbove, type MemberRefusal, refuseChange } from './member-rules.ts';

export interface Member {
  readonly personId: string;
  /** Null for a device, and once the key of the person is destroyed. */
  readonly email: string | null;
  readonly role: WorkspaceRole;
  readonly joinedAt: Date;
}

export type MemberChange =
  | { readonly outcome: 'done'; readonly member: Member }
  | { readonly outcome: 'refused'; readonly reason: MemberRefusal }
  /** No such member, or no such open workspace. */
  | { readonly outcome: 'unknown' };

/** Members, newest accounts first, those with an id below `before`. */
export async function listMembers(
  tx: Tx,
  keyring: Keyring,
  workspaceId: string,
  page: { readonly before: string | null; readonly limit: number },
): Promise<Member[]> {
  const rows = await selectMembers(tx, workspaceId, page);
  await keyring.load(rows.map((row) => keyOf(keyring, row.person_id)));
  return rows.map((row) => memberOf(keyring, row));
}

/** What somebody is in a workspace at this moment; undefined when nothing. */
export async function roleIn(
  tx: Tx,
  workspaceId: string,
  personId: string,
): Promise<WorkspaceRole | undefined> {
  const [row] = await findMembers(tx, workspaceId, [personId]);
  return row?.role as WorkspaceRole | undefined;
}

/**
 * Gives a member another role, or takes the workspace from them (`wanted` null). May be repeated. Invitations that are
 * more than they may give now are withdrawn with it, and keys they made end with their membership. Needs `Authenticator.forget` of the member.
 */
export async function changeMember(
  tx: Tx,
  keyring: Keyring,
  workspaceId: string,
  { actorId, personId, wanted }: { actorId: string; personId: string; wanted: WorkspaceRole | null },
  actor: Actor,
): Promise<MemberChange> {
  if ((await lockWorkspace(tx, workspaceId)) === undefined) return { outcome: 'unknown' };
  const rows = await findMembers(tx, workspaceId, [actorId, personId]);
  const [by, target] = [actorId, personId].map((id) => rows.find((row) => row.person_id === id));
  if (target === undefined) return { outcome: 'unknown' };
  if (by === undefined) return { outcome: 'refused', reason: 'no_power' };
  const reason = refuseChange({
    actorRole: by.role as WorkspaceRole,
    isSelf: actorId === personId,
    targetRole: target.role as WorkspaceRole,
    wanted,
    owners: (await countMembers(tx, workspaceId)).owners,
  });
  if (reason !== null) return { outcome: 'refused', reason };
  if (wanted !== target.role) {
    if (wanted === null) {
      await deleteMember(tx, workspaceId, personId);
      await revokeKeysOf(tx, keyring, personId, workspaceId, actor);
    } else await updateRole(tx, workspaceId, personId, wanted);
    const isLess = wanted === null || isAbove(target.role as WorkspaceRole, wanted);
    if (isLess) await dropInvitationsBy(tx, personId, workspaceId);
    await record(tx, keyring, {
      action: wanted === null ? 'member.removed' : 'member.changed',
      actor,
      object: { kind: 'account', id: personId },
      sealed: { workspaceId, ids: { workspace: workspaceId, member: personId } },
    });
  }
  await keyring.load([keyOf(keyring, personId)]);
  return { outcome: 'done', member: memberOf(keyring, { ...target, role: wanted ?? target.role }) };
}

const keyOf = (keyring: Keyring, personId: string) =>
  keyring.keyId({ class: 'identity', subjectId: personId });

function memberOf(keyring: Keyring, row: MemberRow): Member {
  const email =
    row.email === null
      ? null
      : keyring.open(personPlace(keyring, row.person_id, 'accounts.person.email'), row.email);
  return {
    personId: row.person_id,
    email: email?.state === 'open' ? email.plaintext.toString() : null,
    role: row.role as WorkspaceRole,
    joinedAt: row.created_at,
  };
}
