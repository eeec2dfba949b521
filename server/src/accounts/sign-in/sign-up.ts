// Opening an account by e-mail.
//
//   asked ──mail──► confirmed (the account exists)
//     └──a day──► gone, with the key its address was sealed under
//
// Nothing belongs to an address before its owner said so: who asks for somebody else's address leaves no account that
// the owner would later share (pre-hijacking). An address that has an account gets the same answer, and its owner a mail.
import type { Tx } from '#platform/database';
import { assertInvariant } from '#platform/errors';
import { newId } from '#platform/ids';
import type { Keyring } from '#privacy';
import { type EmailAddress, readEmailAddress } from '../credentials/email-address.ts';
import { createPerson, EMAIL_INDEX, type Opening, personPlace } from '../people/people.ts';
import { findByEmail } from '../people/person.sql.ts';
import { makeToken, readTokenKind } from '../token.ts';
import type { AccountMail } from './account-mail.ts';
import { setPassword } from './password.sql.ts';
import { insertSignUp, takeSignUp } from './sign-up.sql.ts';

const SECRET = 'accounts.sign_up.secret_hash';

/** What is asked for, checked, with the password hashed. */
export interface SignUp {
  readonly email: EmailAddress;
  readonly phc: string;
  readonly opening: Omit<Opening, 'currency'>;
}

/**
 * Keeps a sign-up until its address is confirmed and queues the mail. Does the same work whether the address is known
 * or not. May be repeated: each link works until one of them was used.
 */
export async function startSignUp(
  tx: Tx,
  keyring: Keyring,
  mail: AccountMail,
  { email, phc, opening }: SignUp,
): Promise<void> {
  const id = newId();
  const secret = makeToken('link');
  await keyring.ensure([{ class: 'identity', subjectId: id }]);
  const known = await findByEmail(tx, keyring.globalIndexCandidates(EMAIL_INDEX, email.index));
  await insertSignUp(tx, {
    id,
    email: keyring.seal(personPlace(keyring, id, 'accounts.sign_up.email'), email.address),
    password_hash: keyring.seal(personPlace(keyring, id, 'accounts.sign_up.password_hash'), phc),
    secret_hash: keyring.mac(SECRET, secret),
    locale: opening.locale,
    policy_hash: opening.policyHash,
    acceptance: opening.acceptance,
  });
  const letter = { to: email.address, personId: id, language: known?.locale ?? opening.locale };
  await mail.queue(
    tx,
    known === undefined
      ? { ...letter, kind: 'confirm_address', secret }
      : { ...letter, kind: 'account_exists' },
  );
}

/**
 * Opens the account a link belongs to. Null when the link opens nothing: unknown, used, too old, or the address got an
 * account meanwhile. However many try at once, one account comes of it.
 */
export async function confirmSignUp(
  tx: Tx,
  keyring: Keyring,
  secret: string,
  currency: string,
): Promise<{ readonly personId: string } | null> {
  if (readTokenKind(secret) !== 'link') return null;
  const row = await takeSignUp(tx, keyring.macCandidates(SECRET, secret));
  if (row === undefined) return null;
  const { id } = row;
  await keyring.load([keyring.keyId({ class: 'identity', subjectId: id })]);
  const email = keyring.open(personPlace(keyring, id, 'accounts.sign_up.email'), row.email);
  const phc = keyring.open(personPlace(keyring, id, 'accounts.sign_up.password_hash'), row.password_hash);
  if (email.state !== 'open' || phc.state !== 'open') return null;
  const read = readEmailAddress(email.plaintext.toString());
  assertInvariant(read.state === 'ok', 'an address was read before it was kept');
  const { index } = read.email;
  if ((await findByEmail(tx, keyring.globalIndexCandidates(EMAIL_INDEX, index))) !== undefined) return null;
  await createPerson(tx, keyring, id, read.email, {
    policyHash: row.policy_hash,
    acceptance: row.acceptance as Opening['acceptance'],
    locale: row.locale,
    currency,
  });
  await setPassword(tx, id, keyring.seal(personPlace(keyring, id, 'accounts.password.hash'), phc.plaintext));
  return { personId: id };
}
