// Statements on accounts.invitation.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { KeyedHash, Sealed } from '#privacy';

export interface InvitationRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly role: string;
  readonly email: Buffer | null;
  readonly created_at: Date;
  readonly expires_at: Date;
}

const INSERT = statement<InvitationRow>(
  'accounts.insert_invitation',
  'security',
  `insert into accounts.invitation (id, workspace_id, invited_by, role, email, secret_hash, expires_at)
   values ($1::uuid, $2::uuid, $3::uuid, $4::text, $5::bytea, $6::bytea,
           (select platform.clock()) + $7::integer * interval '1 day')
   returning id, workspace_id, role, email, created_at, expires_at`,
);

export const insertInvitation = async (
  tx: Tx,
  row: {
    readonly id: string;
    readonly workspaceId: string;
    readonly invitedBy: string;
    readonly role: string;
    readonly email: Sealed;
    readonly hash: KeyedHash;
    readonly days: number;
  },
): Promise<InvitationRow> =>
  (
    await tx.exec(INSERT, [row.id, row.workspaceId, row.invitedBy, row.role, row.email, row.hash, row.days])
  )[0]!;

const OPEN = statement<InvitationRow>(
  'accounts.list_open_invitations',
  'service',
  `select id, workspace_id, role, email, created_at, expires_at
     from accounts.invitation
    where workspace_id = $1::uuid
      and accepted_at is null
      and expires_at > (select platform.clock())
    order by id desc
    limit $2::integer`,
);

/** Open invitations of a workspace, newest first, by invitation_workspace. */
export const selectOpen = (tx: Tx, workspaceId: string, limit: number): Promise<InvitationRow[]> =>
  tx.exec(OPEN, [workspaceId, limit]);

const LOCK = statement<InvitationRow>(
  'accounts.lock_invitation',
  'security',
  `select i.id, i.workspace_id, i.role, i.email, i.created_at, i.expires_at
     from accounts.invitation i
     join accounts.workspace w on w.id = i.workspace_id
    where i.secret_hash = any($1::bytea[])
      and i.expires_at > (select platform.clock())
      and w.closed_at is null
      for update of i`,
);

/** The invitation a link belongs to, locked; undefined when it is unknown, too old, or of a closed workspace. */
export const lockInvitation = async (tx: Tx, hashes: readonly Buffer[]): Promise<InvitationRow | undefined> =>
  (await tx.exec(LOCK, [arrays.bytea(hashes)]))[0];

const ACCEPT = statement<never>(
  'accounts.accept_invitation',
  'service',
  `update accounts.invitation
      set accepted_at = (select platform.clock()),
          email = null
    where id = $1::uuid`,
);

/** Marks an invitation as accepted and erases its address. */
export const markAccepted = (tx: Tx, id: string) => tx.exec(ACCEPT, [id]);

const DELETE = statement<{ id: string }>(
  'accounts.delete_invitations',
  'service',
  `delete from accounts.invitation
    where workspace_id = $1::uuid
      and id = any($2::uuid[])
      and accepted_at is null
   returning id`,
);

/** Deletes open invitations of a workspace; those it had. */
export const deleteInvitations = async (
  tx: Tx,
  workspaceId: string,
  ids: readonly string[],
): Promise<string[]> => (await tx.exec(DELETE, [workspaceId, arrays.uuid(ids)])).map((row) => row.id);

const DROP_BY = statement<never>(
  'accounts.drop_invitations_by',
  'service',
  `delete from accounts.invitation
    where invited_by = $1::uuid
      and ($2::uuid is null or workspace_id = $2::uuid)
      and accepted_at is null`,
);

/** Deletes open invitations somebody made, in one workspace or (null) in all; by invitation_invited_by. */
export const dropInvitationsBy = (tx: Tx, personId: string, workspaceId: string | null) =>
  tx.exec(DROP_BY, [personId, workspaceId]);

const DROP_OF = statement<never>(
  'accounts.drop_invitations_of_workspace',
  'service',
  'delete from accounts.invitation where workspace_id = $1::uuid',
);

/** Deletes all invitations of a workspace. */
export const dropInvitationsOf = (tx: Tx, workspaceId: string) => tx.exec(DROP_OF, [workspaceId]);

const EXPIRE = statement<{ id: string }>(
  'accounts.expire_invitations',
  'service',
  `delete from accounts.invitation
    where id in (
      select id
        from accounts.invitation
       where expires_at <= $1::timestamptz
       order by expires_at
       limit $2::integer
         for update skip locked)
   returning id`,
);

/** Deletes invitations that are too old, by invitation_end. */
export const expireInvitations = async (tx: Tx, now: Date, limit: number): Promise<number> =>
  (await tx.exec(EXPIRE, [now, limit])).length;

const STANDING = statement<{ oldest: Date | null; overdue: number }>(
  'accounts.standing_of_invitations',
  'service',
  `select min(created_at) as oldest,
          count(*) filter (where expires_at <= $1::timestamptz)::integer as overdue
     from accounts.invitation`,
);

export const invitationsStanding = async (tx: Tx, now: Date) => (await tx.exec(STANDING, [now]))[0]!;
