// The routes by which accounts are opened and signed in to. What can be guessed or makes work is bounded by attempts; a
// secret of 214 bits cannot be guessed, and the edge bounds failures of an address.
import { encodeId } from '@sotto/contract';
import {
  finishPasswordReset as finishResetOperation,
  startPasswordReset as startResetOperation,
} from '@sotto/contract/account/account';
import {
  createDeviceChallenge as challengeOperation,
  type DeviceAccount,
  registerDevice as registerOperation,
  restoreDevice as restoreOperation,
  signInDevice as signInDeviceOperation,
} from '@sotto/contract/account/devices';
import type { SignedIn } from '@sotto/contract/account/fields';
import { signIn as signInOperation } from '@sotto/contract/account/sessions';
import {
  confirmSignUp as confirmOperation,
  startSignUp as startSignUpOperation,
} from '@sotto/contract/account/sign-up';
import type { IsDisposable } from '#abuse';
import type { Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { type Call, inTransaction, type Route } from '#platform/route';
import type { Keyring } from '#privacy';
import { type Holds, refuseUnlessHeld } from '#privacy/collection';
import { NOW } from '../api-key.sql.ts';
import type { Authenticator } from '../authenticator.ts';
import { type EmailAddress, readEmailAddress } from '../credentials/email-address.ts';
import type { PasskeySite } from '../credentials/passkeys.ts';
import { checkWork, makeChallenge } from '../credentials/proof-of-work.ts';
import { EMAIL_INDEX } from '../people/people.ts';
import { openFirst } from '../sessions/open.ts';
import { presentSession, presentSignedIn } from '../sessions/present.ts';
import type { AccountMail } from './account-mail.ts';
import type { Attempts } from './attempts.ts';
import { spendChallenge } from './challenge.sql.ts';
import { type DeviceSecrets, recogniseDevice, registerDevice, restoreDevice } from './devices.ts';
import { addressOf } from './given-address.ts';
import { finishReset, startReset } from './password-reset.ts';
import { hashChosen, type PasswordParts, recognise } from './passwords.ts';
import { confirmSignUp, startSignUp } from './sign-up.ts';

/** What the policy in force asks of an opening. */
export interface OpeningTerms {
  /** `sha256:<hex>`: the version whoever opens an account has read. */
  readonly policyHash: string;
  readonly acceptance: 'explicit' | 'by_use';
  /** ISO 4217, of personal workspaces. */
  readonly currency: string;
}

export interface SignInParts extends PasswordParts {
  readonly mail: AccountMail;
  readonly attempts: Attempts;
  readonly terms: OpeningTerms;
  readonly holds: Holds;
  /** Of the domain of an address. */
  readonly isDisposable: IsDisposable;
  readonly authenticator: Pick<Authenticator, 'forget'>;
  /** Whom passkeys are made for; null where this installation's address cannot have any. */
  readonly passkeySite: () => PasskeySite | null;
  /** What authenticators call this installation. */
  readonly serviceName: string;
  /** Bits of work for the account of a device. */
  readonly workBits: number;
}

/** A device solves it in about a second; slow ones get time. */
const CHALLENGE_LIFE_MS = 600_000;
const CHALLENGE_COLUMN = 'accounts.spent_challenge.id';
/** Answers that must not say whether an address is known are given no sooner than this. */
export const STEADY_MS = 150;

export function signInRoutes(parts: SignInParts): readonly Route[] {
  const { keyring, mail, attempts, terms, holds, authenticator } = parts;
  return [
    inTransaction(
      startSignUpOperation,
      async (
        { body }: Call<typeof startSignUpOperation, null>,
        tx,
        prepared: { email: EmailAddress; phc: string },
      ) => {
        const opening = {
          policyHash: acceptedPolicy(terms, body.accepted_policy),
          acceptance: terms.acceptance,
          locale: body.language,
        };
        await startSignUp(tx, keyring, mail, { ...prepared, opening });
        return { status: 'mail_sent' as const };
      },
      {
        async prepare({ body, address }) {
          acceptedPolicy(terms, body.accepted_policy);
          const email = addressOf(body.email);
          // The list alone decides, before anything is looked up: it says nothing about accounts.
          if (parts.isDisposable(email.domain)) throw new AppError('email_refused', { field: 'email' });
          await attempts.begin('sign_up', { address, account: email.index });
          return { email, phc: await hashChosen(parts, body.password, 'password', email.address) };
        },
      },
    ),
    inTransaction(
      confirmOperation,
      async ({ body }: Call<typeof confirmOperation, null>, tx) => {
        const opened = await confirmSignUp(tx, keyring, body.token, terms.currency);
        if (opened === null) throw new AppError('link_invalid');
        return signedIn(tx, keyring, opened.personId);
      },
      { kept: withoutToken },
    ),
    inTransaction(
      signInOperation,
      async (
        _call: Call<typeof signInOperation, null>,
        tx,
        known: Awaited<ReturnType<typeof recognised>>,
      ) => {
        await known.renew?.(tx);
        const answer = await signedIn(tx, keyring, known.personId);
        // After the person: who closes an account takes its locks in this order as well.
        await known.attempt.succeeded(tx);
        return answer;
      },
      {
        kept: withoutToken,
        prepare: ({ body, address }) => recognised(parts, address, body.email, body.password),
      },
    ),
    inTransaction(
      startResetOperation,
      async (_call: Call<typeof startResetOperation, null>, tx, index: string) => {
        await startReset(tx, keyring, mail, index);
        return { status: 'mail_sent' as const };
      },
      {
        steadyMs: STEADY_MS,
        async prepare({ body, address }) {
          const { index } = addressOf(body.email);
          await attempts.begin('reset', { address, account: index });
          return index;
        },
      },
    ),
    inTransaction(
      finishResetOperation,
      async ({ body }: Call<typeof finishResetOperation, null>, tx, phc: string) => {
        const done = await finishReset(tx, keyring, mail, body.token, phc);
        if (done === null) throw new AppError('link_invalid');
        authenticator.forget(done.personId);
        return undefined;
      },
      {
        async prepare({ body, address }) {
          await attempts.begin('reset', { address, account: null });
          return hashChosen(parts, body.new_password, 'new_password');
        },
      },
    ),
    inTransaction(challengeOperation, async (_call: Call<typeof challengeOperation, null>, tx) => {
      const [clock] = await tx.exec(NOW, []);
      const expiresAt = new Date(clock!.now.getTime() + CHALLENGE_LIFE_MS);
      return {
        challenge: makeChallenge(workKey(keyring), 'device_account', parts.workBits, expiresAt),
        difficulty: parts.workBits,
        expires_at: expiresAt.toISOString(),
      };
    }),
    inTransaction(
      registerOperation,
      async ({ body }: Call<typeof registerOperation, null>, tx, _attempt: unknown) => {
        const [clock] = await tx.exec(NOW, []);
        const work = checkWork(workKey(keyring), 'device_account', body.challenge, body.solution, clock!.now);
        if (work.state !== 'solved' || !(await spendChallenge(tx, work.id, work.expiresAt)))
          throw new AppError('challenge_failed');
        const opening = {
          policyHash: acceptedPolicy(terms, body.accepted_policy),
          acceptance: terms.acceptance,
          locale: body.language,
          currency: terms.currency,
        };
        if (body.system !== undefined) refuseUnlessHeld(holds, 'user.device', 'system');
        if (body.app_version !== undefined) refuseUnlessHeld(holds, 'user.device.app_version', 'app_version');
        const facts = { system: body.system ?? null, appVersion: body.app_version ?? null };
        return presentDevice(tx, keyring, await registerDevice(tx, keyring, opening, facts));
      },
      {
        kept: (answer) => withoutSecrets(answer),
        prepare: ({ address }) => attempts.begin('register', { address, account: null }),
      },
    ),
    inTransaction(
      signInDeviceOperation,
      async (_call: Call<typeof signInDeviceOperation, null>, tx, personId: string) =>
        signedIn(tx, keyring, personId),
      {
        kept: withoutToken,
        async prepare({ body }) {
          const personId = await parts.db.batch((tx) => recogniseDevice(tx, keyring, body.device_token));
          if (personId === null) throw new AppError('credentials_wrong');
          return personId;
        },
      },
    ),
    inTransaction(
      restoreOperation,
      async ({ body }: Call<typeof restoreOperation, null>, tx) => {
        const moved = await restoreDevice(tx, keyring, body.recovery_code);
        if (moved === null) throw new AppError('credentials_wrong');
        authenticator.forget(moved.personId);
        return presentDevice(tx, keyring, moved);
      },
      { kept: (answer) => withoutSecrets(answer) },
    ),
  ];
}

/** Whose address and password these are. Throws `credentials_wrong`, or `rate_limited` before anything is looked up. */
async function recognised(parts: SignInParts, address: string, given: string, password: string) {
  const { keyring, attempts } = parts;
  const read = readEmailAddress(given);
  // What can be no address is nobody's, and takes as long.
  const index = read.state === 'ok' ? read.email.index : null;
  const attempt = await attempts.begin('sign_in', { address, account: index });
  const candidates = index === null ? null : keyring.globalIndexCandidates(EMAIL_INDEX, index);
  const known = await recognise(parts, candidates, password);
  if (known === null) throw new AppError('credentials_wrong');
  return { ...known, attempt };
}

/** The hash of the policy in force. Throws `conflict` when another one was read. */
function acceptedPolicy({ policyHash }: OpeningTerms, accepted: string): Buffer {
  if (accepted !== policyHash) {
    throw new AppError('conflict', {
      field: 'accepted_policy',
      detail: 'Another version of the policy is in force; read it at /privacy.',
    });
  }
  return Buffer.from(policyHash.slice('sha256:'.length), 'hex');
}

async function signedIn(tx: Tx, keyring: Keyring, personId: string): Promise<SignedIn> {
  const { session, token } = await openFirst(tx, keyring, personId);
  return presentSignedIn(session, token);
}

async function presentDevice(tx: Tx, keyring: Keyring, secrets: DeviceSecrets): Promise<DeviceAccount> {
  const { session, token } = await openFirst(tx, keyring, secrets.personId);
  return {
    account_id: encodeId('acc', secrets.personId),
    workspace_id: encodeId('wrk', secrets.workspaceId),
    device_token: secrets.deviceToken,
    recovery_code: secrets.recoveryCode,
    session: { ...presentSession(session), token },
  };
}

/** Secrets are never replayed: whoever repeats a request learns that it was done, and signs in. */
const withoutToken = <Answer extends { token: string | null }>(answer: Answer): Answer => ({
  ...answer,
  token: null,
});
const withoutSecrets = (answer: DeviceAccount): DeviceAccount => ({
  ...answer,
  device_token: null,
  recovery_code: null,
  session: withoutToken(answer.session),
});

const workKey = (keyring: Keyring) => ({
  mac: (text: string) => keyring.mac(CHALLENGE_COLUMN, text),
  macMatches: (text: string, mac: Buffer) => keyring.macMatches(CHALLENGE_COLUMN, text, mac),
});
