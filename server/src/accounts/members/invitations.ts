// Invitations to a workspace.
//
//   open ──the link, by the account of its address──► accepted      the address is erased at once
//     └──revoked, replaced, a week, its inviter lost the power──► gone, whole
//
// Nothing here looks an address up: inviting is the same whether it has an account or not. The link alone is not
// enough, for mails are forwarded: who accepts is signed in to the account that confirmed the invited address.
import type { WorkspaceRole } from '@sotto/contract/roles';
import type { Tx } from '#platform/database';
import { AppError, assertInvariant } from '#platform/errors';
import { newId } from '#platform/ids';
import type { Keyring, Place } from '#privacy';
import { type Actor, record } from '#privacy/audit';
import { lockCounting } from '../bounds.sql.ts';
import { type BoundsOf, membersFull } from '../bounds.ts';
import { type EmailAddress, readEmailAddress } from '../credentials/email-address.ts';
import { findPerson } from '../people/people.ts';
import { insertMembership, lockPerson } from '../people/person.sql.ts';
import type { AccountMail } from '../sign-in/account-mail.ts';
import { makeToken, readTokenKind } from '../token.ts';
import { findWorkspaces } from '../workspaces.ts';
import {
  deleteInvitations,
  type InvitationRow,
  insertInvitation,
  lockInvitation,
  markAccepted,
  selectOpen,
} from './invitation.sql.ts';
import { countMembers, countMemberships, lockWorkspace } from './member.sql.ts';
import { type MemberRefusal, refuseInvitation } from './member-rules.ts';
import { roleIn } from './members.ts';

