// A forgotten password is replaced by a link that goes to the address of the account: one use, half an hour, and only
// the newest one opens. It replaces the password alone; a second factor stays (ASVS 5.0.0 V6.4.3).
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import type { Keyring } from '#privacy';
import { record } from '#privacy/audit';
import { NOW } from '../api-key.sql.ts';
import { EMAIL_INDEX, findPerson, personPlace } from '../people/people.ts';
import { findByEmail } from '../people/person.sql.ts';
import { endSessions } from '../sessions/session.sql.ts';
import { makeToken, readTokenKind } from '../token.ts';
import type { AccountMail } from './account-mail.ts';
import { storePassword } from './passwords.ts';
import { replaceLink, useLink } from './sign-up.sql.ts';

/** What links of mails are found by. */
export const LINK_SECRET = 'accounts.link.secret_hash';

/** Queues the mail if the address (in its spelling for the index) has an account with a password. May be repeated: the newest link is the one. */
export async function startReset(tx: Tx, keyring: Keyring, mail: AccountMail, index: string): Promise<void> {
  const row = await findByEmail(tx, keyring.globalIndexCandidates(EMAIL_INDEX, index));
  if (row === undefined) return;
  const place = personPlace(keyring, row.id, 'accounts.person.email');
  await keyring.load([place.keyId]);
  const address = keyring.open(place, row.email);
  if (address.state !== 'open') return;
  const secret = makeToken('link');
  await replaceLink(tx, {
    id: newId(),
    personId: row.id,
    purpose: 'reset_password',
    hash: keyring.mac(LINK_SECRET, secret),
    email: null,
  });
  // To the address as it was confirmed, not as it was asked for.
  const to = address.plaintext.toString();
  await mail.queue(tx, { kind: 'reset_password', to, personId: row.id, language: row.locale, secret });
}

/**
 * Sets the password a link allows to set and ends every session. Null when the link opens nothing. However many try at
 * once, one does it. Needs `Authenticator.forget` of the person for this process to follow at once.
 */
export async function finishReset(
  tx: Tx,
  keyring: Keyring,
  mail: AccountMail,
  secret: string,
  phc: string,
): Promise<{ readonly personId: string } | null> {
  if (readTokenKind(secret) !== 'link') return null;
  const link = await useLink(tx, keyring.macCandidates(LINK_SECRET, secret), 'reset_password');
  if (link === undefined) return null;
  const personId = link.person_id;
  await passwordChanged(tx, keyring, mail, personId, phc, null);
  return { personId };
}

/** Stores a new password, ends every session but one (null: all), and tells the owner and the trail. */
export async function passwordChanged(
  tx: Tx,
  keyring: Keyring,
  mail: AccountMail,
  personId: string,
  phc: string,
  but: string | null,
): Promise<void> {
  await storePassword(tx, keyring, personId, phc);
  await endSessions(tx, [personId], but);
  await record(tx, keyring, {
    action: 'account.password_changed',
    actor: { kind: 'customer', personId },
    object: { kind: 'account', id: personId },
  });
  const person = await findPerson(tx, keyring, personId);
  if (person === undefined || person.email === null) return;
  const [clock] = await tx.exec(NOW, []);
  const letter = { to: person.email, personId, language: person.locale };
  await mail.queue(tx, { ...letter, kind: 'password_changed', at: clock!.now });
}
