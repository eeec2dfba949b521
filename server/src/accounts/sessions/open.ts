// Sessions as sign-in opens them: how far somebody is signed in and how long it lasts follows from what their account
// asks for, whichever way they came (ASVS 5.0.0 V6.3.4).
import type { Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import type { Keyring } from '#privacy';
import { standingOf } from '../factors/factor.sql.ts';
import type { PersonPrincipal } from '../principal.ts';
import type { Strength } from './session-rules.ts';
import { endLiving, openSession, PERSON_TERMS, STAFF_TERMS } from './sessions.ts';

/** After a first credential: `first_factor` where the account has a second one. */
export async function openFirst(tx: Tx, keyring: Keyring, personId: string) {
  const { hasFactor, staffRole } = await standingOf(tx, personId);
  return openSession(tx, keyring, personId, hasFactor ? 'first_factor' : 'full', termsOf(staffRole));
}

/** After both factors, with no session before it that goes on. */
export async function openSecond(tx: Tx, keyring: Keyring, personId: string) {
  const { staffRole } = await standingOf(tx, personId);
  return openSession(tx, keyring, personId, 'second_factor', termsOf(staffRole));
}

/**
 * In place of the session that asks, which ends. Throws `session_ended` when it has ended meanwhile: of two at once one
 * goes on. Needs `Authenticator.forget` of that session.
 */
export async function openFurther(
  tx: Tx,
  keyring: Keyring,
  { personId, keyId }: Pick<PersonPrincipal, 'personId' | 'keyId'>,
  strength: Strength,
) {
  const { staffRole } = await standingOf(tx, personId);
  if (!(await endLiving(tx, personId, keyId))) throw new AppError('session_ended');
  return openSession(tx, keyring, personId, strength, termsOf(staffRole));
}

const termsOf = (staffRole: string | null) => (staffRole === null ? PERSON_TERMS : STAFF_TERMS);
