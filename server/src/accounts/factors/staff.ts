// The operator's people: accounts with a role of the platform. A grant or its end changes what a session opens, so every
// session of the person ends with it (ASVS 5.0.0 V7.2.4); the next one lives as long as those of staff.
import type { StaffRole } from '@sotto/contract/roles';
import type { Tx } from '#platform/database';
import type { Keyring } from '#privacy';
import { type Actor, record } from '#privacy/audit';
import { personPlace } from '../people/people.ts';
import { lockPerson } from '../people/person.sql.ts';
import { endSessions } from '../sessions/session.sql.ts';
import {
  grantRole,
  lockAdministrators,
  removeRole,
  type StaffRow,
  selectStaff,
  selectStaffPage,
} from './staff.sql.ts';

export interface StaffMember {
  readonly personId: string;
  readonly email: string | null;
  readonly role: StaffRole;
  readonly hasFactor: boolean;
  readonly grantedAt: Date;
}

/** Why a role is neither given nor taken. */
export type StaffRefusal = 'unknown' | 'self' | 'last_administrator';

/**
 * Gives an account a role in place of the one it had; may be repeated. `by` is who grants, null for a key. Needs
 * `Authenticator.forget` of the person for this process to follow at once.
 */
export async function grantStaff(
  tx: Tx,
  keyring: Keyring,
  personId: string,
  role: StaffRole,
  by: string | null,
  actor: Actor,
): Promise<StaffMember | StaffRefusal> {
  if (personId === by) return 'self';
  const administrators = await lockAdministrators(tx);
  if ((await lockPerson(tx, personId)) === undefined) return 'unknown';
  if (role !== 'administrator' && isLast(administrators, personId)) return 'last_administrator';
  if (await grantRole(tx, personId, role)) {
    await endSessions(tx, [personId], null);
    await record(tx, keyring, { action: 'staff.granted', actor, object: { kind: 'account', id: personId } });
  }
  const row = await selectStaff(tx, personId);
  return row === undefined ? 'unknown' : (await membersOf(keyring, [row]))[0]!;
}

/** Takes the role of an account away. Needs `Authenticator.forget` as granting does. */
export async function removeStaff(
  tx: Tx,
  keyring: Keyring,
  personId: string,
  actor: Actor,
): Promise<'removed' | Exclude<StaffRefusal, 'self'>> {
  const administrators = await lockAdministrators(tx);
  if (isLast(administrators, personId)) return 'last_administrator';
  if (!(await removeRole(tx, personId))) return 'unknown';
  await endSessions(tx, [personId], null);
  await record(tx, keyring, { action: 'staff.removed', actor, object: { kind: 'account', id: personId } });
  return 'removed';
}

/** Staff with open accounts, the newest accounts first, those with an id below `before`. */
export const listStaff = async (
  tx: Tx,
  keyring: Keyring,
  page: { readonly before: string | null; readonly limit: number },
): Promise<StaffMember[]> => membersOf(keyring, await selectStaffPage(tx, page.before, page.limit));

const isLast = (administrators: readonly string[], personId: string): boolean =>
  administrators.length === 1 && administrators[0] === personId;

async function membersOf(keyring: Keyring, rows: readonly StaffRow[]): Promise<StaffMember[]> {
  await keyring.load(rows.map(({ person_id: id }) => keyring.keyId({ class: 'identity', subjectId: id })));
  return rows.map((row) => ({
    personId: row.person_id,
    email: emailOf(keyring, row),
    role: row.role as StaffRole,
    hasFactor: row.has_factor,
    grantedAt: row.granted_at,
  }));
}

function emailOf(keyring: Keyring, { person_id: id, email }: StaffRow): string | null {
  if (email === null) return null;
  const opened = keyring.open(personPlace(keyring, id, 'accounts.person.email'), email);
  return opened.state === 'open' ? opened.plaintext.toString() : null;
}
