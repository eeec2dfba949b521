// The account of whoever is signed in.
import * as z from 'zod';
import { noContent } from '../bodies.ts';
import { emailSchema } from '../email.ts';
import { operation } from '../operation.ts';
import { accountSchema, givenSecretSchema, languages, newPasswordSchema, signedInSchema } from './fields.ts';
import { mailSentSchema } from './sign-up.ts';

export const getAccount = operation({
  id: 'account.get',
  method: 'GET',
  path: '/v1/account',
  scope: 'account:read',
  summary: 'Read the own account',
  description: 'Who is signed in, and where they may act.',
  purpose: 'service',
  request: {},
  responses: { 200: accountSchema.describe('The account.') },
  errors: [],
  idempotent: true,
});

export const updateAccount = operation({
  id: 'account.update',
  method: 'PATCH',
  path: '/v1/account',
  scope: 'account:write',
  summary: 'Change settings',
  description: 'Fields that are left out stay.',
  purpose: 'service',
  request: {
    body: z.strictObject({ language: z.enum(languages).optional() }).meta({ id: 'UpdateAccount' }),
  },
  responses: { 200: accountSchema.describe('The account.') },
  errors: [],
  idempotent: true,
  examples: { body: { language: 'ar' } },
});

export const changePassword = operation({
  id: 'account.changePassword',
  method: 'POST',
  path: '/v1/account/password',
  scope: 'account:secure',
  summary: 'Change the password',
  description: 'Ends every session and answers a new one. A mail tells the owner.',
  purpose: 'security',
  feature: 'email_accounts',
  request: { body: z.strictObject({ new_password: newPasswordSchema }).meta({ id: 'ChangePassword' }) },
  responses: { 201: signedInSchema.describe('The session that goes on; all others have ended.') },
  errors: ['password_refused'],
  opensSession: true,
  idempotent: false,
  examples: { body: { new_password: 'nine red kites over the fen' } },
});

export const closeAccount = operation({
  id: 'account.close',
  method: 'DELETE',
  path: '/v1/account',
  scope: 'account:secure',
  summary: 'Delete the account',
  description:
    'Ends the account, its sessions and its personal workspace at once; what identifies its owner is erased as the ' +
    'policy says. What the law wants kept stands under an id that then means nobody.',
  purpose: 'service',
  request: {},
  responses: { 204: noContent },
  errors: ['conflict'],
  endsSession: true,
  idempotent: true,
});

export const startPasswordReset = operation({
  id: 'passwordReset.start',
  method: 'POST',
  path: '/v1/password-resets',
  scope: null,
  summary: 'Ask for a new password',
  description: 'Sends a mail with a link if the address has an account; the answer does not say whether.',
  purpose: 'security',
  feature: 'email_accounts',
  request: { body: z.strictObject({ email: emailSchema }).meta({ id: 'StartPasswordReset' }) },
  responses: { 202: mailSentSchema.describe('If there is an account, a mail is on its way.') },
  errors: ['https_required'],
  idempotent: true,
  examples: { body: { email: 'ada@example.com' } },
});

export const finishPasswordReset = operation({
  id: 'passwordReset.finish',
  method: 'POST',
  path: '/v1/password-resets/finish',
  scope: null,
  summary: 'Set a new password',
  description:
    'By the link of the mail, which works once and for half an hour. Ends every session; a second factor stays. Sign ' +
    'in afterwards.',
  purpose: 'security',
  feature: 'email_accounts',
  request: {
    body: z
      .strictObject({ token: givenSecretSchema, new_password: newPasswordSchema })
      .meta({ id: 'FinishPasswordReset' }),
  },
  responses: { 204: noContent },
  errors: ['link_invalid', 'password_refused', 'https_required'],
  idempotent: false,
  examples: { body: { token: `sotto_link_${'0'.repeat(42)}`, new_password: 'nine red kites over the fen' } },
});
