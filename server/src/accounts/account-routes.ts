// The routes of whoever is signed in: their sessions and their own account.
import { decodeId } from '@sotto/contract';
import {
  changePassword as changePasswordOperation,
  closeAccount as closeOperation,
  getAccount as getOperation,
  updateAccount as updateOperation,
} from '@sotto/contract/account/account';
import {
  listSessions as listOperation,
  reauthenticate as reauthenticateOperation,
  revokeSession as revokeOperation,
  revokeOtherSessions as revokeOthersOperation,
  signOut as signOutOperation,
} from '@sotto/contract/account/sessions';
import { pageAnswer, positionOf } from '#platform/cursor';
import type { Tx } from '#platform/database';
import { AppError, assertInvariant } from '#platform/errors';
import { type Call, inTransaction, type Route, reads } from '#platform/route';
import type { Keyring } from '#privacy';
import { actorOf } from '#privacy/audit';
import { attempted } from './factors/factor-routes.ts';
import { checkProof, type Proof, useProof } from './factors/proofs.ts';
import { closePerson, findPerson, type Person } from './people/people.ts';
import { updateLocale } from './people/person.sql.ts';
import type { PersonPrincipal } from './principal.ts';
import { openFurther } from './sessions/open.ts';
import { presentAccount, presentSession, presentSignedIn } from './sessions/present.ts';
import { endOne, endOthers, listSessions } from './sessions/sessions.ts';
import { passwordChanged } from './sign-in/password-reset.ts';
import { hashChosen, presentsPassword } from './sign-in/passwords.ts';
import type { SignInParts } from './sign-in/routes.ts';

export type AccountRoutesOptions = Pick<
  SignInParts,
  'db' | 'keyring' | 'hasher' | 'rules' | 'mail' | 'attempts' | 'authenticator' | 'passkeySite'
>;

export function accountRoutes(options: AccountRoutesOptions): readonly Route[] {
  const { db, keyring, mail, attempts, authenticator } = options;
  return [
    reads(listOperation, async ({ caller, query }: Call<typeof listOperation, PersonPrincipal>) => {
      const page = { before: positionOf(query.cursor), limit: query.limit + 1 };
      const sessions = await db.batch((tx) => listSessions(tx, caller.personId, page));
      return pageAnswer(
        sessions,
        query.limit,
        ({ id }) => id,
        (session) => ({ ...presentSession(session), current: session.id === caller.keyId }),
      );
    }),
    inTransaction(revokeOperation, async (call: Call<typeof revokeOperation, PersonPrincipal>, tx) => {
      const { caller, params } = call;
      const id = decodeId('ses', params.id);
      const ended = id === null ? undefined : await endOne(tx, caller.personId, id);
      if (ended === undefined) throw new AppError('not_found');
      authenticator.forget(ended.id);
      return { ...presentSession(ended), current: ended.id === caller.keyId };
    }),
    inTransaction(
      revokeOthersOperation,
      async ({ caller }: Call<typeof revokeOthersOperation, PersonPrincipal>, tx) => {
        const ended = await endOthers(tx, caller.personId, caller.keyId);
        authenticator.forget(caller.personId);
        return { ended };
      },
    ),
    inTransaction(
      signOutOperation,
      async ({ caller }: Call<typeof signOutOperation, PersonPrincipal>, tx) => {
        await endOne(tx, caller.personId, caller.keyId);
        authenticator.forget(caller.keyId);
        return undefined;
      },
    ),
    inTransaction(
      reauthenticateOperation,
      async (
        { caller }: Call<typeof reauthenticateOperation, PersonPrincipal>,
        tx,
        shown: Proof | 'password' | null,
      ) => {
        if (shown === null) throw new AppError('credentials_wrong');
        if (shown !== 'password' && !(await useProof(tx, options, shown)))
          throw new AppError('credentials_wrong');
        return (await renew(tx, caller)).answer;
      },
      {
        kept: (answer) => ({ ...answer, token: null }),
        async prepare({ caller: { personId }, body, address }) {
          const { password } = body;
          if (password === undefined)
            return attempted(options, address, personId, () => checkProof(options, personId, body));
          const attempt = await attempts.begin('present', { address, account: personId });
          if (!(await presentsPassword(options, personId, password))) return null;
          await attempt.succeeded();
          return 'password';
        },
      },
    ),

    reads(getOperation, async ({ caller }: Call<typeof getOperation, PersonPrincipal>) =>
      presentAccount(await personOf(caller)),
    ),
    inTransaction(updateOperation, async (call: Call<typeof updateOperation, PersonPrincipal>, tx) => {
      const { caller, body } = call;
      if (body.language !== undefined) await updateLocale(tx, caller.personId, body.language);
      return presentAccount(await personIn(tx, keyring, caller.personId));
    }),
    inTransaction(
      changePasswordOperation,
      async ({ caller }: Call<typeof changePasswordOperation, PersonPrincipal>, tx, phc: string) => {
        const renewed = await renew(tx, caller);
        await passwordChanged(tx, keyring, mail, caller.personId, phc, renewed.id);
        authenticator.forget(caller.personId);
        return renewed.answer;
      },
      {
        kept: (answer) => ({ ...answer, token: null }),
        async prepare({ caller, body }) {
          const { email } = await personOf(caller);
          return hashChosen(options, body.new_password, 'new_password', email ?? undefined);
        },
      },
    ),
    inTransaction(closeOperation, async (call: Call<typeof closeOperation, PersonPrincipal>, tx) => {
      const { caller } = call;
      const person = await personIn(tx, keyring, caller.personId);
      const closed = await closePerson(tx, keyring, mail, caller.personId, actorOf(call));
      if (closed === 'sole_owner') {
        throw new AppError('conflict', {
          detail: 'You are the only owner of an organisation: hand it over or close it first.',
        });
      }
      await attempts.forget(tx, { personId: caller.personId, email: person.email });
      if (closed === 'staff') {
        throw new AppError('conflict', {
          detail: 'You have a role of the platform: an administrator takes it away first.',
        });
      }
      authenticator.forget(caller.personId);
      return undefined;
    }),
  ];

  /** A session in place of the one that asked, which ends with this. */
  async function renew(tx: Tx, caller: PersonPrincipal) {
    const { session, token } = await openFurther(tx, keyring, caller, caller.strength);
    authenticator.forget(caller.keyId);
    return { id: session.id, answer: presentSignedIn(session, token) };
  }

  function personOf({ personId }: PersonPrincipal): Promise<Person> {
    return db.batch((tx) => personIn(tx, keyring, personId));
  }
}

async function personIn(tx: Tx, keyring: Keyring, personId: string): Promise<Person> {
  const person = await findPerson(tx, keyring, personId);
  assertInvariant(person !== undefined, 'who is signed in has an account');
  return person;
}
