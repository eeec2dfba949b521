// What somebody presents besides a password: a code of their app, a recovery code, a passkey. It is checked first and
// used afterwards, in the transaction that acts on it, by one conditional statement: of many at once one is used.
import type { Database, Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import type { Keyring } from '#privacy';
import { record } from '#privacy/audit';
import { NOW } from '../api-key.sql.ts';
import { checkAuthentication, credentialIdOf, type PasskeySite } from '../credentials/passkeys.ts';
import { findRecoveryCode } from '../credentials/recovery-codes.ts';
import { checkTotp } from '../credentials/totp.ts';
import { personPlace } from '../people/people.ts';
import type { AccountMail } from '../sign-in/account-mail.ts';
import { spendChallenge } from '../sign-in/challenge.sql.ts';
import { readRecoveryCodes, readTotp, useRecoveryCode, useStep } from './factor.sql.ts';
import { tellOwner } from './factor-mail.ts';
import { findPasskey, isSpent, type PasskeyRow, usePasskey } from './passkey.sql.ts';
import { type ChallengeKey, readBoundChallenge } from './passkey-challenge.ts';

export interface ProofParts {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly mail: AccountMail;
  /** Whom passkeys are made for; null where this installation's address cannot have any. */
  readonly passkeySite: () => PasskeySite | null;
}

/** One of these. */
export interface Given {
  readonly code?: string | undefined;
  readonly recovery_code?: string | undefined;
  readonly passkey?: unknown;
}

/** Right when it was looked at; still to be used. */
export type Proof =
  | { readonly kind: 'totp'; readonly personId: string; readonly step: number }
  | { readonly kind: 'recovery_code'; readonly personId: string; readonly hash: Buffer }
  | {
      readonly kind: 'passkey';
      readonly personId: string;
      readonly passkeyId: string;
      readonly challengeId: string;
      readonly expiresAt: Date;
      readonly counter: number;
      readonly backedUp: boolean;
    };

export const RECOVERY_HASH = 'accounts.recovery_code.code_hash';
const CHALLENGE_COLUMN = 'accounts.spent_challenge.id';

export const challengeKey = (keyring: Keyring): ChallengeKey => ({
  mac: (text) => keyring.mac(CHALLENGE_COLUMN, text),
  macMatches: (text, mac) => keyring.macMatches(CHALLENGE_COLUMN, text, mac),
});

/** Throws `conflict` where there can be no passkeys. */
export function siteOf({ passkeySite }: Pick<ProofParts, 'passkeySite'>): PasskeySite {
  const site = passkeySite();
  if (site !== null) return site;
  throw new AppError('conflict', {
    detail: 'Passkeys need an address of this service that is a name and begins with https.',
  });
}

/** Checks what somebody who is signed in so far presents; null when it is wrong or used. Uses nothing up. */
export async function checkProof(parts: ProofParts, personId: string, given: Given): Promise<Proof | null> {
  if (given.code !== undefined) return checkCode(parts, personId, given.code);
  if (given.recovery_code !== undefined) return checkRecoveryCode(parts, personId, given.recovery_code);
  return given.passkey === undefined ? null : checkPasskey(parts, personId, given.passkey);
}

async function checkCode({ db, keyring }: ProofParts, personId: string, code: string): Promise<Proof | null> {
  const row = await db.batch((tx) => readTotp(tx, personId));
  if (row === undefined || row.confirmed_at === null) return null;
  const secret = await openSecret(keyring, personId, row.secret);
  if (secret === null) return null;
  const outcome = checkTotp(secret, code, row.now, row.last_used_step);
  return outcome.state === 'right' ? { kind: 'totp', personId, step: outcome.step } : null;
}

/** The secret of an app; null once the key of the person is destroyed. */
export async function openSecret(keyring: Keyring, personId: string, sealed: Buffer): Promise<Buffer | null> {
  const place = personPlace(keyring, personId, 'accounts.totp.secret');
  await keyring.load([place.keyId]);
  const opened = keyring.open(place, sealed);
  return opened.state === 'open' ? opened.plaintext : null;
}

async function checkRecoveryCode(
  { db, keyring }: ProofParts,
  personId: string,
  typed: string,
): Promise<Proof | null> {
  const unused = await db.batch((tx) => readRecoveryCodes(tx, personId));
  const place = findRecoveryCode(typed, unused, (code) => keyring.macCandidates(RECOVERY_HASH, code));
  return place === null ? null : { kind: 'recovery_code', personId, hash: unused[place]! };
}

/**
 * Checks a passkey of somebody, or of whoever it is of (null), who then has to have unlocked it; so do staff. A counter
 * that did not grow is refused, and the owner and the trail are told: the passkey may have been copied.
 */
export async function checkPasskey(
  parts: ProofParts,
  personId: string | null,
  answer: unknown,
): Promise<Proof | null> {
  const { db, keyring } = parts;
  const site = siteOf(parts);
  const credentialId = credentialIdOf(answer);
  if (credentialId === null) return null;
  const [row, now] = await db.batch(async (tx) => {
    const [found, clock] = await Promise.all([findPasskey(tx, credentialId), tx.exec(NOW, [])]);
    return [found, clock[0]!.now] as const;
  });
  const purpose = personId === null ? 'sign_in' : 'present';
  const given = readBoundChallenge(challengeKey(keyring), purpose, personId, answer, now);
  if (row === undefined || given === null || (personId !== null && row.person_id !== personId)) return null;
  const expected = {
    site,
    challenge: given.challenge,
    userVerificationRequired: personId === null || row.staff_role !== null,
    userHandle: row.user_handle,
    userHandleRequired: personId === null,
  };
  const outcome = await checkAuthentication(expected, storedPasskey(row), answer);
  if (outcome.state === 'refused') {
    if (outcome.fault === 'counter') await db.batch((tx) => reportCopy(tx, parts, row, given.id));
    return null;
  }
  return {
    kind: 'passkey',
    personId: row.person_id,
    passkeyId: row.id,
    challengeId: given.id,
    expiresAt: given.expiresAt,
    counter: outcome.counter,
    backedUp: outcome.backedUp,
  };
}

export const storedPasskey = (row: PasskeyRow) => ({
  credentialId: row.credential_id,
  publicKey: row.public_key,
  counter: row.counter,
  transports: row.transports,
  backupEligible: row.backup_eligible,
  backedUp: row.backed_up,
});

/** An answer that is sent again has an old counter as well; its challenge is spent, and it is no news. */
async function reportCopy(
  tx: Tx,
  { keyring, mail }: ProofParts,
  row: PasskeyRow,
  challengeId: string,
): Promise<void> {
  if (await isSpent(tx, challengeId)) return;
  await record(tx, keyring, {
    action: 'account.passkey_refused',
    actor: { kind: 'customer', personId: row.person_id },
    outcome: 'refused',
    object: { kind: 'account', id: row.person_id },
  });
  await tellOwner(tx, keyring, mail, row.person_id, 'passkey_refused');
}

/** Uses up what was right; false when somebody else did meanwhile. Not to be repeated. */
export async function useProof(tx: Tx, { keyring, mail }: ProofParts, proof: Proof): Promise<boolean> {
  const { personId } = proof;
  switch (proof.kind) {
    case 'totp':
      return useStep(tx, personId, proof.step);
    case 'passkey':
      return (
        (await spendChallenge(tx, proof.challengeId, proof.expiresAt)) &&
        (await usePasskey(tx, proof.passkeyId, proof.counter, proof.backedUp))
      );
    case 'recovery_code': {
      if (!(await useRecoveryCode(tx, personId, proof.hash))) return false;
      await record(tx, keyring, {
        action: 'account.recovery_code_used',
        actor: { kind: 'customer', personId },
        object: { kind: 'account', id: personId },
      });
      await tellOwner(tx, keyring, mail, personId, 'recovery_code_used');
      return true;
    }
  }
}
