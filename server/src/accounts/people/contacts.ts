// Who is written to about a workspace: its members of some roles, in a personal one the person it is of.
import type { WorkspaceRole } from '@sotto/contract/roles';
import type { Locale, MailSubject } from '#mail';
import type { Tx } from '#platform/database';
import type { Keyring } from '#privacy';
import { emailOf } from './people.ts';
import { membersWith } from './person.sql.ts';

/** Written to at once; an organisation with more of them tells the first. */
const CONTACTS_MAX = 20;

export interface Contact {
  readonly personId: string;
  /** As it was confirmed; null for a device, and once the key of the person is destroyed. */
  readonly email: string | null;
  readonly language: string;
}

/** Open accounts among the members with one of these roles, longest there first; at most 20. Changes nothing. */
export async function contactsOf(
  tx: Tx,
  keyring: Keyring,
  workspaceId: string,
  roles: readonly WorkspaceRole[],
): Promise<Contact[]> {
  const rows = await membersWith(tx, workspaceId, roles, CONTACTS_MAX);
  await keyring.load(rows.map(({ id }) => keyring.keyId({ class: 'identity', subjectId: id })));
  return rows.map((row) => ({ personId: row.id, email: emailOf(keyring, row), language: row.locale }));
}

/** Whom a mail about a workspace goes to, as the outbox wants it said. */
export interface Reader {
  readonly to: string;
  readonly locale: Locale;
  readonly subject: MailSubject;
}

/** Writes to each of these members who has an address; how many. Each call is another mail. */
export async function writeToMembers(
  tx: Tx,
  keyring: Keyring,
  workspaceId: string,
  roles: readonly WorkspaceRole[],
  write: (reader: Reader) => Promise<unknown>,
): Promise<number> {
  let written = 0;
  for (const { personId, email, language } of await contactsOf(tx, keyring, workspaceId, roles)) {
    if (email === null) continue;
    const locale = language === 'ar' ? 'ar' : 'en';
    await write({ to: email, locale, subject: { kind: 'person', id: personId } });
    written += 1;
  }
  return written;
}
