// The routes of second factors: those of whoever is signed in, and what finishes or begins a session. What can be guessed
// is charged before it is looked at.
import { decodeId } from '@sotto/contract';
import {
  confirmTotp as confirmOperation,
  enrolTotp as enrolOperation,
  type FactorAdded,
  getSecondFactors as getOperation,
  registerPasskey as registerOperation,
  removePasskey as removePasskeyOperation,
  removeTotp as removeTotpOperation,
  renamePasskey as renameOperation,
  renewRecoveryCodes as renewOperation,
  startPasskey as startOperation,
} from '@sotto/contract/account/factors';
import {
  presentSecondFactor as presentOperation,
  signInPasskey as signInOperation,
  startSecondFactor as startPresentOperation,
  startPasskeySignIn as startSignInOperation,
} from '@sotto/contract/account/sessions';
import type { Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { type Call, inTransaction, type Route, reads } from '#platform/route';
import { actorOf } from '#privacy/audit';
import { NOW } from '../api-key.sql.ts';
import type { Authenticator } from '../authenticator.ts';
import { authenticationOptions } from '../credentials/passkeys.ts';
import type { PersonPrincipal } from '../principal.ts';
import { openFurther, openSecond } from '../sessions/open.ts';
import { presentSignedIn } from '../sessions/present.ts';
import type { Attempts } from '../sign-in/attempts.ts';
import { readRecoveryCodes, readTotp, standingOf } from './factor.sql.ts';
import { checkConfirmation, confirm, enrol, type FactorParts, removeTotp, renewCodes } from './factors.ts';
import {
  checkMade,
  keepPasskey,
  listPasskeys,
  type Made,
  removePasskey,
  rename,
  startRegistration,
} from './own-passkeys.ts';
import { passkeysOf } from './passkey.sql.ts';
import { type ChallengePurpose, makeBoundChallenge } from './passkey-challenge.ts';
import { presentPasskey } from './present.ts';
import {
  challengeKey,
  checkPasskey,
  checkProof,
  type Proof,
  type ProofParts,
  siteOf,
  storedPasskey,
  useProof,
} from './proofs.ts';

export interface FactorRoutesOptions extends FactorParts, ProofParts {
  readonly attempts: Attempts;
  readonly authenticator: Pick<Authenticator, 'forget'>;
}

export function factorRoutes(parts: FactorRoutesOptions): readonly Route[] {
  const { db, keyring, authenticator } = parts;
  return [
    reads(getOperation, async ({ caller: { personId } }: Call<typeof getOperation, PersonPrincipal>) =>
      db.batch(async (tx) => {
        const [totp, codes, passkeys] = await Promise.all([
          readTotp(tx, personId),
          readRecoveryCodes(tx, personId),
          listPasskeys(tx, keyring, personId),
        ]);
        return {
          totp_since: totp?.confirmed_at?.toISOString() ?? null,
          passkeys: passkeys.map(presentPasskey),
          recovery_codes_left: codes.length,
        };
      }),
    ),
    inTransaction(
      enrolOperation,
      async ({ caller }: Call<typeof enrolOperation, PersonPrincipal>, tx) =>
        enrol(tx, parts, caller.personId),
      { kept: () => ({ secret: null, uri: null }) },
    ),
    inTransaction(
      confirmOperation,
      async (
        call: Call<typeof confirmOperation, PersonPrincipal>,
        tx,
        confirmation: Awaited<ReturnType<typeof checkConfirmation>>,
      ) => {
        if (confirmation === null) throw new AppError('credentials_wrong');
        const codes = await confirm(tx, parts, call.caller.personId, confirmation, actorOf(call));
        return withSession(tx, call.caller, codes);
      },
      {
        kept: withoutSecrets,
        prepare: ({ caller: { personId }, body, address }) =>
          attempted(parts, address, personId, () =>
            db.batch((tx) => checkConfirmation(tx, keyring, personId, body.code)),
          ),
      },
    ),
    inTransaction(
      removeTotpOperation,
      async (call: Call<typeof removeTotpOperation, PersonPrincipal>, tx) => {
        const { personId, keyId } = call.caller;
        await removeTotp(tx, parts, personId, keyId, actorOf(call));
        authenticator.forget(personId);
        return undefined;
      },
    ),
    inTransaction(
      renewOperation,
      async (call: Call<typeof renewOperation, PersonPrincipal>, tx) => ({
        recovery_codes: await renewCodes(tx, parts, call.caller.personId, actorOf(call)),
      }),
      { kept: () => ({ recovery_codes: null }) },
    ),
    inTransaction(startOperation, async ({ caller }: Call<typeof startOperation, PersonPrincipal>, tx) =>
      ceremony(await startRegistration(tx, parts, caller.personId)),
    ),
    inTransaction(
      registerOperation,
      async (call: Call<typeof registerOperation, PersonPrincipal>, tx, made: Made | null) => {
        if (made === null) throw new AppError('credentials_wrong');
        const { caller, body } = call;
        const codes = await keepPasskey(tx, parts, caller.personId, made, body.name, actorOf(call));
        return withSession(tx, caller, codes);
      },
      {
        kept: withoutSecrets,
        prepare: ({ caller, body }) => checkMade(parts, caller.personId, body.credential),
      },
    ),
    inTransaction(renameOperation, async (call: Call<typeof renameOperation, PersonPrincipal>, tx) => {
      const { caller, params, body } = call;
      const id = decodeId('psk', params.id);
      const renamed = id === null ? undefined : await rename(tx, keyring, caller.personId, id, body.name);
      if (renamed === undefined) throw new AppError('not_found');
      return presentPasskey(renamed);
    }),
    inTransaction(
      removePasskeyOperation,
      async (call: Call<typeof removePasskeyOperation, PersonPrincipal>, tx) => {
        const { personId, keyId } = call.caller;
        const id = decodeId('psk', call.params.id);
        if (id === null || !(await removePasskey(tx, parts, personId, id, keyId, actorOf(call))))
          throw new AppError('not_found');
        authenticator.forget(personId);
        return undefined;
      },
    ),

    inTransaction(
      startPresentOperation,
      async ({ caller }: Call<typeof startPresentOperation, PersonPrincipal>, tx) => {
        const { staffRole } = await standingOf(tx, caller.personId);
        const allowed = (await passkeysOf(tx, caller.personId)).map(storedPasskey);
        return options(tx, 'present', caller.personId, staffRole !== null, allowed);
      },
    ),
    inTransaction(
      presentOperation,
      async ({ caller }: Call<typeof presentOperation, PersonPrincipal>, tx, proof: Proof | null) => {
        if (proof === null || !(await useProof(tx, parts, proof))) throw new AppError('credentials_wrong');
        const opened = await openFurther(tx, keyring, caller, 'second_factor');
        authenticator.forget(caller.keyId);
        return presentSignedIn(opened.session, opened.token);
      },
      {
        kept: (answer) => ({ ...answer, token: null }),
        prepare: ({ caller: { personId }, body, address }) =>
          attempted(parts, address, personId, () => checkProof(parts, personId, body)),
      },
    ),
    inTransaction(startSignInOperation, async (_call: Call<typeof startSignInOperation, null>, tx) =>
      options(tx, 'sign_in', null, true, []),
    ),
    inTransaction(
      signInOperation,
      async (_call: Call<typeof signInOperation, null>, tx, proof: Proof | null) => {
        if (proof === null || !(await useProof(tx, parts, proof))) throw new AppError('credentials_wrong');
        const opened = await openSecond(tx, keyring, proof.personId);
        return presentSignedIn(opened.session, opened.token);
      },
      {
        kept: (answer) => ({ ...answer, token: null }),
        async prepare({ body, address }) {
          const attempt = await parts.attempts.begin('sign_in', { address, account: null });
          const proof = await checkPasskey(parts, null, body.passkey);
          if (proof !== null) await attempt.succeeded();
          return proof;
        },
      },
    ),
  ];

  async function options(
    tx: Tx,
    purpose: ChallengePurpose,
    personId: string | null,
    userVerificationRequired: boolean,
    allowed: Parameters<typeof authenticationOptions>[1],
  ) {
    const site = siteOf(parts);
    const [clock] = await tx.exec(NOW, []);
    const challenge = makeBoundChallenge(challengeKey(keyring), purpose, personId, clock!.now);
    return ceremony(await authenticationOptions({ site, challenge, userVerificationRequired }, allowed));
  }

  /** Whoever made a factor goes on with a session that is signed in with one; all others have ended. */
  async function withSession(tx: Tx, caller: PersonPrincipal, codes: string[] | null): Promise<FactorAdded> {
    authenticator.forget(caller.personId);
    const { session, token } = await openSecond(tx, keyring, caller.personId);
    return { recovery_codes: codes, session: presentSignedIn(session, token) };
  }
}

/** Charges an attempt before it is judged and gives it back when it was right. */
export async function attempted<Outcome>(
  { attempts }: Pick<FactorRoutesOptions, 'attempts'>,
  address: string,
  personId: string,
  judge: () => Promise<Outcome | null>,
): Promise<Outcome | null> {
  const attempt = await attempts.begin('second_factor', { address, account: personId });
  const outcome = await judge();
  if (outcome !== null) await attempt.succeeded();
  return outcome;
}

const ceremony = (options: object) => ({ public_key: { ...options } });

const withoutSecrets = (answer: FactorAdded): FactorAdded => ({
  recovery_codes: null,
  session: { ...answer.session, token: null },
});
