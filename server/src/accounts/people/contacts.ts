// Whom a workspace is written to: its members of some roles who have a mail address.
import type { WorkspaceRole } from '@sotto/contract/roles';
import type { Tx } from '#platform/database';
import type { Keyring } from '#privacy';
import { findPerson } from './people.ts';
import { membersWith } from './person.sql.ts';

/** Written to at once. */
const CONTACTS_MAX = 20;

export interface Contact {
  readonly personId: string;
  readonly email: string;
  readonly locale: string;
}

/** Open accounts with an address among the members with one of these roles; at most 20. Changes nothing. */
export async function contactsOf(
  tx: Tx,
  keyring: Keyring,
  workspaceId: string,
  roles: readonly WorkspaceRole[],
): Promise<Contact[]> {
  const contacts: Contact[] = [];
  for (const id of await membersWith(tx, workspaceId, roles, CONTACTS_MAX)) {
    const person = await findPerson(tx, keyring, id);
    if (person !== undefined && person.email !== null) {
      contacts.push({ personId: id, email: person.email, locale: person.locale });
    }
  }
  return contacts;
}
