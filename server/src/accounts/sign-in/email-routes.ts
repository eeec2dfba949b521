// The routes by which an account gets another e-mail address.
import {
  confirmEmailChange as confirmOperation,
  startEmailChange as startOperation,
} from '@sotto/contract/account/email';
import { AppError } from '#platform/errors';
import { type Call, inTransaction, type Route } from '#platform/route';
import type { EmailAddress } from '../credentials/email-address.ts';
import type { PersonPrincipal } from '../principal.ts';
import { confirmEmailChange, startEmailChange } from './email-change.ts';
import { addressOf } from './given-address.ts';
import { type SignInParts, STEADY_MS } from './routes.ts';

export type EmailRoutesOptions = Pick<SignInParts, 'keyring' | 'mail' | 'attempts' | 'authenticator'>;

export function emailRoutes({
  keyring,
  mail,
  attempts,
  authenticator,
}: EmailRoutesOptions): readonly Route[] {
  return [
    inTransaction(
      startOperation,
      async ({ caller }: Call<typeof startOperation, PersonPrincipal>, tx, email: EmailAddress) => {
        await startEmailChange(tx, keyring, mail, caller.personId, email);
        return { status: 'mail_sent' as const };
      },
      {
        steadyMs: STEADY_MS,
        async prepare({ body, address }) {
          const email = addressOf(body.email);
          // It sends mail to whoever was named, as signing up does.
          await attempts.begin('sign_up', { address, account: email.index });
          return email;
        },
      },
    ),
    inTransaction(confirmOperation, async ({ body }: Call<typeof confirmOperation, null>, tx) => {
      const changed = await confirmEmailChange(tx, keyring, mail, body.token);
      if (changed === null) throw new AppError('link_invalid');
      authenticator.forget(changed.personId);
      return undefined;
    }),
  ];
}
