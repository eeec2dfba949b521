// Who is written to about a workspace: the person it is of, or the owners of an organisation.
import type { Tx } from '#platform/database';
import type { Keyring } from '#privacy';
import { emailOf } from './people.ts';
import { selectOwners } from './person.sql.ts';

export interface Owner {
  readonly personId: string;
  /** As it was confirmed; null for a device, and once the key of the person is destroyed. */
  readonly email: string | null;
  readonly language: string;
}

/** The owners of a workspace whose accounts are open, longest there first. */
export async function ownersOf(tx: Tx, keyring: Keyring, workspaceId: string): Promise<Owner[]> {
  const rows = await selectOwners(tx, workspaceId);
  await keyring.load(rows.map(({ id }) => keyring.keyId({ class: 'identity', subjectId: id })));
  return rows.map((row) => ({ personId: row.id, email: emailOf(keyring, row), language: row.locale }));
}
