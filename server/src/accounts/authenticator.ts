// Who is calling, from the bearer token of a request. The path of every request: form and checksum, keyed hash (about
// 5 microseconds), a small memory, and for the first request of a token one indexed look-up.

import { type StaffRole, scopesOfRole, type WorkspaceRole } from '@sotto/contract/roles';
import type { Scope, WorkspaceScope } from '@sotto/contract/scopes';
import { arrays } from '#platform/arrays';
import { monotonicMs } from '#platform/clock';
import type { Database } from '#platform/database';
import { type NetworkList, networkList } from '#platform/network-list';
import type { Keyring } from '#privacy';
import { noteActivity } from './activity.sql.ts';
import { FACTS_BY_HASH, type KeyFacts, RECORD_USES } from './api-key.sql.ts';
import { SECRET_COLUMN } from './api-keys.ts';
import type { Principal } from './principal.ts';
import { RememberedTokens } from './remembered-tokens.ts';
import { NOTE_SESSION_USES, SESSION_BY_HASH, type SessionFactsRow } from './sessions/session.sql.ts';
import {
  type Asked,
  type Decision,
  decideSession,
  type Member,
  type Strength,
} from './sessions/session-rules.ts';
import { SESSION_SECRET } from './sessions/sessions.ts';
import { isKeyKind, readTokenKind } from './token.ts';

/**
 * The codes are those of the public catalogue. Malformed, mistyped and unknown tokens get one and the same answer;
 * the others are said only to who holds the real secret. `keyId` is for the security log.
 */
export type Authentication =
  | { readonly outcome: 'accepted'; readonly principal: Principal }
  | { readonly outcome: 'refused'; readonly code: 'unauthorized'; readonly keyId: null }
  | {
      readonly outcome: 'refused';
      readonly code:
        | 'key_revoked'
        | 'key_expired'
        | 'ip_not_allowed'
        | Extract<Decision, { outcome: 'refused' }>['code'];
      readonly keyId: string;
    };

