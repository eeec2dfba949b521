// Another e-mail address for an account. What is to be said to the owners of both is said by mail.
import * as z from 'zod';
import { noContent } from '../bodies.ts';
import { emailSchema } from '../email.ts';
import { operation } from '../operation.ts';
import { givenSecretSchema } from './fields.ts';
import { mailSentSchema } from './sign-up.ts';

export const startEmailChange = operation({
  id: 'account.email.change',
  method: 'POST',
  path: '/v1/account/email',
  scope: 'account:secure',
  summary: 'Change the e-mail address',
  description:
    'Sends a mail to the new address, whose link changes it; until then the old one stays. The answer is the same for ' +
    'an address that has an account, whose owner is told by mail. Only the newest link works.',
  purpose: 'security',
  feature: 'email_accounts',
  request: { body: z.strictObject({ email: emailSchema }).meta({ id: 'ChangeEmail' }) },
  responses: { 202: mailSentSchema.describe('A mail is on its way.') },
  errors: ['forbidden'],
  idempotent: true,
  examples: { body: { email: 'ada.lovelace@example.com' } },
});

export const confirmEmailChange = operation({
  id: 'account.email.confirm',
  method: 'POST',
  path: '/v1/account/email/confirm',
  scope: null,
  summary: 'Confirm the new address',
  description:
    'By the link of the mail, which works once and for half an hour. Ends every session and every link that went to ' +
    'the old address, which is told. Sign in afterwards.',
  purpose: 'security',
  feature: 'email_accounts',
  request: { body: z.strictObject({ token: givenSecretSchema }).meta({ id: 'ConfirmEmailChange' }) },
  responses: { 204: noContent },
  errors: ['link_invalid', 'https_required'],
  idempotent: false,
  examples: { body: { token: `sotto_link_${'0'.repeat(42)}` } },
});
