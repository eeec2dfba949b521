// Opening an account by e-mail. Answers are the same whether an address is known or not: what is to be said to its
// owner is said by mail.
import * as z from 'zod';
import { emailSchema } from '../email.ts';
import { operation } from '../operation.ts';
import { givenSecretSchema, newPasswordSchema, openingFields, signedInSchema } from './fields.ts';

export const mailSentSchema = z
  .strictObject({ status: z.literal('mail_sent') })
  .meta({ id: 'MailSent', description: 'If there is something to be done, a mail says how to go on.' });

export const signUpSchema = z
  .strictObject({ email: emailSchema, password: newPasswordSchema, ...openingFields })
  .meta({ id: 'SignUp' });

export const startSignUp = operation({
  id: 'signUp.start',
  method: 'POST',
  path: '/v1/sign-ups',
  scope: null,
  summary: 'Sign up',
  description:
    'Sends a mail whose link confirms the address; only then is there an account. The answer is the same for an ' +
    'address that has one, whose owner is told by mail.',
  purpose: 'service',
  feature: 'email_accounts',
  request: { body: signUpSchema },
  responses: { 202: mailSentSchema.describe('A mail is on its way.') },
  errors: ['email_refused', 'password_refused', 'conflict', 'https_required'],
  idempotent: true,
  examples: {
    body: {
      email: 'ada@example.com',
      password: 'seven blue herons at dusk',
      of_age: true,
      accepted_policy: `sha256:${'0'.repeat(64)}`,
    },
  },
});

export const confirmSignUp = operation({
  id: 'signUp.confirm',
  method: 'POST',
  path: '/v1/sign-ups/confirm',
  scope: null,
  summary: 'Confirm the address',
  description: 'Opens the account with its personal workspace, and signs in. The link works once.',
  purpose: 'service',
  feature: 'email_accounts',
  request: { body: z.strictObject({ token: givenSecretSchema }).meta({ id: 'ConfirmSignUp' }) },
  responses: { 201: signedInSchema.describe('The account is open and signed in.') },
  errors: ['link_invalid', 'https_required'],
  opensSession: true,
  idempotent: false,
  examples: { body: { token: `sotto_link_${'0'.repeat(42)}` } },
});
