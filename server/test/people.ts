// People for tests of the API: sign-in with cheap hashes and mail that is read instead of sent, and people who are
// signed in without having gone the way.
import { encodeId } from '@sotto/contract';
import type { StaffRole, WorkspaceRole } from '@sotto/contract/roles';
import { createThrottle, disposableDomains, limitsWith } from '#abuse';
import type { AccountLetter } from '#accounts';
import { attemptsUnder, createPasswordHasher, createPasswordRules, passkeySite } from '#accounts';
import type { Database } from '#platform/database';
import { newId } from '#platform/ids';
import { log } from '#platform/log';
import type { Keyring } from '#privacy';
import { createPerson } from '../src/accounts/people/people.ts';
import { insertMembership, insertStaffGrant } from '../src/accounts/people/person.sql.ts';
import { openSession, PERSON_TERMS } from '../src/accounts/sessions/sessions.ts';
import type { AccountParts } from '../src/main/compose-accounts.ts';

export interface TestPerson {
  readonly id: string;
  readonly publicId: string;
  /** Their personal workspace. */
  readonly workspaceId: string;
  readonly sessionId: string;
  readonly token: string;
}

export interface PersonOptions {
  readonly email?: string | null;
  readonly strength?: 'first_factor' | 'full' | 'second_factor';
  readonly staffRole?: StaffRole;
  /** Another workspace they are a member of. */
  readonly memberOf?: { readonly workspaceId: string; readonly role: WorkspaceRole };
}

/** Where browsers of tests are. */
export const TEST_SITE = 'http://localhost:8080';

/** As dear as argon2id lets it be at least. */
const CHEAP = { memoryKib: 8, passes: 1, lanes: 1 };

/** What sign-in is made of in tests; mails come to `letters`, newest last. */
export async function testAccounts(
  db: Database,
  keyring: Keyring,
  policyHash: string,
  letters: AccountLetter[],
): Promise<AccountParts> {
  return {
    hasher: createPasswordHasher({ cost: CHEAP, waitingMax: 1_000 }),
    rules: await createPasswordRules(null),
    attempts: attemptsUnder(createThrottle({ db, keyring, log, limits })),
    isDisposable: disposableDomains({ added: [], allowed: [] }),
    mail: {
      async queue(_tx, letter) {
        letters.push(letter);
      },
    },
    terms: { policyHash, acceptance: 'explicit', currency: 'EUR' },
    workBits: 4,
    passkeySite: () => passkeySite(TEST_SITE, 'Example'),
    serviceName: 'Example',
  };
}

/** All tests call from one address: what counts addresses is out of their way, what counts accounts is not. */
const limits = limitsWith({
  'sign_in.address': { burst: 10_000 },
  'sign_up.address': { burst: 10_000 },
  'second_factor.address': { burst: 10_000 },
  'reset.address': { burst: 10_000 },
});

let made = 0;

/** Somebody with an account and a session, as if they had signed up and in. */
export async function personIn(
  db: Database,
  keyring: Keyring,
  { email, strength = 'full', staffRole, memberOf }: PersonOptions = {},
): Promise<TestPerson> {
  const id = newId();
  const address = email === undefined ? `person-${++made}@example.com` : email;
  return db.batch(async (tx) => {
    const workspaceId = await createPerson(
      tx,
      keyring,
      id,
      address === null ? null : { address, index: address },
      { policyHash: Buffer.alloc(32), acceptance: 'explicit', locale: 'en', currency: 'EUR' },
    );
    if (memberOf !== undefined) {
      await insertMembership(tx, { workspace_id: memberOf.workspaceId, person_id: id, role: memberOf.role });
    }
    if (staffRole !== undefined) await insertStaffGrant(tx, id, staffRole);
    const { session, token } = await openSession(tx, keyring, id, strength, PERSON_TERMS);
    return { id, publicId: encodeId('acc', id), workspaceId, sessionId: session.id, token };
  });
}
