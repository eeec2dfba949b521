// Signing in and out, and the sessions of an account.
import * as z from 'zod';
import { noContent } from '../bodies.ts';
import { emailSchema } from '../email.ts';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { pageOf, pageQueryFields } from '../paging.ts';
import {
  ceremonySchema,
  credentialSchema,
  givenSecretSchema,
  oneOf,
  sessionSchema,
  signedInSchema,
} from './fields.ts';

export const signInSchema = z
  .strictObject({ email: emailSchema, password: givenSecretSchema })
  .meta({ id: 'SignIn' });

export const signIn = operation({
  id: 'sessions.create',
  method: 'POST',
  path: '/v1/sessions',
  scope: null,
  summary: 'Sign in',
  description:
    'By e-mail address and password. Unknown addresses and wrong passwords get one answer, in the same time. Where a ' +
    'second factor is asked for, the session can do nothing but present it.',
  purpose: 'security',
  feature: 'email_accounts',
  request: { body: signInSchema },
  responses: { 201: signedInSchema.describe('The session.') },
  errors: ['credentials_wrong', 'https_required'],
  opensSession: true,
  idempotent: false,
  examples: { body: { email: 'ada@example.com', password: 'seven blue herons at dusk' } },
});

export const listSessions = operation({
  id: 'sessions.list',
  method: 'GET',
  path: '/v1/sessions',
  scope: 'account:read',
  summary: 'List sessions',
  description: 'The living ones of this account, newest first.',
  purpose: 'security',
  request: { query: z.strictObject(pageQueryFields) },
  responses: { 200: pageOf('SessionPage', sessionSchema).describe('One page of sessions.') },
  errors: ['invalid_cursor'],
  idempotent: true,
});

export const revokeSession = operation({
  id: 'sessions.revoke',
  method: 'POST',
  path: '/v1/sessions/{id}/revoke',
  scope: 'account:write',
  summary: 'End a session',
  description: 'It stops working at once. Ending one that has ended changes nothing.',
  purpose: 'security',
  request: { params: z.strictObject({ id: idSchema('ses') }) },
  responses: { 200: sessionSchema.describe('The ended session.') },
  errors: [],
  idempotent: true,
});

export const revokeOtherSessions = operation({
  id: 'sessions.revokeOthers',
  method: 'POST',
  path: '/v1/sessions/revoke-others',
  scope: 'account:write',
  summary: 'End all other sessions',
  description: 'Every session of this account but the one that asks.',
  purpose: 'security',
  request: {},
  responses: {
    200: z
      .strictObject({ ended: z.int().min(0) })
      .meta({ id: 'SessionsEnded' })
      .describe('How many ended.'),
  },
  errors: [],
  idempotent: true,
});

export const signOut = operation({
  id: 'sessions.signOut',
  method: 'DELETE',
  path: '/v1/sessions/current',
  scope: 'account:finish',
  summary: 'Sign out',
  description: 'Ends the session that asks.',
  purpose: 'security',
  request: {},
  responses: { 204: noContent },
  errors: [],
  endsSession: true,
  idempotent: true,
});

export const reauthenticate = operation({
  id: 'sessions.reauthenticate',
  method: 'POST',
  path: '/v1/sessions/reauthenticate',
  scope: 'account:write',
  summary: 'Show again who you are',
  description:
    'Acts that could take the account away want a sign-in that is at most ten minutes old. By the password, a code of ' +
    'the app or a passkey. Answers a new token of the same strength; the one that asked ends.',
  purpose: 'security',
  request: {
    body: oneOf('Reauthenticate', {
      password: givenSecretSchema.optional(),
      code: givenSecretSchema.optional().describe('Of the authenticator app.'),
      passkey: credentialSchema.optional(),
    }),
  },
  responses: { 201: signedInSchema.describe('The session that goes on in place of this one.') },
  errors: ['credentials_wrong'],
  opensSession: true,
  idempotent: false,
  examples: { body: { password: 'seven blue herons at dusk' } },
});

export const startSecondFactor = operation({
  id: 'sessions.startSecondFactor',
  method: 'POST',
  path: '/v1/sessions/second-factor/options',
  scope: 'account:finish',
  summary: 'Begin to present a passkey',
  description:
    'What `navigator.credentials.get` is given, as second factor or to show again who one is. Good once, for five minutes.',
  purpose: 'security',
  feature: 'second_factors',
  request: {},
  responses: { 201: ceremonySchema.describe('The options.') },
  errors: ['conflict'],
  idempotent: true,
});

export const presentSecondFactor = operation({
  id: 'sessions.secondFactor',
  method: 'POST',
  path: '/v1/sessions/second-factor',
  scope: 'account:finish',
  summary: 'Present the second factor',
  description:
    'A code of the app, a recovery code or a passkey; each code works once. Answers a new token; the one that asked ' +
    'ends.',
  purpose: 'security',
  feature: 'second_factors',
  request: {
    body: oneOf('PresentSecondFactor', {
      code: givenSecretSchema.optional().describe('Of the authenticator app.'),
      recovery_code: givenSecretSchema.optional(),
      passkey: credentialSchema.optional(),
    }),
  },
  responses: { 201: signedInSchema.describe('The session that goes on in place of this one.') },
  errors: ['credentials_wrong', 'conflict'],
  idempotent: false,
  examples: { body: { code: '123456' } },
});

export const startPasskeySignIn = operation({
  id: 'sessions.startPasskey',
  method: 'POST',
  path: '/v1/sessions/passkey/options',
  scope: null,
  summary: 'Begin to sign in by passkey',
  description:
    'What `navigator.credentials.get` is given; nobody says who they are. Good once, for five minutes.',
  purpose: 'security',
  feature: 'second_factors',
  request: {},
  responses: { 201: ceremonySchema.describe('The options.') },
  errors: ['conflict', 'https_required'],
  idempotent: true,
});

export const signInPasskey = operation({
  id: 'sessions.passkey',
  method: 'POST',
  path: '/v1/sessions/passkey',
  scope: null,
  summary: 'Sign in by passkey',
  description: 'By a passkey whose holder has unlocked it: both factors in one.',
  purpose: 'security',
  feature: 'second_factors',
  request: { body: z.strictObject({ passkey: credentialSchema }).meta({ id: 'SignInPasskey' }) },
  responses: { 201: signedInSchema.describe('The session.') },
  errors: ['credentials_wrong', 'conflict', 'https_required'],
  idempotent: false,
  examples: { body: { passkey: { id: 'x', type: 'public-key' } } },
});
