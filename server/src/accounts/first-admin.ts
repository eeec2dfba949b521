// The first administrator. A new installation has no account, no key and no default password (ASVS 5.0.0 V6.3.2);
// whoever can run a command on its machine gets a token that is exchanged, once and soon, for an administrator's key.
import { platformScopes } from '@sotto/contract/scopes';
import type { Tx } from '#platform/database';
import { assertInvariant } from '#platform/errors';
import { newId } from '#platform/ids';
import type { Keyring } from '#privacy';
import { OPERATOR, record } from '#privacy/audit';
import { lockToken, markRedeemed, replaceToken } from './admin-token.sql.ts';
import { type ApiKey, createKey } from './api-keys.ts';
import { makeToken, readTokenKind } from './token.ts';

const HASH_COLUMN = 'accounts.admin_token.secret_hash';

/**
 * Makes a one-time token, good for 15 minutes and one use; an unused one from before stops working. The answer is the
 * only place it exists: print it once. May be repeated.
 */
export async function createAdminToken(tx: Tx, keyring: Keyring): Promise<string> {
  const token = makeToken('once');
  await replaceToken(tx, newId(), keyring.mac(HASH_COLUMN, token));
  await record(tx, keyring, { action: 'admin_token.created', actor: OPERATOR });
  return token;
}

/**
 * Exchanges a one-time token for an administrator's key with every scope of the platform. Null when the token is
 * malformed, unknown, used or too old, which are not told apart. However many try at once, one gets a key.
 */
export async function redeemAdminToken(
  tx: Tx,
  keyring: Keyring,
  token: string,
  name = 'First administrator',
): Promise<{ readonly key: ApiKey; readonly token: string } | null> {
  if (readTokenKind(token) !== 'once') return null;
  const id = await lockToken(tx, keyring.macCandidates(HASH_COLUMN, token));
  if (id === undefined) {
    await record(tx, keyring, { action: 'admin_token.redeemed', actor: OPERATOR, outcome: 'refused' });
    return null;
  }
  const created = await createKey(tx, keyring, 'one_time_token', {
    workspaceId: null,
    kind: 'admin',
    name,
    scopes: platformScopes,
    networks: [],
    expiresAt: null,
  });
  assertInvariant(created.outcome === 'created', 'an administrator may have every scope of the platform');
  assertInvariant(await markRedeemed(tx, id, created.key.id), 'a locked token is redeemed once');
  await record(tx, keyring, {
    action: 'admin_token.redeemed',
    actor: OPERATOR,
    object: { kind: 'api_key', id: created.key.id },
  });
  return { key: created.key, token: created.token };
}
