// Statements on accounts.api_key. Only the look-up of authentication is hot.
import { type Selectable, sql } from 'kysely';
import { q, type Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { DB } from '#platform/tables';
import { DATABASE_CLOCK, readerFor } from '#privacy/reading';
import { accounts } from './steward.ts';

const read = readerFor(accounts);
const COLUMNS = [
  'id',
  'workspace_id',
  'kind',
  'origin',
  'created_by',
  'created_by_person',
  'name',
  'first_four',
  'last_four',
  'scopes',
  'networks',
  'expires_at',
  'requests_per_second',
  'created_at',
  'last_used_at',
  'revoked_at',
] as const;

type Row = Selectable<DB['accounts.api_key']>;
export type ApiKeyRow = Pick<Row, (typeof COLUMNS)[number]>;

/** What authentication needs to know of a key. */
export interface KeyFacts {
  readonly id: string;
  readonly workspace_id: string | null;
  readonly kind: string;
  readonly scopes: string[];
  readonly networks: string[] | null;
  readonly currency: string | null;
  readonly requests_per_second: number | null;
  /** Who made it, signed in, and their role in the workspace today; null for a key that nobody's membership bounds. */
  readonly created_by_person: string | null;
  readonly creator_role: string | null;
  /** Revoked, or its workspace has ended, or who made it is no member any more. */
  readonly revoked: boolean;
  /** Milliseconds until it expires, zero or less when it has; null when it never does. */
  readonly lives_ms: number | null;
  /** Its last use was long enough ago to be written again. */
  readonly use_is_stale: boolean;
}

/** Uses within this time of the last one written are not written. */
const USE_PRECISION = `interval '10 minutes'`;

/** By the unique index on secret_hash; one candidate for each epoch of the hash key. */
export const FACTS_BY_HASH = statement<KeyFacts>(
  'accounts.find_key_facts',
  'security',
  `select k.id,
          k.workspace_id,
          k.kind,
          k.scopes,
          k.networks,
          w.currency,
          k.requests_per_second,
          k.created_by_person,
          m.role as creator_role,
          k.revoked_at is not null
            or w.closed_at is not null
            or (k.created_by_person is not null and (m.role is null or p.closed_at is not null)) as revoked,
          (extract(epoch from k.expires_at - (select platform.clock())) * 1000)::float8 as lives_ms,
          k.last_used_at is null
            or k.last_used_at <= (select platform.clock()) - ${USE_PRECISION} as use_is_stale
     from accounts.api_key k
     left join accounts.workspace w on w.id = k.workspace_id
     left join accounts.person p on p.id = k.created_by_person
     left join accounts.membership m on m.workspace_id = k.workspace_id and m.person_id = k.created_by_person
    where k.secret_hash = any($1::bytea[])
    limit 1`,
);

/** Several processes may write one use; the later ones then find nothing to do. A workspace's day is written once. */
export const RECORD_USES = statement<{ id: string }>(
  'accounts.record_key_uses',
  'security',
  `with recorded as (
     update accounts.api_key k
        set last_used_at = (select platform.clock())
       from (select id from accounts.api_key where id = any($1::uuid[]) order by id for no key update) used
      where k.id = used.id
        and (k.last_used_at is null or k.last_used_at <= (select platform.clock()) - ${USE_PRECISION})
     returning k.id, k.workspace_id
   ), active as (
     update accounts.workspace w
        set last_active_on = ((select platform.clock()) at time zone 'UTC')::date
       from (select id
               from accounts.workspace
              where id = any(array(select workspace_id from recorded))
                and last_active_on < ((select platform.clock()) at time zone 'UTC')::date
              order by id
                for no key update) used
      where w.id = used.id
   )
   select id from recorded`,
);

export const NOW = statement<{ now: Date }>(
  'accounts.read_clock',
  'operations',
  `select platform.clock() as now`,
);

/** A key hands on less than it has, so a line of keys is short; what is longer ends where it was cut. */
export const ROOT_OF_KEY = statement<{ id: string; person_id: string | null }>(
  'accounts.find_root_of_key',
  'security',
  `with recursive line as (
     select id, created_by, created_by_person, 1 as depth
       from accounts.api_key
      where id = $1::uuid
     union all
     select k.id, k.created_by, k.created_by_person, line.depth + 1
       from line
       join accounts.api_key k on k.id = line.created_by
      where line.depth < 20
   )
   select id, created_by_person as person_id
     from line
    order by depth desc
    limit 1`,
);

export async function insertKey(
  tx: Tx,
  row: Omit<ApiKeyRow, 'created_at' | 'last_used_at' | 'revoked_at'> & Pick<Row, 'secret_hash'>,
): Promise<ApiKeyRow> {
  const [made] = await tx.run(q.insertInto('accounts.api_key').values(row).returning(COLUMNS));
  return made!;
}

/**
 * The key that creates another, locked against revocation until the transaction ends: a key that is being revoked
 * cannot leave a child behind. Undefined when it may not act any more.
 */
export async function lockLivingKey(tx: Tx, id: string): Promise<ApiKeyRow | undefined> {
  const [row] = await tx.run(
    read(tx, 'security')
      .selectFrom('accounts.api_key')
      .select(COLUMNS)
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', DATABASE_CLOCK)]))
      .forShare(),
  );
  return row;
}

const END_AFTER = statement<ApiKeyRow & { readonly was_to_expire: Date | null }>(
  'accounts.end_key_after',
  'security',
  `update accounts.api_key
      set expires_at = least(expires_at, (select platform.clock()) + $3::integer * interval '1 second')
    where id = $2::uuid
      and workspace_id = $1::uuid
      and revoked_at is null
      and (expires_at is null or expires_at > (select platform.clock()))
   returning id, workspace_id, kind, origin, created_by, created_by_person, name, first_four, last_four, scopes,
             networks, expires_at, requests_per_second, created_at, last_used_at, revoked_at,
             old.expires_at as was_to_expire`,
);

/**
 * Lets a living key end this many seconds from now at the latest, and locks it; undefined when the workspace has no such
 * living key. `was_to_expire` is when it would have ended by itself.
 */
export const endAfter = async (
  tx: Tx,
  workspaceId: string,
  id: string,
  seconds: number,
): Promise<(ApiKeyRow & { readonly was_to_expire: Date | null }) | undefined> =>
  (await tx.exec(END_AFTER, [workspaceId, id, seconds]))[0];

const REVOKE_OF_PERSON = statement<{ id: string; workspace_id: string }>(
  'accounts.revoke_keys_of_person',
  'security',
  `update accounts.api_key
      set revoked_at = (select platform.clock())
    where created_by_person = $1::uuid
      and ($2::uuid is null or workspace_id = $2::uuid)
      and revoked_at is null
   returning id, workspace_id`,
);

/** Revokes the living keys a person made, in one workspace or (null) everywhere. By api_key_created_by_person. */
export const revokeOfPerson = (tx: Tx, personId: string, workspaceId: string | null) =>
  tx.exec(REVOKE_OF_PERSON, [personId, workspaceId]);

/** One workspace's keys (or, for null, the administrators'), newest first, along api_key_workspace. */
export function selectKeyPage(
  tx: Tx,
  workspaceId: string | null,
  before: string | null,
  limit: number,
): Promise<ApiKeyRow[]> {
  const page = read(tx, 'security')
    .selectFrom('accounts.api_key')
    .select(COLUMNS)
    .where('workspace_id', workspaceId === null ? 'is' : '=', workspaceId)
    .orderBy('id', 'desc')
    .limit(limit);
  return tx.run(before === null ? page : page.where('id', '<', before));
}

/** Revokes once and keeps the first time; tells what it was before. Undefined when the workspace (null: no workspace) has no such key. */
export async function updateRevoked(
  tx: Tx,
  workspaceId: string | null,
  id: string,
): Promise<(ApiKeyRow & { readonly revoked_before: Date | null }) | undefined> {
  const [row] = await tx.run(
    q
      .updateTable('accounts.api_key')
      .set((eb) => ({
        revoked_at: eb.fn.coalesce('revoked_at', DATABASE_CLOCK),
      }))
      .where('id', '=', id)
      .where('workspace_id', workspaceId === null ? 'is' : '=', workspaceId)
      .returning([...COLUMNS, sql<Date | null>`old.revoked_at`.as('revoked_before')]),
  );
  return row;
}
