// People: who signs in. Each has a personal workspace that lives and dies with the account; what says who they are is
// sealed under a key of their own.

import type { Tx } from '#platform/database';
import { assertInvariant } from '#platform/errors';
import type { Keyring, Place } from '#privacy';
import { type Actor, record } from '#privacy/audit';
import { acceptPolicy, attestAge } from '#privacy/consent';
import { revokeKeysOf } from '../api-keys.ts';
import type { EmailAddress } from '../credentials/email-address.ts';
import { dropInvitationsBy } from '../members/invitation.sql.ts';
import { lockOwned } from '../members/member.sql.ts';
import { endSessions } from '../sessions/session.sql.ts';
import type { AccountMail } from '../sign-in/account-mail.ts';
import { closeWorkspace, createWorkspace } from '../workspaces.ts';
import {
  closePeople,
  insertMembership,
  insertPerson,
  isSoleOwner,
  lockPerson,
  type MembershipRow,
  type PersonRow,
  selectMemberships,
  selectPerson,
  selectStaffRole,
} from './person.sql.ts';

/** What whoever opens an account said, for the records that outlive the request. */
export interface Opening {
  /** SHA-256 of the policy that was read. */
  readonly policyHash: Buffer;
  readonly acceptance: 'explicit' | 'by_use';
  readonly locale: string;
  /** ISO 4217, of the personal workspace. */
  readonly currency: string;
}

export interface Person {
  readonly id: string;
  readonly kind: 'email' | 'device';
  /** Null for a device, and once the key of the person is destroyed. */
  readonly email: string | null;
  readonly locale: string;
  readonly personalWorkspaceId: string | null;
  readonly staffRole: string | null;
  readonly memberships: readonly MembershipRow[];
  readonly createdAt: Date;
}

export const EMAIL_INDEX = 'accounts.person.email_index';

/**
 * Opens an account with its personal workspace, in the caller's transaction. `email` is confirmed; null for a device. Age and policy are recorded with it. Not to be repeated: the second one of an address is refused by the
 * database. Answers the id of the workspace.
 */
export async function createPerson(
  tx: Tx,
  keyring: Keyring,
  id: string,
  email: Pick<EmailAddress, 'address' | 'index'> | null,
  opening: Opening,
): Promise<string> {
  await keyring.ensure([{ class: 'identity', subjectId: id }]);
  const workspace = await createWorkspace(
    tx,
    keyring,
    { kind: 'personal', name: null, currency: opening.currency },
    { kind: 'customer', personId: id },
  );
  await insertPerson(tx, {
    id,
    kind: email === null ? 'device' : 'email',
    email:
      email === null ? null : keyring.seal(personPlace(keyring, id, 'accounts.person.email'), email.address),
    email_index: email === null ? null : keyring.globalIndex(EMAIL_INDEX, email.index),
    locale: opening.locale,
    personal_workspace_id: workspace.id,
  });
  await insertMembership(tx, { workspace_id: workspace.id, person_id: id, role: 'owner' });
  await attestAge(tx, workspace.id, true);
  await acceptPolicy(tx, workspace.id, opening.policyHash, opening.acceptance);
  await record(tx, keyring, {
    action: 'account.created',
    actor: { kind: 'customer', personId: id },
    object: { kind: 'account', id },
  });
  return workspace.id;
}

/** An open account; undefined when there is none. */
export async function findPerson(tx: Tx, keyring: Keyring, id: string): Promise<Person | undefined> {
  const [row, memberships, staffRole] = await Promise.all([
    selectPerson(tx, id),
    selectMemberships(tx, id),
    selectStaffRole(tx, id),
  ]);
  if (row === undefined || row.closed_at !== null) return undefined;
  await keyring.load([keyring.keyId({ class: 'identity', subjectId: id })]);
  return {
    id: row.id,
    kind: row.kind as Person['kind'],
    email: emailOf(keyring, row),
    locale: row.locale,
    personalWorkspaceId: row.personal_workspace_id,
    staffRole,
    memberships,
    createdAt: row.created_at,
  };
}

/** `sole_owner`: an organisation would be left without one. `staff`: the role has to be taken away first. */
export type Closed = 'closed' | 'closed_before' | 'sole_owner' | 'staff';

/**
 * Ends an account: nothing of it signs in from now on, its personal workspace is closed, and retention erases both. Who
 * has an address is told so, before the erasure takes it along.
 * May be repeated. Needs `Authenticator.forget` for this process to follow at once.
 */
export async function closePerson(
  tx: Tx,
  keyring: Keyring,
  mail: AccountMail,
  id: string,
  actor: Actor,
): Promise<Closed> {
  const person = await lockPerson(tx, id);
  if (person === undefined) return 'closed_before';
  // Locked, so that of two owners who go at once one stays.
  await lockOwned(tx, id);
  if (await isSoleOwner(tx, id)) return 'sole_owner';
  if ((await selectStaffRole(tx, id)) !== null) return 'staff';
  await dropInvitationsBy(tx, id, null);
  const { email, locale } = (await findPerson(tx, keyring, id))!;
  if (email !== null)
    await mail.queue(tx, { kind: 'account_closed', to: email, personId: id, language: locale });
  await closePeople(tx, [id]);
  await endSessions(tx, [id], null);
  await revokeKeysOf(tx, keyring, id, null, actor);
  if (person.personal_workspace_id !== null) {
    const closed = await closeWorkspace(tx, person.personal_workspace_id);
    assertInvariant(closed, 'a personal workspace is open as long as its person');
  }
  await record(tx, keyring, { action: 'account.closed', actor, object: { kind: 'account', id } });
  return 'closed';
}

/** The place of a sealed column whose rows belong to one person each. */
export const personPlace = (
  keyring: Keyring,
  personId: string,
  column:
    | 'accounts.person.email'
    | 'accounts.password.hash'
    | 'accounts.totp.secret'
    | 'accounts.sign_up.email'
    | 'accounts.sign_up.password_hash',
): Place => ({
  column,
  rowId: personId,
  ownerId: personId,
  keyId: keyring.keyId({ class: 'identity', subjectId: personId }),
});

/** Needs the key of the person loaded. */
export function emailOf(keyring: Keyring, row: Pick<PersonRow, 'id' | 'email'>): string | null {
  if (row.email === null) return null;
  const opened = keyring.open(personPlace(keyring, row.id, 'accounts.person.email'), row.email);
  return opened.state === 'open' ? opened.plaintext.toString() : null;
}
