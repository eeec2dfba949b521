// Who is calling, from the bearer token of a request. The path of every request: form and checksum, keyed hash (about
// 5 microseconds), a small cache, and for the first request of a key one indexed look-up.
//
// Trust ends in time: an entry of the cache lives two seconds, or until the key expires if that is sooner, so a
// revocation reaches every process within two seconds and the revoking one at once. Unknown tokens are not cached, or
// a flood of invented ones would push the real ones out.
//
// Timing says nothing about secrets: what is compared by index and map is an HMAC under a key no caller has.
import type { Scope } from '@sotto/contract/scopes';
import { arrays } from '#platform/arrays';
import { monotonicMs } from '#platform/clock';
import type { Database } from '#platform/database';
import { type NetworkList, networkList } from '#platform/network-list';
import type { Keyring } from '#privacy';
import { FACTS_BY_HASH, type KeyFacts, RECORD_USES } from './api-key.sql.ts';
import { SECRET_COLUMN } from './api-keys.ts';
import { ExpiringCache } from './expiring-cache.ts';
import { isKeyKind, readTokenKind } from './token.ts';

/** Who calls, once that is certain. Administrators belong to no workspace. */
export type Principal = WorkspacePrincipal | AdminPrincipal;

export interface WorkspacePrincipal {
  readonly kind: 'workspace';
  readonly keyId: string;
  readonly workspaceId: string;
  readonly scopes: ReadonlySet<Scope>;
  /** A test key: nothing it asks for reaches a carrier or is charged. */
  readonly test: boolean;
  /** The one currency of the workspace. */
  readonly currency: string;
}

export interface AdminPrincipal {
  readonly kind: 'admin';
  readonly keyId: string;
  readonly workspaceId: null;
  readonly scopes: ReadonlySet<Scope>;
  readonly test: false;
  readonly currency: null;
}

/**
 * The codes are those of the public catalogue. Malformed, mistyped and unknown tokens get one and the same answer;
 * the others are said only to who holds the real secret. `keyId` is for the security log.
 */
export type Authentication =
  | { readonly outcome: 'accepted'; readonly principal: Principal }
  | { readonly outcome: 'refused'; readonly code: 'unauthorized'; readonly keyId: null }
  | {
      readonly outcome: 'refused';
      readonly code: 'key_revoked' | 'key_expired' | 'ip_not_allowed';
      readonly keyId: string;
    };

export interface Authenticator {
  /**
   * Decides on a token and the caller's address, as the socket or a trusted proxy gives it. Changes nothing that a
   * caller sees, so it may be repeated. Throws `unavailable` when the database is needed and away.
   */
  authenticate(token: string, address: string): Promise<Authentication>;
  /**
   * Makes this process ask the database again about a key. Call it when a revocation is committed, or as soon as it
   * is written: for the time of the cache nothing is remembered of the key.
   */
  forget(keyId: string): void;
  /** As `forget`, for every key of a workspace that was closed. */
  forgetWorkspace(workspaceId: string): void;
  /** Writes the uses seen since the last time; how many keys had one to write. Also done now and then by itself. */
  recordUses(): Promise<number>;
}

export interface AuthenticatorOptions {
  /** How long a look-up is trusted. */
  readonly ttlMs?: number;
  readonly entriesMax?: number;
  readonly nowMs?: () => number;
}

const TTL_MS = 2_000;
const ENTRIES_MAX = 10_000;
/** Uses are written at most this often a process, many keys in one statement. */
const RECORD_EVERY_MS = 60_000;
/** Keys whose use waits to be written; beyond it a use goes unrecorded until the next write. */
const WAITING_USES_MAX = 10_000;

interface Known {
  readonly facts: KeyFacts;
  readonly expired: boolean;
  readonly networks: NetworkList;
  readonly principal: Principal;
}

const UNAUTHORIZED: Authentication = { outcome: 'refused', code: 'unauthorized', keyId: null };

