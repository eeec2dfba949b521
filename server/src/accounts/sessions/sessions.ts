// Sessions: opaque tokens of 214 bits of which only a keyed hash is stored. A session ends when it is not used for its
// idle time, at its latest end, when it is signed out or revoked, and when a credential of its person changes.
//
// A token never grows in power: whoever signs in further or presents a password again gets a new one and the old one
// dies (ASVS 5.0.0 V7.2.4), so a token fixed or stolen before is worth nothing after.
import { pageLimitMax } from '@sotto/contract/paging';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import type { Keyring } from '#privacy';
import { makeToken } from '../token.ts';
import {
  endByHash,
  endLivingSession,
  endSession,
  endSessions,
  insertSession,
  type SessionRow,
  selectSessionPage,
} from './session.sql.ts';
import type { Strength } from './session-rules.ts';

export interface Session {
  readonly id: string;
  readonly personId: string;
  readonly strength: Strength;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  /** The latest end; it ends before when it is not used for its idle time. */
  readonly expiresAt: Date;
}

/** How long sessions live, in seconds. */
export interface SessionTerms {
  readonly idleSeconds: number;
  readonly lastsSeconds: number;
}

const MINUTE_S = 60;
const DAY_S = 86_400;

/** Customers: two weeks without use, three months at the latest. The policy may say less. */
export const PERSON_TERMS: SessionTerms = { idleSeconds: 14 * DAY_S, lastsSeconds: 90 * DAY_S };
/** Staff: half an hour without use, a working day at the latest (ASVS 5.0.0 V7.3.1, V7.3.2). */
export const STAFF_TERMS: SessionTerms = { idleSeconds: 30 * MINUTE_S, lastsSeconds: 12 * 60 * MINUTE_S };
/** Time to present a second factor. */
const WAITING_TERMS: SessionTerms = { idleSeconds: 10 * MINUTE_S, lastsSeconds: 10 * MINUTE_S };

export const SESSION_SECRET = 'accounts.session.secret_hash';
const PAGE_MAX = pageLimitMax + 1;

/** Opens a session in the caller's transaction. The token is in the answer and nowhere else. Not to be repeated. */
export async function openSession(
  tx: Tx,
  keyring: Keyring,
  personId: string,
  strength: Strength,
  terms: SessionTerms,
): Promise<{ readonly session: Session; readonly token: string }> {
  const token = makeToken('session');
  const { idleSeconds, lastsSeconds } = strength === 'first_factor' ? WAITING_TERMS : terms;
  const row = await insertSession(tx, {
    id: newId(),
    person_id: personId,
    secret_hash: keyring.mac(SESSION_SECRET, token),
    strength,
    idle_seconds: idleSeconds,
    lasts_seconds: lastsSeconds,
  });
  return { session: sessionOf(row), token };
}

/** Living sessions, newest first, those with an id below `before`. */
export const listSessions = async (
  tx: Tx,
  personId: string,
  page: { readonly before: string | null; readonly limit: number },
): Promise<Session[]> =>
  (await selectSessionPage(tx, personId, page.before, Math.min(page.limit, PAGE_MAX))).map(sessionOf);

/** Ends one session of a person, for good; may be repeated. Undefined when they have no such session. */
export async function endOne(tx: Tx, personId: string, id: string): Promise<Session | undefined> {
  const row = await endSession(tx, personId, id);
  return row === undefined ? undefined : sessionOf(row);
}

/** Ends a session that goes on as another one; false when it has ended before. */
export const endLiving = (tx: Tx, personId: string, id: string): Promise<boolean> =>
  endLivingSession(tx, personId, id);

/** Ends all sessions of a person but one; how many. */
export const endOthers = async (tx: Tx, personId: string, but: string | null): Promise<number> =>
  (await endSessions(tx, [personId], but)).length;

/** Ends the session of a token, where there is one; its id. For a token that another one takes the place of. */
export const endPresented = (tx: Tx, keyring: Keyring, token: string): Promise<string | undefined> =>
  endByHash(tx, keyring.macCandidates(SESSION_SECRET, token));

const sessionOf = (row: SessionRow): Session => ({
  id: row.id,
  personId: row.person_id,
  strength: row.strength as Strength,
  createdAt: row.created_at,
  lastSeenAt: row.last_seen_at,
  expiresAt: row.expires_at,
});
