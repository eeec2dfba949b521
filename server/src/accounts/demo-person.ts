// The person who signs in to the demo workspace and owns it, of development installations whose policy has e-mail
// accounts. The password is in the credentials file and nowhere else.
import { randomBytes } from 'node:crypto';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import type { Keyring } from '#privacy';
import type { PasswordHasher } from './credentials/password-hash.ts';
import type { DevCredentials } from './dev-credentials.ts';
import { createPerson, EMAIL_INDEX, personPlace } from './people/people.ts';
import { findByEmail, insertMembership, selectMemberships } from './people/person.sql.ts';
import { endSessions } from './sessions/session.sql.ts';
import { storePassword } from './sign-in/passwords.ts';
import type { OpeningTerms } from './sign-in/routes.ts';

export interface DemoPersonParts {
  readonly hasher: Pick<PasswordHasher, 'hash' | 'verify'>;
  readonly terms: OpeningTerms;
  /** The workspace that is theirs besides the personal one; must exist. */
  readonly workspaceId: string;
}

export type DemoSignIn = Required<Pick<DevCredentials, 'email' | 'password'>>;

/** A name that is nobody's (RFC 2606 §3). */
const DEMO_EMAIL = 'demo@example.com';
/** 120 bits as 20 characters that stand in a shell's quotes as they are. */
const PASSWORD_OCTETS = 15;

/**
 * Makes the demo person, or finds them, and says how they sign in: as the file says while that works, else with a new
 * password, which ends their sessions. Somebody who closed the account gets another one. Needs the lock of the seed.
 */
export async function seedDemoPerson(
  tx: Tx,
  keyring: Keyring,
  { hasher, terms, workspaceId }: DemoPersonParts,
  found: DevCredentials | null,
): Promise<DemoSignIn> {
  const known = await findByEmail(tx, keyring.globalIndexCandidates(EMAIL_INDEX, DEMO_EMAIL));
  const personId = known?.id ?? newId();
  if (known === undefined) {
    await createPerson(
      tx,
      keyring,
      personId,
      { address: DEMO_EMAIL, index: DEMO_EMAIL },
      {
        policyHash: Buffer.from(terms.policyHash.slice('sha256:'.length), 'hex'),
        acceptance: terms.acceptance,
        locale: 'en',
        currency: terms.currency,
      },
    );
  }
  const memberships = await selectMemberships(tx, personId);
  if (!memberships.some((membership) => membership.workspace_id === workspaceId))
    await insertMembership(tx, { workspace_id: workspaceId, person_id: personId, role: 'owner' });
  const stored = known?.password_hash ?? null;
  if (stored !== null && found?.email === DEMO_EMAIL && found.password !== undefined) {
    const place = personPlace(keyring, personId, 'accounts.password.hash');
    await keyring.load([place.keyId]);
    const phc = keyring.open(place, stored);
    if (phc.state === 'open' && (await hasher.verify(phc.plaintext.toString(), found.password)))
      return { email: DEMO_EMAIL, password: found.password };
  }
  const password = randomBytes(PASSWORD_OCTETS).toString('base64url');
  await storePassword(tx, keyring, personId, await hasher.hash(password));
  await endSessions(tx, [personId], null);
  return { email: DEMO_EMAIL, password };
}
