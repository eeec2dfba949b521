// API keys. States: living -> expired (by time) | revoked (for good). The secret is shown once, when it is made; what
// is stored is its keyed hash, so neither the database nor its backups can be used to call.
import { pageLimitMax } from '@sotto/contract/paging';
import type { Scope } from '@sotto/contract/scopes';
import type { Database, Tx } from '#platform/database';
import { assertInvariant } from '#platform/errors';
import { newId } from '#platform/ids';
import type { KeyRef, Keyring, Place } from '#privacy';
import { type Actor, OPERATOR, record, SYSTEM } from '#privacy/audit';
import {
  type ApiKeyRow,
  endAfter,
  insertKey,
  lockLivingKey,
  NOW,
  revokeOfPerson,
  selectKeyPage,
  updateRevoked,
} from './api-key.sql.ts';
import { type KeyKind, type KeyLimits, type KeyRefusal, refuseHandingOn, refuseKey } from './key-rules.ts';
import { makeToken, shownParts } from './token.ts';

export interface ApiKey extends KeyLimits {
  readonly id: string;
  /** Null for an administrator's key. */
  readonly workspaceId: string | null;
  readonly origin: KeyOrigin;
  /** The key it was created with; null when no key did. */
  readonly createdBy: string | null;
  /** What it is for; null once the identity key of its workspace is destroyed. */
  readonly name: string | null;
  /** How it begins, `sotto_live_Ab3d`: enough to tell keys apart, not to use one. */
  readonly prefix: string;
  readonly lastFour: string;
  readonly createdAt: Date;
  /** Exact to ten minutes. */
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

/** Who issued a key. */
export type KeyOrigin = 'key' | 'person' | 'operator' | 'one_time_token' | 'seed';

export interface NewKey extends KeyLimits {
  /** Null for an administrator's key, and for no other. */
  readonly workspaceId: string | null;
  readonly name: string;
}

/** `issuer_gone`: the creating key was revoked, has expired, or belongs to another workspace. */
export type CreatedKey =
  | { readonly outcome: 'created'; readonly key: ApiKey; readonly token: string }
  | ({ readonly outcome: 'refused' } & KeyRefusal)
  | { readonly outcome: 'refused'; readonly reason: 'issuer_gone'; readonly field: null };

/** Column under which secrets are hashed; also where they are looked up. */
export const SECRET_COLUMN = 'accounts.api_key.secret_hash';

/** A key that creates another, or somebody signed in with the scopes of their role in the workspace. */
export type KeyCreator =
  | { readonly keyId: string; readonly requestId?: string }
  | { readonly personId: string; readonly scopes: ReadonlySet<Scope>; readonly requestId?: string };

/**
 * Issues a key in the caller's transaction: `creator` is who asks, or says which part of the platform does. Nobody
 * hands on more than they have themselves. The token is in the answer and nowhere else; whoever
 * keeps the answer for a repeated request must leave it out. Not to be repeated: each call issues another key.
 */
export async function createKey(
  tx: Tx,
  keyring: Keyring,
  creator: KeyCreator | Exclude<KeyOrigin, 'key' | 'person'>,
  wanted: NewKey,
): Promise<CreatedKey> {
  const byKey = typeof creator === 'object' && 'keyId' in creator;
  const byPerson = typeof creator === 'object' && 'personId' in creator;
  const ref = nameKey(wanted.workspaceId);
  const [issuer, [clock]] = await Promise.all([
    byKey ? lockLivingKey(tx, creator.keyId) : undefined,
    tx.exec(NOW, []),
    keyring.ensure([ref]),
  ]);
  if (byKey && issuer?.workspace_id !== wanted.workspaceId)
    return { outcome: 'refused', reason: 'issuer_gone', field: null };
  const refusal =
    refuseKey(wanted, clock!.now) ??
    (issuer ? refuseHandingOn(limitsOf(issuer), wanted) : null) ??
    (byPerson ? refuseHandingOn(limitsOfPerson(creator.scopes), wanted) : null);
  if (refusal) return { outcome: 'refused', ...refusal };

  const id = newId();
  const token = makeToken(wanted.kind);
  const { firstFour, lastFour } = shownParts(token);
  const row = await insertKey(tx, {
    id,
    workspace_id: wanted.workspaceId,
    kind: wanted.kind,
    origin: byKey ? 'key' : byPerson ? 'person' : creator,
    created_by: byKey ? creator.keyId : null,
    created_by_person: byPerson ? creator.personId : null,
    name: keyring.seal(namePlace(keyring, id, wanted.workspaceId), wanted.name),
    secret_hash: keyring.mac(SECRET_COLUMN, token),
    first_four: firstFour,
    last_four: lastFour,
    scopes: [...new Set(wanted.scopes)],
    networks: wanted.networks.length === 0 ? null : [...wanted.networks],
    expires_at: wanted.expiresAt,
    requests_per_second: wanted.requestsPerSecond ?? null,
  });
  await record(tx, keyring, {
    action: 'api_key.created',
    actor: creatorAsActor(creator, wanted.workspaceId),
    object: { kind: 'api_key', id },
  });
  return { outcome: 'created', key: withName(keyring, row), token };
}

/** A workspace's keys, newest first, those with an id below `before`; revoked and expired ones included. */
export async function listKeys(
  db: Database,
  keyring: Keyring,
  workspaceId: string,
  page: { readonly before: string | null; readonly limit: number },
): Promise<ApiKey[]> {
  const rows = await db.tenant(workspaceId, (tx) =>
    selectKeyPage(tx, workspaceId, page.before, Math.min(page.limit, PAGE_MAX)),
  );
  return withNames(keyring, rows);
}

/** The administrators' keys, as `listKeys`. */
export async function listAdminKeys(
  tx: Tx,
  keyring: Keyring,
  page: { readonly before: string | null; readonly limit: number },
): Promise<ApiKey[]> {
  return withNames(keyring, await selectKeyPage(tx, null, page.before, Math.min(page.limit, PAGE_MAX)));
}

/**
 * Revokes a key of a workspace (null: an administrator's), for good. Repeating it changes nothing. Null when there is
 * no such key there. Other processes follow within the time of their cache; this one after `Authenticator.forget`.
 * `actor` is who does it, for the audit trail.
 */
export async function revokeKey(
  tx: Tx,
  keyring: Keyring,
  workspaceId: string | null,
  keyId: string,
  actor: Actor = SYSTEM,
): Promise<ApiKey | null> {
  const row = await updateRevoked(tx, workspaceId, keyId);
  if (row === undefined) return null;
  if (row.revoked_before === null) {
    await record(tx, keyring, { action: 'api_key.revoked', actor, object: { kind: 'api_key', id: keyId } });
  }
  const [key] = await withNames(keyring, [row]);
  return key!;
}

/** `not_found`: the workspace has no such key that lives. */
export type RotatedKey = CreatedKey | { readonly outcome: 'not_found' };

/**
 * Issues a key with the rights of another, which ends after the overlap or earlier, as it would have by itself. Whoever
 * asks could have created it: nobody gets a key that has more than they have, nor one that creates keys (ASVS 5.0.0
 * V13.2.2). Not to be repeated: each call issues another key. Needs `Authenticator.forget` of the old one.
 */
export async function rotateKey(
  tx: Tx,
  keyring: Keyring,
  creator: KeyCreator,
  workspaceId: string,
  rotation: { readonly keyId: string; readonly overlapSeconds: number },
): Promise<RotatedKey> {
  const row = await endAfter(tx, workspaceId, rotation.keyId, rotation.overlapSeconds);
  if (row === undefined) return { outcome: 'not_found' };
  const [old] = await withNames(keyring, [row]);
  assertInvariant(old!.name !== null, 'a workspace that is open has its key');
  const created = await createKey(tx, keyring, creator, {
    ...limitsOf(row),
    expiresAt: row.was_to_expire,
    workspaceId,
    name: old!.name,
  });
  if (created.outcome === 'created') {
    await record(tx, keyring, {
      action: 'api_key.rotated',
      actor: creatorAsActor(creator, workspaceId),
      object: { kind: 'api_key', id: rotation.keyId },
    });
  }
  return created;
}

/**
 * Revokes the keys somebody made, in a workspace they leave or (null) everywhere, and how many. Such a key works only as
 * long as its maker is a member; this ends it for good. Needs `Authenticator.forget` of the person.
 */
export async function revokeKeysOf(
  tx: Tx,
  keyring: Keyring,
  personId: string,
  workspaceId: string | null,
  actor: Actor,
): Promise<number> {
  const revoked = await revokeOfPerson(tx, personId, workspaceId);
  for (const { id } of revoked)
    await record(tx, keyring, { action: 'api_key.revoked', actor, object: { kind: 'api_key', id } });
  return revoked.length;
}

/** Items of one page at most, and one that tells whether another follows. */
const PAGE_MAX = pageLimitMax + 1;
/** The owner of what belongs to no workspace. */
const PLATFORM = 'platform';

function creatorAsActor(creator: Parameters<typeof createKey>[2], workspaceId: string | null): Actor {
  if (typeof creator === 'string') return creator === 'seed' ? SYSTEM : OPERATOR;
  const request = creator.requestId === undefined ? {} : { requestId: creator.requestId };
  if ('personId' in creator) {
    return { kind: workspaceId === null ? 'staff' : 'customer', personId: creator.personId, ...request };
  }
  return { kind: workspaceId === null ? 'staff' : 'customer_key', keyId: creator.keyId, ...request };
}

const nameKey = (workspaceId: string | null): KeyRef =>
  workspaceId === null ? { class: 'operator' } : { class: 'identity', subjectId: workspaceId };

function namePlace(keyring: Keyring, id: string, workspaceId: string | null): Place {
  return {
    column: 'accounts.api_key.name',
    rowId: id,
    ownerId: workspaceId ?? PLATFORM,
    keyId: keyring.keyId(nameKey(workspaceId)),
  };
}

/** Somebody signed in may be anywhere and stays a member as long as they are one. */
const limitsOfPerson = (scopes: ReadonlySet<Scope>): KeyLimits => ({
  kind: 'live',
  scopes: [...scopes],
  networks: [],
  expiresAt: null,
});

const limitsOf = (row: ApiKeyRow): KeyLimits => ({
  kind: row.kind as KeyKind,
  scopes: row.scopes as Scope[],
  networks: row.networks ?? [],
  expiresAt: row.expires_at,
  requestsPerSecond: row.requests_per_second,
});

async function withNames(keyring: Keyring, rows: readonly ApiKeyRow[]): Promise<ApiKey[]> {
  await keyring.load([...new Set(rows.map((row) => keyring.keyId(nameKey(row.workspace_id))))]);
  return rows.map((row) => withName(keyring, row));
}

function withName(keyring: Keyring, row: ApiKeyRow): ApiKey {
  const name = keyring.open(namePlace(keyring, row.id, row.workspace_id), row.name);
  return {
    ...limitsOf(row),
    id: row.id,
    workspaceId: row.workspace_id,
    origin: row.origin as KeyOrigin,
    createdBy: row.created_by,
    name: name.state === 'open' ? name.plaintext.toString() : null,
    prefix: `sotto_${row.kind}_${row.first_four}`,
    lastFour: row.last_four,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    revokedAt: row.revoked_at,
  };
}
