// Statements on accounts.membership of one workspace. Whoever changes members holds the workspace locked: of two who
// act on each other at once the second one sees what the first one did. A person is locked before a workspace, never after.
import { arrays } from '#platform/arrays';
import { q, type Tx } from '#platform/database';
import { statement } from '#platform/statement';

// Not `for update`: what refers to the workspace, such as a message, goes on meanwhile.
const LOCK_WORKSPACE = statement<{ id: string; kind: string }>(
  'accounts.lock_workspace_members',
  'service',
  `select id, kind
     from accounts.workspace
    where id = $1::uuid
      and closed_at is null
      for no key update`,
);

/** An open workspace, locked against other changes of its members; undefined when there is none. */
export const lockWorkspace = async (tx: Tx, id: string) => (await tx.exec(LOCK_WORKSPACE, [id]))[0];

const LOCK_ORGANISATIONS = statement<{ id: string }>(
  'accounts.lock_owned_organisations',
  'service',
  `select w.id
     from accounts.workspace w
     join accounts.membership m on m.workspace_id = w.id
    where m.person_id = $1::uuid
      and m.role = 'owner'
      and w.kind = 'organisation'
      and w.closed_at is null
    order by w.id
      for no key update of w`,
);

/** Locks the open organisations somebody owns; how many there are. */
export const lockOwned = async (tx: Tx, personId: string): Promise<number> =>
  (await tx.exec(LOCK_ORGANISATIONS, [personId])).length;

export interface MemberRow {
  readonly person_id: string;
  readonly role: string;
  readonly created_at: Date;
  readonly email: Buffer | null;
}

const MEMBERS = statement<MemberRow>(
  'accounts.list_members',
  'service',
  `select m.person_id, m.role, m.created_at, p.email
     from accounts.membership m
     join accounts.person p on p.id = m.person_id
    where m.workspace_id = $1::uuid
      and ($2::uuid is null or m.person_id < $2::uuid)
      and p.closed_at is null
    order by m.person_id desc
    limit $3::integer`,
);

/** Members with an open account, along the primary key, those with an id below `before`. */
export const selectMembers = (
  tx: Tx,
  workspaceId: string,
  page: { readonly before: string | null; readonly limit: number },
): Promise<MemberRow[]> => tx.exec(MEMBERS, [workspaceId, page.before, page.limit]);

const SOME = statement<MemberRow>(
  'accounts.find_members',
  'service',
  `select m.person_id, m.role, m.created_at, p.email
     from accounts.membership m
     join accounts.person p on p.id = m.person_id
    where m.workspace_id = $1::uuid
      and m.person_id = any($2::uuid[])
      and p.closed_at is null`,
);

/** These people, as far as they are members with an open account. */
export const findMembers = (tx: Tx, workspaceId: string, ids: readonly string[]): Promise<MemberRow[]> =>
  tx.exec(SOME, [workspaceId, arrays.uuid(ids)]);

const COUNTS = statement<{ members: number; owners: number }>(
  'accounts.count_members',
  'service',
  `select count(*)::integer as members,
          count(*) filter (where m.role = 'owner')::integer as owners
     from accounts.membership m
     join accounts.person p on p.id = m.person_id
    where m.workspace_id = $1::uuid
      and p.closed_at is null`,
);

export const countMembers = async (tx: Tx, workspaceId: string) => (await tx.exec(COUNTS, [workspaceId]))[0]!;

const MEMBERSHIPS = statement<{ memberships: number }>(
  'accounts.count_memberships',
  'service',
  `select count(*)::integer as memberships
     from accounts.membership m
     join accounts.workspace w on w.id = m.workspace_id
    where m.person_id = $1::uuid
      and w.closed_at is null`,
);

/** How many open workspaces somebody is a member of, by membership_person. */
export const countMemberships = async (tx: Tx, personId: string): Promise<number> =>
  (await tx.exec(MEMBERSHIPS, [personId]))[0]!.memberships;

export async function updateRole(tx: Tx, workspaceId: string, personId: string, role: string): Promise<void> {
  await tx.run(
    q
      .updateTable('accounts.membership')
      .set({ role })
      .where('workspace_id', '=', workspaceId)
      .where('person_id', '=', personId),
  );
}

export async function deleteMember(tx: Tx, workspaceId: string, personId: string): Promise<void> {
  await tx.run(
    q
      .deleteFrom('accounts.membership')
      .where('workspace_id', '=', workspaceId)
      .where('person_id', '=', personId),
  );
}
