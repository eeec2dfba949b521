// Statements on accounts.person and accounts.membership.
import type { Selectable } from 'kysely';
import { arrays } from '#platform/arrays';
import { q, type Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { DB } from '#platform/tables';
import { DATABASE_CLOCK, readerFor } from '#privacy/reading';
import { accounts } from '../steward.ts';

const read = readerFor(accounts);
const COLUMNS = [
  'id',
  'kind',
  'email',
  'locale',
  'personal_workspace_id',
  'created_at',
  'closed_at',
] as const;

type Row = Selectable<DB['accounts.person']>;
export type PersonRow = Pick<Row, (typeof COLUMNS)[number]>;

export async function insertPerson(
  tx: Tx,
  row: Pick<Row, 'id' | 'kind' | 'email' | 'email_index' | 'locale' | 'personal_workspace_id'>,
): Promise<void> {
  await tx.run(q.insertInto('accounts.person').values(row));
}

/** By primary key; undefined when there is none. Closed ones included. */
export async function selectPerson(tx: Tx, id: string): Promise<PersonRow | undefined> {
  const [row] = await tx.run(
    read(tx, 'service').selectFrom('accounts.person').select(COLUMNS).where('id', '=', id),
  );
  return row;
}

/** What sign-in needs to know of an address. */
export interface SignInRow {
  readonly id: string;
  readonly email: Buffer;
  readonly locale: string;
  readonly password_hash: Buffer | null;
}

const FIND_BY_EMAIL = statement<SignInRow>(
  'accounts.find_person_by_email',
  'security',
  `select p.id, p.email, p.locale, w.hash as password_hash
     from accounts.person p
     left join accounts.password w on w.person_id = p.id
    where p.email_index = any($1::bytea[])
      and p.closed_at is null
    limit 1`,
);

/** Whose address this is; by person_email, one candidate for each epoch of the index key. */
export const findByEmail = async (tx: Tx, candidates: readonly Buffer[]): Promise<SignInRow | undefined> =>
  (await tx.exec(FIND_BY_EMAIL, [arrays.bytea(candidates)]))[0];

export async function updateLocale(tx: Tx, id: string, locale: string): Promise<void> {
  await tx.run(q.updateTable('accounts.person').set({ locale }).where('id', '=', id));
}

/** Gives an open account another address; the database refuses one that is another's. */
export async function updateEmail(
  tx: Tx,
  id: string,
  row: Pick<Row, 'email' | 'email_index'>,
): Promise<void> {
  await tx.run(q.updateTable('accounts.person').set(row).where('id', '=', id).where('closed_at', 'is', null));
}

const LOCK_OPEN = statement<{ id: string; personal_workspace_id: string | null }>(
  'accounts.lock_open_person',
  'service',
  `select id, personal_workspace_id
     from accounts.person
    where id = $1::uuid
      and closed_at is null
      for update`,
);

/** The person, locked until the transaction ends; undefined when closed or unknown. */
export const lockPerson = async (tx: Tx, id: string) => (await tx.exec(LOCK_OPEN, [id]))[0];

/** Closes people; those that are closed stay as they are. */
export async function closePeople(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.run(
    q
      .updateTable('accounts.person')
      .set({ closed_at: DATABASE_CLOCK })
      .where('id', 'in', [...ids])
      .where('closed_at', 'is', null),
  );
}

const OWNERS_OF = statement<{ id: string }>(
  'accounts.find_people_of_workspaces',
  'service',
  `select id
     from accounts.person
    where personal_workspace_id = any($1::uuid[])
      and closed_at is null`,
);

/** Whose personal workspaces these are; by the unique index on personal_workspace_id. */
export const peopleOfWorkspaces = async (tx: Tx, workspaceIds: readonly string[]): Promise<string[]> =>
  (await tx.exec(OWNERS_OF, [arrays.uuid(workspaceIds)])).map((row) => row.id);

export type ContactRow = Pick<PersonRow, 'id' | 'email' | 'locale'>;

const CONTACTS = statement<ContactRow>(
  'accounts.find_members_with_roles',
  'service',
  `select p.id, p.email, p.locale
     from accounts.membership m
     join accounts.person p on p.id = m.person_id
    where m.workspace_id = $1::uuid
      and m.role = any(string_to_array($2::text, ','))
      and p.closed_at is null
    order by p.id
    limit $3::integer`,
);

/** Open accounts among the members of a workspace with one of these roles, longest there first. */
export const membersWith = (
  tx: Tx,
  workspaceId: string,
  roles: readonly string[],
  limit: number,
): Promise<ContactRow[]> => tx.exec(CONTACTS, [workspaceId, roles.join(','), limit]);

export interface MembershipRow {
  readonly workspace_id: string;
  readonly kind: string;
  readonly role: string;
}

const MEMBERSHIPS = statement<MembershipRow>(
  'accounts.list_memberships',
  'service',
  `select m.workspace_id, w.kind, m.role
     from accounts.membership m
     join accounts.workspace w on w.id = m.workspace_id
    where m.person_id = $1::uuid
      and w.closed_at is null
    order by m.workspace_id
    limit 100`,
);

/** Open workspaces of a person, by membership_person. */
export const selectMemberships = (tx: Tx, personId: string): Promise<MembershipRow[]> =>
  tx.exec(MEMBERSHIPS, [personId]);

const IS_MEMBER = statement<{ found: boolean }>(
  'accounts.find_membership',
  'security',
  `select exists (
     select
       from accounts.membership
      where workspace_id = $1::uuid
        and person_id = $2::uuid) as found`,
);

/** Whether somebody belongs to a workspace in whatever role; by the primary key of membership. */
export const isMember = async (tx: Tx, workspaceId: string, personId: string): Promise<boolean> =>
  (await tx.exec(IS_MEMBER, [workspaceId, personId]))[0]!.found;

export async function insertMembership(
  tx: Tx,
  row: { readonly workspace_id: string; readonly person_id: string; readonly role: string },
): Promise<void> {
  await tx.run(q.insertInto('accounts.membership').values(row));
}

/** Open organisations whose one owner a person is. */
const SHARED = statement<{ shared: boolean }>(
  'accounts.share_a_person',
  'security',
  `with belongs as (
     select m.workspace_id, m.person_id
       from accounts.membership m
      where m.workspace_id in ($1::uuid, $2::uuid)
     union
     select p.personal_workspace_id, p.id
       from accounts.person p
      where p.personal_workspace_id in ($1::uuid, $2::uuid)
   )
   select exists (
     select
       from belongs one
       join belongs other on other.person_id = one.person_id
      where one.workspace_id = $1::uuid
        and other.workspace_id = $2::uuid) as shared`,
);

/** Whether somebody belongs to both workspaces. */
export const shareAPerson = async (tx: Tx, one: string, other: string): Promise<boolean> =>
  (await tx.exec(SHARED, [one, other]))[0]!.shared;

const SOLE_OWNER = statement<{ workspace_id: string }>(
  'accounts.find_sole_ownerships',
  'service',
  `select m.workspace_id
     from accounts.membership m
     join accounts.workspace w on w.id = m.workspace_id
    where m.person_id = $1::uuid
      and m.role = 'owner'
      and w.kind = 'organisation'
      and w.closed_at is null
      and not exists (
        select
          from accounts.membership o
          join accounts.person p on p.id = o.person_id
         where o.workspace_id = m.workspace_id
           and o.role = 'owner'
           and o.person_id <> m.person_id
           and p.closed_at is null)
    limit 1`,
);

export const isSoleOwner = async (tx: Tx, personId: string): Promise<boolean> =>
  (await tx.exec(SOLE_OWNER, [personId])).length > 0;

const STAFF_ROLE = statement<{ role: string }>(
  'accounts.read_staff_grant',
  'security',
  'select role from accounts.staff_grant where person_id = $1::uuid',
);

export const selectStaffRole = async (tx: Tx, personId: string): Promise<string | null> =>
  (await tx.exec(STAFF_ROLE, [personId]))[0]?.role ?? null;

/** Grants a role of the staff; somebody has one at most. */
export async function insertStaffGrant(tx: Tx, personId: string, role: string): Promise<void> {
  await tx.run(q.insertInto('accounts.staff_grant').values({ person_id: personId, role }));
}
