// Statements on accounts.admin_token.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

const LIFE = `interval '15 minutes'`;

/** Only the newest token opens: whoever asks for one again has lost the one before. */
const REPLACE_TOKEN = statement<{ id: string }>(
  'accounts.replace_admin_token',
  'security',
  `with gone as (
     delete from accounts.admin_token where redeemed_at is null
   )
   insert into accounts.admin_token (id, secret_hash, expires_at)
   values ($1::uuid, $2::bytea, (select platform.clock()) + ${LIFE})
   returning id`,
);

/**
 * Locks the token if it still opens. Of many at once the first gets it; the others wait for its end, then find
 * `redeemed_at` set (read committed looks at the row again after the wait) and get nothing.
 */
const LOCK_TOKEN = statement<{ id: string }>(
  'accounts.lock_admin_token',
  'security',
  `select id
     from accounts.admin_token
    where secret_hash = any($1::bytea[])
      and redeemed_at is null
      and expires_at > (select platform.clock())
    limit 1
      for update`,
);

const MARK_REDEEMED = statement<{ id: string }>(
  'accounts.mark_admin_token_redeemed',
  'security',
  `update accounts.admin_token
      set redeemed_at = (select platform.clock()),
          api_key_id = $2::uuid
    where id = $1::uuid
      and redeemed_at is null
   returning id`,
);

export async function replaceToken(tx: Tx, id: string, hash: Buffer): Promise<void> {
  await tx.exec(REPLACE_TOKEN, [id, hash]);
}

/** Id of the token when it opens, locked until the transaction ends; else undefined. */
export async function lockToken(tx: Tx, hashes: readonly Buffer[]): Promise<string | undefined> {
  const [row] = await tx.exec(LOCK_TOKEN, [arrays.bytea(hashes)]);
  return row?.id;
}

export async function markRedeemed(tx: Tx, id: string, keyId: string): Promise<boolean> {
  return (await tx.exec(MARK_REDEEMED, [id, keyId])).length === 1;
}
