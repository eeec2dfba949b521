// The passkeys of somebody: made, named, removed.
import { passkeysMax } from '@sotto/contract/account/factors';
import type { Database, Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { newId } from '#platform/ids';
import type { Keyring, Place } from '#privacy';
import type { Actor } from '#privacy/audit';
import { NOW } from '../api-key.sql.ts';
import { checkRegistration, type Passkey, registrationOptions } from '../credentials/passkeys.ts';
import { lockPerson } from '../people/person.sql.ts';
import { spendChallenge } from '../sign-in/challenge.sql.ts';
import { standingOf } from './factor.sql.ts';
import { added, type FactorParts, labelOf, removed } from './factors.ts';
import { deletePasskey, insertPasskey, type PasskeyRow, passkeysOf, renamePasskey } from './passkey.sql.ts';
import { makeBoundChallenge, readBoundChallenge } from './passkey-challenge.ts';
import { challengeKey, type ProofParts, siteOf, storedPasskey } from './proofs.ts';

export type OwnPasskeyParts = FactorParts & ProofParts;

export interface OwnPasskey extends Omit<PasskeyRow, 'name'> {
  /** Null once the key of the person is destroyed. */
  readonly name: string | null;
}

/** What the browser is asked to make. Throws `conflict` where no more fit, or there can be none. */
export async function startRegistration(tx: Tx, parts: OwnPasskeyParts, personId: string) {
  const { keyring } = parts;
  const site = siteOf(parts);
  const rows = await roomFor(tx, personId);
  const [clock] = await tx.exec(NOW, []);
  const { staffRole } = await standingOf(tx, personId);
  const challenge = makeBoundChallenge(challengeKey(keyring), 'register', personId, clock!.now);
  return registrationOptions(
    { site, challenge, userVerificationRequired: staffRole !== null },
    { userHandle: handleOf(rows, challenge), label: await labelOf(tx, keyring, personId) },
    rows.map(storedPasskey),
  );
}

/** An answer that was checked, to be kept. */
export interface Made {
  readonly passkey: Passkey;
  readonly userHandle: Buffer;
  readonly challengeId: string;
  readonly expiresAt: Date;
}

/** Checks what the browser made; null when it is not the answer to options of ours. */
export async function checkMade(
  parts: OwnPasskeyParts & { readonly db: Database },
  personId: string,
  answer: unknown,
): Promise<Made | null> {
  const site = siteOf(parts);
  const [rows, now, staffRole] = await parts.db.batch(async (tx) => {
    const clock = tx.exec(NOW, []);
    const standing = await standingOf(tx, personId);
    return [await passkeysOf(tx, personId), (await clock)[0]!.now, standing.staffRole] as const;
  });
  const given = readBoundChallenge(challengeKey(parts.keyring), 'register', personId, answer, now);
  if (given === null) return null;
  const expected = { site, challenge: given.challenge, userVerificationRequired: staffRole !== null };
  const outcome = await checkRegistration(expected, answer);
  if (outcome.state === 'refused') return null;
  return {
    passkey: outcome.passkey,
    userHandle: handleOf(rows, given.challenge),
    challengeId: given.id,
    expiresAt: given.expiresAt,
  };
}

/** Keeps a passkey. Recovery codes, where there were none before; ends every session. */
export async function keepPasskey(
  tx: Tx,
  parts: OwnPasskeyParts,
  personId: string,
  made: Made,
  name: string,
  actor: Actor,
): Promise<string[] | null> {
  const { keyring } = parts;
  await lockPerson(tx, personId);
  const { hasFactor } = await standingOf(tx, personId);
  await roomFor(tx, personId);
  if (!(await spendChallenge(tx, made.challengeId, made.expiresAt))) throw new AppError('credentials_wrong');
  await keyring.ensure([{ class: 'identity', subjectId: personId }]);
  const id = newId();
  const sealed = keyring.seal(namePlace(keyring, personId, id), name);
  const row = { id, personId, userHandle: made.userHandle, name: sealed };
  if (!(await insertPasskey(tx, row, made.passkey)))
    throw new AppError('conflict', { detail: 'This passkey is kept already.' });
  return added(tx, parts, personId, hasFactor, actor);
}

/** The passkeys of a person with their names, oldest first. */
export async function listPasskeys(tx: Tx, keyring: Keyring, personId: string): Promise<OwnPasskey[]> {
  const rows = await passkeysOf(tx, personId);
  await keyring.load([keyring.keyId({ class: 'identity', subjectId: personId })]);
  return rows.map((row) => withName(keyring, row));
}

/** Gives a passkey another name; undefined when they have no such passkey. */
export async function rename(
  tx: Tx,
  keyring: Keyring,
  personId: string,
  id: string,
  name: string,
): Promise<OwnPasskey | undefined> {
  await keyring.ensure([{ class: 'identity', subjectId: personId }]);
  const row = await renamePasskey(tx, personId, id, keyring.seal(namePlace(keyring, personId, id), name));
  return row === undefined ? undefined : withName(keyring, row);
}

/** Ends a passkey and every session but the one that asks; false when they have no such passkey. */
export async function removePasskey(
  tx: Tx,
  parts: OwnPasskeyParts,
  personId: string,
  id: string,
  sessionId: string,
  actor: Actor,
): Promise<boolean> {
  await lockPerson(tx, personId);
  if (!(await deletePasskey(tx, personId, id))) return false;
  await removed(tx, parts, personId, sessionId, actor);
  return true;
}

/** The passkeys there are. Throws `conflict` when there is no room for another. */
async function roomFor(tx: Tx, personId: string): Promise<PasskeyRow[]> {
  const rows = await passkeysOf(tx, personId);
  if (rows.length < passkeysMax) return rows;
  throw new AppError('conflict', { detail: `There are ${passkeysMax} passkeys: remove one first.` });
}

/** One handle for all passkeys of a person, so that an authenticator knows they are of one account. */
const handleOf = (rows: readonly PasskeyRow[], challenge: Buffer): Buffer =>
  rows[0]?.user_handle ?? challenge.subarray(0, 16);

const namePlace = (keyring: Keyring, personId: string, id: string): Place => ({
  column: 'accounts.passkey.name',
  rowId: id,
  ownerId: personId,
  keyId: keyring.keyId({ class: 'identity', subjectId: personId }),
});

function withName(keyring: Keyring, row: PasskeyRow): OwnPasskey {
  if (row.name === null) return { ...row, name: null };
  const opened = keyring.open(namePlace(keyring, row.person_id, row.id), row.name);
  return { ...row, name: opened.state === 'open' ? opened.plaintext.toString() : null };
}
