// Another address for an account.
//
//   asked ──mail to the new address──► confirmed (the account has it)
//     └──half an hour, or a newer one──► nothing
//
// The old address keeps the account until the new one has answered, and is told when it has lost it: whoever got into
// an account can be noticed (ASVS 5.0.0 V6.3.7). Nobody learns whether an address has an account.
import type { Tx } from '#platform/database';
import { AppError, assertInvariant } from '#platform/errors';
import { newId } from '#platform/ids';
import type { Keyring, Place } from '#privacy';
import { record } from '#privacy/audit';
import { NOW } from '../api-key.sql.ts';
import { type EmailAddress, readEmailAddress } from '../credentials/email-address.ts';
import { EMAIL_INDEX, findPerson, personPlace } from '../people/people.ts';
import { findByEmail, updateEmail } from '../people/person.sql.ts';
import { endSessions } from '../sessions/session.sql.ts';
import { makeToken, readTokenKind } from '../token.ts';
import type { AccountMail } from './account-mail.ts';
import { LINK_SECRET } from './password-reset.ts';
import { dropOpenLinks, replaceLink, useLink } from './sign-up.sql.ts';

const UNIQUE_VIOLATION = '23505';

/**
 * Keeps what is asked for and queues the mail; does the same work whether the new address is known or not. May be
 * repeated: the newest link is the one. Throws `forbidden` for who has no address to change.
 */
export async function startEmailChange(
  tx: Tx,
  keyring: Keyring,
  mail: AccountMail,
  personId: string,
  email: EmailAddress,
): Promise<void> {
  const person = await findPerson(tx, keyring, personId);
  if (person?.kind !== 'email')
    throw new AppError('forbidden', { detail: 'The account is that of a device and has no address.' });
  const id = newId();
  const secret = makeToken('link');
  const known = await findByEmail(tx, keyring.globalIndexCandidates(EMAIL_INDEX, email.index));
  await replaceLink(tx, {
    id,
    personId,
    purpose: 'change_email',
    hash: keyring.mac(LINK_SECRET, secret),
    email: keyring.seal(placeOfNew(keyring, id, personId), email.address),
  });
  // What the owner of a known address is told says nothing of who asked, in the language that is theirs.
  const letter = {
    to: email.address,
    personId: known?.id ?? personId,
    language: known?.locale ?? person.locale,
  };
  await mail.queue(
    tx,
    known === undefined
      ? { ...letter, kind: 'confirm_new_address', secret }
      : { ...letter, kind: 'account_exists' },
  );
}

/**
 * Gives an account the address its link is about; ends every session and what was sent to the old address, which is
 * told. Null when the link opens nothing: unknown, used, too old, or the address got an account meanwhile. However
 * many try at once, one gets it. Needs `Authenticator.forget` of the person for this process to follow at once.
 */
export async function confirmEmailChange(
  tx: Tx,
  keyring: Keyring,
  mail: AccountMail,
  secret: string,
): Promise<{ readonly personId: string } | null> {
  if (readTokenKind(secret) !== 'link') return null;
  const link = await useLink(tx, keyring.macCandidates(LINK_SECRET, secret), 'change_email');
  if (link === undefined) return null;
  const personId = link.person_id;
  const person = await findPerson(tx, keyring, personId);
  assertInvariant(person !== undefined && link.email !== null, 'a link is of somebody and names an address');
  const opened = keyring.open(placeOfNew(keyring, link.id, personId), link.email);
  if (opened.state !== 'open') return null;
  const read = readEmailAddress(opened.plaintext.toString());
  assertInvariant(read.state === 'ok', 'an address was read before it was kept');
  const { address, index } = read.email;
  if ((await findByEmail(tx, keyring.globalIndexCandidates(EMAIL_INDEX, index))) !== undefined) return null;
  await keyring.ensure([{ class: 'identity', subjectId: personId }]);
  await updateEmail(tx, personId, {
    email: keyring.seal(personPlace(keyring, personId, 'accounts.person.email'), address),
    email_index: keyring.globalIndex(EMAIL_INDEX, index),
  }).catch((error: unknown) => {
    // Somebody else confirmed it a moment ago. Thrown, because this transaction is done for.
    if ((error as { code?: string }).code === UNIQUE_VIOLATION) throw new AppError('link_invalid');
    throw error;
  });
  await dropOpenLinks(tx, personId);
  await endSessions(tx, [personId], null);
  await record(tx, keyring, {
    action: 'account.email_changed',
    actor: { kind: 'customer', personId },
    object: { kind: 'account', id: personId },
  });
  if (person.email !== null) {
    const [clock] = await tx.exec(NOW, []);
    const letter = { to: person.email, personId, language: person.locale };
    await mail.queue(tx, { ...letter, kind: 'email_changed', at: clock!.now });
  }
  return { personId };
}

const placeOfNew = (keyring: Keyring, linkId: string, personId: string): Place => ({
  column: 'accounts.link.email',
  rowId: linkId,
  ownerId: personId,
  keyId: keyring.keyId({ class: 'identity', subjectId: personId }),
});
