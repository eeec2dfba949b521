// Statements of the development seed.
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

const LOCK = statement<unknown>(
  'accounts.lock_seed',
  'operations',
  `select pg_advisory_xact_lock(hashtextextended('accounts.development_seed', 0))`,
);

const REVOKE = statement<{ id: string }>(
  'accounts.revoke_seeded_keys',
  'security',
  `update accounts.api_key
      set revoked_at = (select platform.clock())
    where origin = 'seed'
      and revoked_at is null
   returning id`,
);

/** Held until the transaction ends: of two processes that start together, the second finds the first one's work. */
export async function lockSeed(tx: Tx): Promise<void> {
  await tx.exec(LOCK, []);
}

/** Revokes the seed's own keys, so that re-issued ones stand alone. */
export async function revokeSeededKeys(tx: Tx): Promise<void> {
  await tx.exec(REVOKE, []);
}
