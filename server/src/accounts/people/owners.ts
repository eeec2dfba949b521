// Who is written to about a workspace: the person it is of, or the owners of an organisation.
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { Keyring } from '#privacy';
import { emailOf } from './people.ts';
import type { PersonRow } from './person.sql.ts';

export interface Owner {
  readonly personId: string;
  /** As it was confirmed; null for a device, and once the key of the person is destroyed. */
  readonly email: string | null;
  readonly language: string;
}

/** An organisation with more owners tells the first of them. */
const OWNERS_MAX = 20;

const OWNERS = statement<Pick<PersonRow, 'id' | 'email' | 'locale'>>(
  'accounts.list_owners',
  'service',
  `select p.id, p.email, p.locale
     from accounts.membership m
     join accounts.person p on p.id = m.person_id
    where m.workspace_id = $1::uuid
      and m.role = 'owner'
      and p.closed_at is null
    order by p.id
    limit $2::integer`,
);

/** The owners of a workspace whose accounts are open, longest there first. */
export async function ownersOf(tx: Tx, keyring: Keyring, workspaceId: string): Promise<Owner[]> {
  const rows = await tx.exec(OWNERS, [workspaceId, OWNERS_MAX]);
  await keyring.load(rows.map(({ id }) => keyring.keyId({ class: 'identity', subjectId: id })));
  return rows.map((row) => ({ personId: row.id, email: emailOf(keyring, row), language: row.locale }));
}