export interface Authenticator {
  /**
   * Decides on a token and the caller's address, as the socket or a trusted proxy gives it, for what is asked. Changes
   * nothing that a caller sees, so it may be repeated. Throws `unavailable` when the database is needed and away.
   */
  authenticate(token: string, address: string, asked: Asked): Promise<Authentication>;
  /**
   * Makes this process ask the database again about a key, a session, a person or a workspace. Call it when the change
   * is committed, or as soon as it is written: for the time of the memory nothing is remembered of it.
   */
  forget(id: string): void;
  /** Writes the uses seen since the last time; how many tokens had one to write. Also done now and then by itself. */
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
/** Uses are written at most this often a process, many tokens in one statement. */
const RECORD_EVERY_MS = 60_000;
/** Tokens whose use waits to be written; beyond it a use goes unrecorded until the next write. */
const WAITING_USES_MAX = 10_000;

interface KnownKey {
  readonly facts: KeyFacts;
  readonly expired: boolean;
  readonly networks: NetworkList;
  readonly principal: Principal;
}

interface KnownSession {
  readonly facts: SessionFactsRow;
  readonly members: readonly Member[];
  /** When it was looked up, on the monotonic clock. */
  readonly foundMs: number;
}

const UNAUTHORIZED: Authentication = { outcome: 'refused', code: 'unauthorized', keyId: null };

export function createAuthenticator(
  db: Database,
  keyring: Keyring,
  options: AuthenticatorOptions = {},
): Authenticator {
  const nowMs = options.nowMs ?? monotonicMs;
  const memory = {
    keyring,
    nowMs,
    ttlMs: options.ttlMs ?? TTL_MS,
    entriesMax: options.entriesMax ?? ENTRIES_MAX,
  };
  const keys = new RememberedTokens<KnownKey>({
    ...memory,
    column: SECRET_COLUMN,
    async find(candidates) {
      const [facts] = await db.batch((tx) => tx.exec(FACTS_BY_HASH, [arrays.bytea(candidates)]));
      return facts && keyFrom(facts);
    },
    livesMs: ({ facts }) => facts.lives_ms,
    idsOf: ({ facts }) => [
      facts.id,
      facts.workspace_id ?? facts.id,
      ...(facts.created_by_person === null ? [] : [facts.created_by_person]),
    ],
  });
  const sessions = new RememberedTokens<KnownSession>({
    ...memory,
    column: SESSION_SECRET,
    async find(candidates) {
      const foundMs = nowMs();
      const [facts] = await db.batch((tx) => tx.exec(SESSION_BY_HASH, [arrays.bytea(candidates)]));
      return facts && { facts, members: membersOf(facts), foundMs };
    },
    livesMs: ({ facts }) => facts.lives_ms,
    idsOf: ({ facts }) => [facts.id, facts.person_id, ...facts.member_of],
  });
  const usedKeys = new Set<string>();
  const usedSessions = new Set<string>();
  const usedWorkspaces = new Set<string>();
  let recordAtMs = nowMs();

  function noteUse(uses: Set<string>, id: string, workspaceId: string | null): void {
    if (uses.size >= WAITING_USES_MAX) return;
    uses.add(id);
    if (workspaceId !== null) usedWorkspaces.add(workspaceId);
    if (nowMs() < recordAtMs) return;
    recordAtMs = nowMs() + RECORD_EVERY_MS;
    // A use that could not be written waits for the next time; the request it belongs to is none the worse.
    recordUses().catch(() => undefined);
  }

  async function recordUses(): Promise<number> {
    const [keyIds, sessionIds, workspaceIds] = [[...usedKeys], [...usedSessions], [...usedWorkspaces]];
    if (keyIds.length + sessionIds.length === 0) return 0;
    const written = await db.batch(async (tx) => {
      const recorded = keyIds.length === 0 ? [] : await tx.exec(RECORD_USES, [arrays.uuid(keyIds)]);
      if (sessionIds.length === 0) return recorded.length;
      const seen = await tx.exec(NOTE_SESSION_USES, [arrays.uuid(sessionIds)]);
      const personal = seen.flatMap(({ personal_workspace_id: id }) => (id === null ? [] : [id]));
      await noteActivity(tx, [...new Set([...workspaceIds, ...personal])].sort());
      return recorded.length + seen.length;
    });
    for (const id of keyIds) usedKeys.delete(id);
    for (const id of sessionIds) usedSessions.delete(id);
    for (const id of workspaceIds) usedWorkspaces.delete(id);
    return written;
  }

  async function byKey(token: string, address: string): Promise<Authentication> {
    const found = keys.know(token);
    const known = found instanceof Promise ? await found : found;
    if (known === undefined) return UNAUTHORIZED;
    const keyId = known.facts.id;
    if (known.facts.revoked) return { outcome: 'refused', code: 'key_revoked', keyId };
    if (known.expired) return { outcome: 'refused', code: 'key_expired', keyId };
    if (!known.networks.allows(address)) return { outcome: 'refused', code: 'ip_not_allowed', keyId };
    if (known.facts.use_is_stale) noteUse(usedKeys, keyId, null);
    return { outcome: 'accepted', principal: known.principal };
  }

  async function bySession(token: string, asked: Asked): Promise<Authentication> {
    const found = sessions.know(token);
    const known = found instanceof Promise ? await found : found;
    if (known === undefined) return UNAUTHORIZED;
    const { facts, members, foundMs } = known;
    const decided = decideSession(
      {
        sessionId: facts.id,
        personId: facts.person_id,
        strength: facts.strength as Strength,
        ended: facts.ended || facts.lives_ms <= 0,
        authenticatedMsAgo: facts.authenticated_ms + nowMs() - foundMs,
        personalWorkspaceId: facts.personal_workspace_id,
        members,
        staffRole: facts.staff_role as StaffRole | null,
      },
      asked,
    );
    if (decided.outcome === 'refused') return { ...decided, keyId: facts.id };
    if (facts.use_is_stale) noteUse(usedSessions, facts.id, decided.principal.workspaceId);
    return decided;
  }

  return {
    async authenticate(token, address, asked) {
      const kind = readTokenKind(token);
      if (kind === 'session') return bySession(token, asked);
      return kind !== null && isKeyKind(kind) ? byKey(token, address) : UNAUTHORIZED;
    },

    forget(id) {
      keys.distrust(id);
      sessions.distrust(id);
    },

    recordUses,
  };
}

function keyFrom(facts: KeyFacts): KnownKey {
  // What somebody made does what they may do today, and no more.
  const held = facts.creator_role === null ? null : scopesOfRole(facts.creator_role as WorkspaceRole);
  const scopes: ReadonlySet<Scope> = new Set(
    (facts.scopes as WorkspaceScope[]).filter((scope) => held === null || held.has(scope)),
  );
  const { requests_per_second: requestsPerSecond } = facts;
  const common = { keyId: facts.id, personId: null, scopes, requestsPerSecond } as const;
  const principal: Principal =
    facts.workspace_id === null
      ? { kind: 'admin', ...common, workspaceId: null, test: false, currency: null }
      : {
          kind: 'workspace',
          ...common,
          workspaceId: facts.workspace_id,
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

const membersOf = (facts: SessionFactsRow): Member[] =>
  facts.member_of.map((workspaceId, at) => ({
    workspaceId,
    role: facts.member_roles[at] as WorkspaceRole,
    currency: facts.member_currencies[at]!,
  }));
