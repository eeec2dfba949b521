// Statements that end what accounts keep: closed workspaces, administrators' keys nobody uses, redeemed tokens.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

const LOCK_CLOSED = statement<{ id: string }>(
  'accounts.lock_closed_workspaces',
  'service',
  `select id
     from accounts.workspace
    where closed_at <= $1::timestamptz
      and id <> all($2::uuid[])
    order by closed_at
    limit $3::integer
      for update skip locked`,
);

/** Workspaces closed at or before a moment, longest ago first, locked; by workspace_closed. */
export const lockClosed = async (
  tx: Tx,
  before: Date,
  held: readonly string[],
  limit: number,
): Promise<string[]> => (await tx.exec(LOCK_CLOSED, [before, arrays.uuid(held), limit])).map((row) => row.id);

const DELETE_WORKSPACES = statement<{ id: string }>(
  'accounts.delete_workspaces',
  'service',
  'delete from accounts.workspace where id = any($1::uuid[]) returning id',
);
const DELETE_KEYS = statement<never>(
  'accounts.delete_keys_of_workspaces',
  'security',
  'delete from accounts.api_key where workspace_id = any($1::uuid[])',
);

/** Deletes workspaces with their keys and notices. */
export const deleteWorkspaces = (tx: Tx, ids: readonly string[]) =>
  Promise.all([tx.exec(DELETE_KEYS, [arrays.uuid(ids)]), tx.exec(DELETE_WORKSPACES, [arrays.uuid(ids)])]);

const CLOSED_STANDING = statement<{ oldest: Date | null; overdue: number; held: number }>(
  'accounts.standing_of_workspaces',
  'service',
  `select min(closed_at) filter (where not held) as oldest,
          count(*) filter (where not held and closed_at <= $1::timestamptz)::integer as overdue,
          count(*) filter (where held and closed_at <= $1::timestamptz)::integer as held
     from (select closed_at, id = any($2::uuid[]) as held
             from accounts.workspace
            where closed_at is not null
            order by closed_at
            limit $3::integer) oldest`,
);

export const closedStanding = async (tx: Tx, before: Date, held: readonly string[], limit: number) =>
  (await tx.exec(CLOSED_STANDING, [before, arrays.uuid(held), limit]))[0]!;

const EXPIRE_ADMIN_KEYS = statement<{ id: string }>(
  'accounts.expire_admin_keys',
  'security',
  `delete from accounts.api_key
    where id in (
      select id
        from accounts.api_key
       where workspace_id is null
         and (revoked_at <= $1::timestamptz
              or ($2::boolean and coalesce(last_used_at, created_at) <= $1::timestamptz))
       order by id
       limit $3::integer
         for update skip locked)
   returning id`,
);

/** Deletes administrators' keys revoked at or before a moment and, if `idle`, those not used since; by api_key_workspace. */
export const expireAdminKeys = async (tx: Tx, before: Date, idle: boolean, limit: number): Promise<number> =>
  (await tx.exec(EXPIRE_ADMIN_KEYS, [before, idle, limit])).length;

const ADMIN_KEYS_STANDING = statement<{ oldest: Date | null; overdue: number }>(
  'accounts.standing_of_admin_keys',
  'security',
  `select min(began) as oldest,
          count(*) filter (where began <= $1::timestamptz)::integer as overdue
     from (select coalesce(revoked_at, case when $2::boolean then coalesce(last_used_at, created_at) end) as began
             from accounts.api_key
            where workspace_id is null) keys`,
);

export const adminKeysStanding = async (tx: Tx, before: Date, idle: boolean) =>
  (await tx.exec(ADMIN_KEYS_STANDING, [before, idle]))[0]!;

const EXPIRE_TOKENS = statement<{ id: string }>(
  'accounts.expire_admin_tokens',
  'security',
  `delete from accounts.admin_token
    where id in (
      select id
        from accounts.admin_token
       where created_at <= $1::timestamptz
       order by created_at
       limit $2::integer)
   returning id`,
);

export const expireTokens = async (tx: Tx, before: Date, limit: number): Promise<number> =>
  (await tx.exec(EXPIRE_TOKENS, [before, limit])).length;

const TOKENS_STANDING = statement<{ oldest: Date | null; overdue: number }>(
  'accounts.standing_of_admin_tokens',
  'security',
  `select min(created_at) as oldest,
          count(*) filter (where created_at <= $1::timestamptz)::integer as overdue
     from accounts.admin_token`,
);

export const tokensStanding = async (tx: Tx, before: Date) => (await tx.exec(TOKENS_STANDING, [before]))[0]!;