export function createAuthenticator(
  db: Database,
  keyring: Keyring,
  options: AuthenticatorOptions = {},
): Authenticator {
  const nowMs = options.nowMs ?? monotonicMs;
  const ttlMs = options.ttlMs ?? TTL_MS;
  const entriesMax = options.entriesMax ?? ENTRIES_MAX;
  const cache = new ExpiringCache<Known>({ entriesMax, nowMs });
  /** Keys just revoked: a look-up that began before the commit must not be remembered. */
  const distrusted = new ExpiringCache<true>({ entriesMax, nowMs });
  const underway = new Map<string, Promise<Known | undefined>>();
  const waitingUses = new Set<string>();
  let recordAtMs = nowMs();

  async function lookUp(hash: string, candidates: readonly Buffer[]): Promise<Known | undefined> {
    const [facts] = await db.batch((tx) => tx.exec(FACTS_BY_HASH, [arrays.bytea(candidates)]));
    if (facts === undefined) return undefined;
    const known = knownFrom(facts);
    const owner = facts.workspace_id ?? facts.id;
    if (!distrusted.get(facts.id) && !distrusted.get(owner)) {
      const livesMs = known.expired ? ttlMs : (facts.lives_ms ?? ttlMs);
      cache.set(hash, known, Math.min(ttlMs, livesMs));
    }
    return known;
  }

  function know(token: string): Known | undefined | Promise<Known | undefined> {
    const candidates = keyring.macCandidates(SECRET_COLUMN, token);
    // The cache and its keys hold no secret either: they are the hashes.
    const hash = candidates[0]!.toString('latin1');
    const known = cache.get(hash) ?? underway.get(hash);
    if (known) return known;
    const asked: Promise<Known | undefined> = lookUp(hash, candidates).finally(() => {
      if (underway.get(hash) === asked) underway.delete(hash);
    });
    underway.set(hash, asked);
    return asked;
  }

  /** A look-up on its way may have read the old state: nobody joins it any more, and its answer is not kept. */
  function distrust(id: string, concerns: (facts: KeyFacts) => boolean): void {
    distrusted.set(id, true, ttlMs);
    underway.clear();
    cache.dropWhere(({ facts }) => concerns(facts));
  }

  function noteUse(facts: KeyFacts): void {
    if (!facts.use_is_stale || waitingUses.size >= WAITING_USES_MAX) return;
    waitingUses.add(facts.id);
    if (nowMs() < recordAtMs) return;
    recordAtMs = nowMs() + RECORD_EVERY_MS;
    // A use that could not be written waits for the next time; the request it belongs to is none the worse.
    recordUses().catch(() => undefined);
  }

  async function recordUses(): Promise<number> {
    const ids = [...waitingUses];
    if (ids.length === 0) return 0;
    const written = await db.batch((tx) => tx.exec(RECORD_USES, [arrays.uuid(ids)]));
    for (const id of ids) waitingUses.delete(id);
    return written.length;
  }

  return {
    async authenticate(token, address) {
      const kind = readTokenKind(token);
      if (kind === null || !isKeyKind(kind)) return UNAUTHORIZED;
      const found = know(token);
      const known = found instanceof Promise ? await found : found;
      if (known === undefined) return UNAUTHORIZED;
      const keyId = known.facts.id;
      if (known.facts.revoked) return { outcome: 'refused', code: 'key_revoked', keyId };
      if (known.expired) return { outcome: 'refused', code: 'key_expired', keyId };
      if (!known.networks.allows(address)) return { outcome: 'refused', code: 'ip_not_allowed', keyId };
      noteUse(known.facts);
      return { outcome: 'accepted', principal: known.principal };
    },

    forget: (keyId) => distrust(keyId, (facts) => facts.id === keyId),
    forgetWorkspace: (workspaceId) => distrust(workspaceId, (facts) => facts.workspace_id === workspaceId),

    recordUses,
  };
}

function knownFrom(facts: KeyFacts): Known {
  const scopes: ReadonlySet<Scope> = new Set(facts.scopes as Scope[]);
  const principal: Principal =
    facts.workspace_id === null
      ? { kind: 'admin', keyId: facts.id, workspaceId: null, scopes, test: false, currency: null }
      : {
          kind: 'workspace',
          keyId: facts.id,
          workspaceId: facts.workspace_id,
          scopes,
          test: facts.kind === 'test',
          currency: facts.currency!,
        };
  return {
    facts,
    expired: facts.lives_ms !== null && facts.lives_ms <= 0,
    networks: networkList(facts.networks ?? []),
    principal,
  };
}
