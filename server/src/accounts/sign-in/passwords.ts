// Passwords of people: chosen, presented, changed. Hashing takes tens of milliseconds, so it is done outside
// transactions; what was found then is acted on in one.
import type { Database, Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import type { Keyring } from '#privacy';
import type { PasswordHasher } from '../credentials/password-hash.ts';
import { PASSWORD_FAULTS, type PasswordRules } from '../credentials/password-rules.ts';
import { personPlace } from '../people/people.ts';
import { findByEmail } from '../people/person.sql.ts';
import { readPassword, renewHash, setPassword } from './password.sql.ts';

export interface PasswordParts {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly hasher: PasswordHasher;
  readonly rules: PasswordRules;
}

/** Hashes a password that is chosen. Throws `password_refused` with the reason, naming `field`. */
export async function hashChosen(
  { hasher, rules }: Pick<PasswordParts, 'hasher' | 'rules'>,
  password: string,
  field: string,
  emailAddress?: string,
): Promise<string> {
  const fault = await rules.judge(password, emailAddress === undefined ? {} : { emailAddress });
  if (fault !== null)
    throw new AppError('password_refused', { field, detail: `It ${PASSWORD_FAULTS[fault]}` });
  return hasher.hash(password);
}

/** Stores the hash of a password; the person's key must be ready. */
export async function storePassword(tx: Tx, keyring: Keyring, personId: string, phc: string): Promise<void> {
  await keyring.ensure([{ class: 'identity', subjectId: personId }]);
  await setPassword(
    tx,
    personId,
    keyring.seal(personPlace(keyring, personId, 'accounts.password.hash'), phc),
  );
}

/** A password that opened an account. */
export interface Recognised {
  readonly personId: string;
  /** Stores the same password under today's cost, where that has changed. */
  readonly renew: ((tx: Tx) => Promise<unknown>) | null;
}

/**
 * Whose address (by the candidates of its index) and password these are; null for an unknown address and a wrong password, after the same time: either
 * way one look-up and one hash are done.
 */
export async function recognise(
  parts: PasswordParts,
  candidates: readonly Buffer[] | null,
  password: string,
): Promise<Recognised | null> {
  const { db, hasher } = parts;
  const row = candidates === null ? undefined : await db.batch((tx) => findByEmail(tx, candidates));
  if (row === undefined || row.password_hash === null) {
    await hasher.verifyNobody(password);
    return null;
  }
  const { id, password_hash: stored } = row;
  const opened = await openHash(parts, id, stored);
  if (opened === null) {
    await hasher.verifyNobody(password);
    return null;
  }
  if (!(await hasher.verify(opened, password))) return null;
  return { personId: id, renew: await renewalOf(parts, id, stored, opened, password) };
}

/** Whether this is the password of somebody who is signed in already. */
export async function presentsPassword(
  parts: PasswordParts,
  personId: string,
  password: string,
): Promise<boolean> {
  const stored = await parts.db.batch((tx) => readPassword(tx, personId));
  const opened = stored === undefined ? null : await openHash(parts, personId, stored);
  return opened === null ? parts.hasher.verifyNobody(password) : parts.hasher.verify(opened, password);
}

async function openHash(
  { keyring }: PasswordParts,
  personId: string,
  stored: Buffer,
): Promise<string | null> {
  const place = personPlace(keyring, personId, 'accounts.password.hash');
  await keyring.load([place.keyId]);
  const opened = keyring.open(place, stored);
  return opened.state === 'open' ? opened.plaintext.toString() : null;
}

async function renewalOf(
  { keyring, hasher }: PasswordParts,
  personId: string,
  stored: Buffer,
  opened: string,
  password: string,
): Promise<Recognised['renew']> {
  if (!hasher.needsRehash(opened)) return null;
  const phc = await hasher.hash(password);
  return (tx) =>
    renewHash(
      tx,
      personId,
      stored,
      keyring.seal(personPlace(keyring, personId, 'accounts.password.hash'), phc),
    );
}
