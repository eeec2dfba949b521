// Statements that count what a workspace has, for its bounds.
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

const LOCK = statement<never>(
  'accounts.lock_counting',
  'operations',
  `select pg_advisory_xact_lock(hashtextextended('accounts ' || $2::text || ' ' || $1::text, 0))`,
);

/** One at a time for those who add to what is counted, until the transaction ends. No row is locked. */
export const lockCounting = async (tx: Tx, workspaceId: string, what: 'keys' | 'members'): Promise<void> => {
  await tx.exec(LOCK, [workspaceId, what]);
};

const KEYS = statement<{ living: number }>(
  'accounts.count_living_keys',
  'security',
  `select count(*)::integer as living
     from (
       select
         from accounts.api_key
        where workspace_id = $1::uuid
          and revoked_at is null
          and (expires_at is null or expires_at > (select platform.clock()))
          and ($2::uuid is null or id <> $2::uuid)
        limit $3::integer) counted`,
);

/** Keys of a workspace that work, one of them aside, counted up to a limit; by api_key_workspace. */
export const countLivingKeys = async (
  tx: Tx,
  workspaceId: string,
  aside: string | null,
  limit: number,
): Promise<number> => (await tx.exec(KEYS, [workspaceId, aside, limit]))[0]!.living;