export interface Invitation {
  readonly id: string;
  readonly role: WorkspaceRole;
  /** Null once the key of the workspace is destroyed. */
  readonly email: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export interface InvitationBounds {
  /** Open invitations of a workspace. */
  readonly openMax: number;
}

/** What joining and inviting ask of the workspace, and who does it. */
export interface Joining {
  readonly boundsOf: BoundsOf;
  readonly actor: Actor;
}

const SECRET = 'accounts.invitation.secret_hash';
const DAYS = 7;
/** People in a workspace. */
const MEMBERS_MAX = 1_000;
/** Workspaces of a person: what authentication looks up at once is bounded by it. */
const MEMBERSHIPS_MAX = 50;

/** Open invitations, newest first. */
export async function listInvitations(
  tx: Tx,
  keyring: Keyring,
  workspaceId: string,
  { openMax }: InvitationBounds,
): Promise<Invitation[]> {
  const rows = await selectOpen(tx, workspaceId, openMax);
  await keyring.load([keyOf(keyring, workspaceId)]);
  return rows.map((row) => invitationOf(keyring, row));
}

export type Invited =
  | { readonly outcome: 'invited'; readonly invitation: Invitation }
  | { readonly outcome: 'refused'; readonly reason: MemberRefusal | 'personal' | 'too_many' | 'unknown' };

/**
 * Invites an address and queues the mail, in the language of who invites. An open invitation of the same address is
 * replaced. Not to be repeated: each call is another link. Throws `plan_limit` while nobody could accept it.
 */
export async function invite(
  tx: Tx,
  keyring: Keyring,
  mail: AccountMail,
  wanted: { workspaceId: string; actorId: string; email: EmailAddress; role: WorkspaceRole },
  { openMax, boundsOf, actor }: InvitationBounds & Joining,
): Promise<Invited> {
  const { workspaceId, actorId, email, role } = wanted;
  const refused = (reason: Extract<Invited, { outcome: 'refused' }>['reason']): Invited => ({
    outcome: 'refused',
    reason,
  });
  if ((await lockPerson(tx, actorId)) === undefined) return refused('unknown');
  const place = await lockWorkspace(tx, workspaceId);
  const by = await roleIn(tx, workspaceId, actorId);
  if (place === undefined || by === undefined) return refused('unknown');
  if (place.kind === 'personal') return refused('personal');
  const reason = refuseInvitation(by, role);
  if (reason !== null) return refused(reason);
  await demandRoomForMember(tx, boundsOf, workspaceId);
  await keyring.ensure([{ class: 'identity', subjectId: workspaceId }]);
  const open = await listInvitations(tx, keyring, workspaceId, { openMax });
  const before = open.filter((one) => one.email !== null && indexOf(one.email) === email.index);
  await deleteInvitations(
    tx,
    workspaceId,
    before.map(({ id }) => id),
  );
  if (open.length - before.length >= openMax) return refused('too_many');
  const id = newId();
  const secret = makeToken('link');
  const row = await insertInvitation(tx, {
    id,
    workspaceId,
    invitedBy: actorId,
    role,
    email: keyring.seal(emailPlace(keyring, { id, workspace_id: workspaceId }), email.address),
    hash: keyring.mac(SECRET, secret),
    days: DAYS,
  });
  const [workspace] = await findWorkspaces(tx, keyring, [workspaceId]);
  const inviter = await findPerson(tx, keyring, actorId);
  await mail.queue(tx, {
    kind: 'invitation',
    to: email.address,
    workspaceId,
    workspace: workspace?.name ?? null,
    language: inviter?.locale ?? 'en',
    secret,
    days: DAYS,
  });
  await record(tx, keyring, { action: 'member.invited', actor, object: { kind: 'invitation', id } });
  return { outcome: 'invited', invitation: invitationOf(keyring, row) };
}

/** Ends an open invitation; false when there is none. The address goes with it. Throws `forbidden` for who may not. */
export async function revokeInvitation(
  tx: Tx,
  keyring: Keyring,
  { workspaceId, actorId, id }: { workspaceId: string; actorId: string; id: string },
  actor: Actor,
): Promise<boolean> {
  const by = await roleIn(tx, workspaceId, actorId);
  if (by === undefined || refuseInvitation(by, 'viewer') !== null) throw new AppError('forbidden');
  if ((await deleteInvitations(tx, workspaceId, [id])).length === 0) return false;
  await record(tx, keyring, { action: 'invitation.revoked', actor, object: { kind: 'invitation', id } });
  return true;
}

export type Accepted =
  | { readonly outcome: 'member'; readonly workspaceId: string; readonly role: WorkspaceRole }
  | { readonly outcome: 'refused'; readonly reason: 'link_invalid' | 'another_address' | 'too_many' };

/**
 * Makes somebody a member by a link. Who is one already stays what they are. May be repeated: of many at once one makes
 * the membership and all answer it. Needs `Authenticator.forget` of the person. Throws `plan_limit` when the workspace has
 * as many members as it may; the link works again when there are fewer.
 */
export async function acceptInvitation(
  tx: Tx,
  keyring: Keyring,
  { personId, secret }: { personId: string; secret: string },
  { boundsOf, actor }: Joining,
): Promise<Accepted> {
  const refused = (reason: Extract<Accepted, { outcome: 'refused' }>['reason']): Accepted => ({
    outcome: 'refused',
    reason,
  });
  if (readTokenKind(secret) !== 'link') return refused('link_invalid');
  if ((await lockPerson(tx, personId)) === undefined) return refused('link_invalid');
  const row = await lockInvitation(tx, keyring.macCandidates(SECRET, secret));
  if (row === undefined) return refused('link_invalid');
  const workspaceId = row.workspace_id;
  const standing = await roleIn(tx, workspaceId, personId);
  const member = (role: WorkspaceRole): Accepted => ({ outcome: 'member', workspaceId, role });
  // Accepted before: by whoever is a member now, or by somebody else.
  if (row.email === null) return standing === undefined ? refused('link_invalid') : member(standing);
  await keyring.load([keyOf(keyring, workspaceId)]);
  const { email } = invitationOf(keyring, row);
  const person = await findPerson(tx, keyring, personId);
  assertInvariant(person !== undefined, 'who is signed in has an account');
  if (email === null || person.email === null || indexOf(email) !== indexOf(person.email))
    return refused('another_address');
  if (standing !== undefined) {
    await markAccepted(tx, row.id);
    return member(standing);
  }
  await lockCounting(tx, workspaceId, 'members');
  await demandRoomForMember(tx, boundsOf, workspaceId);
  const isFull = (await countMembers(tx, workspaceId)).members >= MEMBERS_MAX;
  if (isFull || (await countMemberships(tx, personId)) >= MEMBERSHIPS_MAX) return refused('too_many');
  await insertMembership(tx, { workspace_id: workspaceId, person_id: personId, role: row.role });
  await markAccepted(tx, row.id);
  await record(tx, keyring, {
    action: 'member.joined',
    actor,
    object: { kind: 'account', id: personId },
    sealed: { workspaceId, ids: { workspace: workspaceId, member: personId } },
  });
  return member(row.role as WorkspaceRole);
}

async function demandRoomForMember(tx: Tx, boundsOf: BoundsOf, workspaceId: string): Promise<void> {
  const { membersMax } = await boundsOf(tx, workspaceId);
  if (membersMax === null) return;
  if ((await countMembers(tx, workspaceId)).members >= membersMax) throw membersFull(membersMax);
}

/** The spelling by which two addresses are one. */
function indexOf(address: string): string {
  const read = readEmailAddress(address);
  assertInvariant(read.state === 'ok', 'an address was read before it was kept');
  return read.email.index;
}

const keyOf = (keyring: Keyring, workspaceId: string) =>
  keyring.keyId({ class: 'identity', subjectId: workspaceId });

const emailPlace = (keyring: Keyring, row: Pick<InvitationRow, 'id' | 'workspace_id'>): Place => ({
  column: 'accounts.invitation.email',
  rowId: row.id,
  ownerId: row.workspace_id,
  keyId: keyOf(keyring, row.workspace_id),
});

function invitationOf(keyring: Keyring, row: InvitationRow): Invitation {
  const email = row.email === null ? null : keyring.open(emailPlace(keyring, row), row.email);
  return {
    id: row.id,
    role: row.role as WorkspaceRole,
    email: email?.state === 'open' ? email.plaintext.toString() : null,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}
