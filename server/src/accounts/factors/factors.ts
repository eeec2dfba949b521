// Second factors as they come and go. Each change locks the person, so that two at once follow each other, and ends
// sessions: what was signed in under other terms does not go on (ASVS 5.0.0 V7.2.4, V7.4.3).
//
//   totp   none ─enrol─► enrolled ─a code─► in force ─remove─► none        enrolled: asked for nowhere
//
// The first factor comes with recovery codes, and they go with the last. Staff keep one.
import type { Tx } from '#platform/database';
import { AppError, assertInvariant } from '#platform/errors';
import type { Keyring } from '#privacy';
import { type Actor, record } from '#privacy/audit';
import { hashRecoveryCodes, makeRecoveryCodes } from '../credentials/recovery-codes.ts';
import { checkTotp, makeTotpSecret, totpSecretText, totpUri } from '../credentials/totp.ts';
import { findPerson, personPlace } from '../people/people.ts';
import { lockPerson } from '../people/person.sql.ts';
import { endSessions } from '../sessions/session.sql.ts';
import type { AccountMail } from '../sign-in/account-mail.ts';
import {
  confirmTotp,
  deleteTotp,
  enrolTotp,
  readTotp,
  replaceRecoveryCodes,
  standingOf,
} from './factor.sql.ts';
import { tellOwner } from './factor-mail.ts';
import { openSecret, RECOVERY_HASH } from './proofs.ts';

export interface FactorParts {
  readonly keyring: Keyring;
  readonly mail: AccountMail;
  /** What authenticators call this installation. */
  readonly serviceName: string;
}

/** Makes the secret of an app, shown in this answer and nowhere else. Throws `conflict` when one is in force. */
export async function enrol(
  tx: Tx,
  { keyring, serviceName }: FactorParts,
  personId: string,
): Promise<{ readonly secret: string; readonly uri: string }> {
  const secret = makeTotpSecret();
  await keyring.ensure([{ class: 'identity', subjectId: personId }]);
  const sealed = keyring.seal(personPlace(keyring, personId, 'accounts.totp.secret'), secret);
  if (!(await enrolTotp(tx, personId, sealed)))
    throw new AppError('conflict', { detail: 'An authenticator app is in force; remove it first.' });
  const label = await labelOf(tx, keyring, personId);
  return { secret: totpSecretText(secret), uri: totpUri(secret, serviceName, label) };
}

/** What an authenticator shows of the account. */
export async function labelOf(tx: Tx, keyring: Keyring, personId: string): Promise<string> {
  return (await findPerson(tx, keyring, personId))?.email ?? 'Device';
}

/** A code that showed that an app holds the secret; null when it did not. */
export interface Confirmation {
  readonly secret: Buffer;
  readonly step: number;
}

/** Whether this is a code of the secret that waits for one. Throws `conflict` when none does. */
export async function checkConfirmation(
  tx: Tx,
  keyring: Keyring,
  personId: string,
  code: string,
): Promise<Confirmation | null> {
  const row = await readTotp(tx, personId);
  if (row === undefined || row.confirmed_at !== null) throw nothingWaits();
  const secret = await openSecret(keyring, personId, row.secret);
  const outcome = secret === null ? null : checkTotp(secret, code, row.now, null);
  return outcome?.state === 'right' ? { secret: row.secret, step: outcome.step } : null;
}

/** Puts an app in force. Its recovery codes, where there were none before; ends every session. */
export async function confirm(
  tx: Tx,
  parts: FactorParts,
  personId: string,
  confirmation: Confirmation,
  actor: Actor,
): Promise<string[] | null> {
  await lockPerson(tx, personId);
  const { hasFactor } = await standingOf(tx, personId);
  if (!(await confirmTotp(tx, personId, confirmation.secret, confirmation.step))) throw nothingWaits();
  return added(tx, parts, personId, hasFactor, actor);
}

const nothingWaits = () =>
  new AppError('conflict', { detail: 'No authenticator app waits to be confirmed.' });

/** What follows when a factor was made; the person is locked. Recovery codes when it is the first. */
export async function added(
  tx: Tx,
  { keyring, mail }: FactorParts,
  personId: string,
  hadFactor: boolean,
  actor: Actor,
): Promise<string[] | null> {
  const codes = hadFactor ? null : await newCodes(tx, keyring, personId);
  await endSessions(tx, [personId], null);
  await record(tx, keyring, {
    action: 'account.second_factor_added',
    actor,
    object: { kind: 'account', id: personId },
  });
  await tellOwner(tx, keyring, mail, personId, 'added');
  return codes;
}

/** Ends an app, in force or not yet. Ends every session but the one that asks; may be repeated. */
export async function removeTotp(
  tx: Tx,
  parts: FactorParts,
  personId: string,
  sessionId: string,
  actor: Actor,
): Promise<void> {
  await lockPerson(tx, personId);
  if (await deleteTotp(tx, personId)) await removed(tx, parts, personId, sessionId, actor);
}

/** What follows when a factor is gone; the person is locked. Throws `conflict` when it was the last one of staff. */
export async function removed(
  tx: Tx,
  { keyring, mail }: FactorParts,
  personId: string,
  sessionId: string,
  actor: Actor,
): Promise<void> {
  const { hasFactor, staffRole } = await standingOf(tx, personId);
  if (!hasFactor && staffRole !== null)
    throw new AppError('conflict', { detail: 'Staff keep a second factor: add another one first.' });
  if (!hasFactor) await replaceRecoveryCodes(tx, personId, []);
  await endSessions(tx, [personId], sessionId);
  await record(tx, keyring, {
    action: 'account.second_factor_removed',
    actor,
    object: { kind: 'account', id: personId },
  });
  await tellOwner(tx, keyring, mail, personId, 'removed');
}

/** Ten new recovery codes in place of what is left. Throws `conflict` without a second factor. */
export async function renewCodes(
  tx: Tx,
  { keyring, mail }: FactorParts,
  personId: string,
  actor: Actor,
): Promise<string[]> {
  await lockPerson(tx, personId);
  if (!(await standingOf(tx, personId)).hasFactor)
    throw new AppError('conflict', { detail: 'There is no second factor to recover from.' });
  const codes = await newCodes(tx, keyring, personId);
  await record(tx, keyring, {
    action: 'account.recovery_codes_renewed',
    actor,
    object: { kind: 'account', id: personId },
  });
  await tellOwner(tx, keyring, mail, personId, 'recovery_codes_renewed');
  return codes;
}

async function newCodes(tx: Tx, keyring: Keyring, personId: string): Promise<string[]> {
  const codes = makeRecoveryCodes();
  const hashes = hashRecoveryCodes(codes, (code) => keyring.mac(RECOVERY_HASH, code));
  assertInvariant(hashes.length > 0, 'there are recovery codes');
  await replaceRecoveryCodes(tx, personId, hashes as ReturnType<Keyring['mac']>[]);
  return codes;
}
