// Second factors of whoever is signed in: an authenticator app, passkeys, and codes for whoever lost both.
import * as z from 'zod';
import { noContent } from '../bodies.ts';
import { idSchema } from '../ids.ts';
import { lineSchema } from '../line.ts';
import { operation } from '../operation.ts';
import { personal } from '../personal.ts';
import { instantSchema } from '../time.ts';
import { ceremonySchema, credentialSchema, givenSecretSchema, signedInSchema } from './fields.ts';

export const passkeysMax = 10;

const nameSchema = personal('note', lineSchema(60));

export const passkeySchema = z
  .strictObject({
    id: idSchema('psk'),
    name: nameSchema.nullable().describe('What you call it; null once erased.'),
    backed_up: z.boolean().describe('It is on several devices, as its provider says.'),
    created_at: instantSchema,
    last_used_at: instantSchema.nullable(),
  })
  .meta({ id: 'Passkey' });

export type Passkey = z.output<typeof passkeySchema>;

export const secondFactorsSchema = z
  .strictObject({
    totp_since: instantSchema
      .nullable()
      .describe('Since when codes of an app are asked for; null when they are not.'),
    passkeys: z.array(passkeySchema).max(passkeysMax).describe('Oldest first.'),
    recovery_codes_left: z.int().min(0).describe('Unused ones.'),
  })
  .meta({ id: 'SecondFactors' });

export type SecondFactors = z.output<typeof secondFactorsSchema>;

const recoveryCodes = z
  .array(personal('secret', z.string()))
  .nullable()
  .describe(
    'Ten codes, each for one use in place of the second factor. Shown this once; null in a repeated answer, and when ' +
      'there were codes before.',
  );

/** What an act answers that made a second factor. */
export const factorAddedSchema = z
  .strictObject({
    recovery_codes: recoveryCodes,
    session: signedInSchema.describe('Goes on in place of all sessions there were.'),
  })
  .meta({ id: 'SecondFactorAdded' });

export type FactorAdded = z.output<typeof factorAddedSchema>;

const shared = { purpose: 'security', feature: 'second_factors' } as const;
const passkeyParams = z.strictObject({ id: idSchema('psk') });

export const getSecondFactors = operation({
  ...shared,
  id: 'account.secondFactors.get',
  method: 'GET',
  path: '/v1/account/second-factors',
  scope: 'account:read',
  summary: 'Read the second factors',
  description:
    'What is asked for besides the password, and how many recovery codes are left. No secret is among it.',
  request: {},
  responses: { 200: secondFactorsSchema.describe('The second factors.') },
  errors: [],
  idempotent: true,
});

export const enrolTotp = operation({
  ...shared,
  id: 'account.totp.enrol',
  method: 'POST',
  path: '/v1/account/totp',
  scope: 'account:secure',
  summary: 'Begin with an authenticator app',
  description:
    'Shows the secret for the app, once. It is not in force until a code confirms it; beginning again replaces what ' +
    'was not confirmed.',
  request: {},
  responses: {
    201: z
      .strictObject({
        secret: personal('secret', z.string()).nullable().describe('In base32, for typing.'),
        uri: personal('secret', z.string()).nullable().describe('For a QR code: otpauth://totp/...'),
      })
      .meta({ id: 'TotpEnrolment' })
      .describe('Shown this once; null in a repeated answer.'),
  },
  errors: ['conflict'],
  idempotent: false,
});

export const confirmTotp = operation({
  ...shared,
  id: 'account.totp.confirm',
  method: 'POST',
  path: '/v1/account/totp/confirm',
  scope: 'account:secure',
  summary: 'Confirm the authenticator app',
  description:
    'By a code it shows. From then on sign-in asks for codes. Every session ends, this one too; a new one is answered. ' +
    'A mail tells the owner.',
  request: { body: z.strictObject({ code: givenSecretSchema }).meta({ id: 'ConfirmTotp' }) },
  responses: { 201: factorAddedSchema.describe('Recovery codes and the session that goes on.') },
  errors: ['credentials_wrong', 'conflict'],
  idempotent: false,
  examples: { body: { code: '123456' } },
});

export const removeTotp = operation({
  ...shared,
  id: 'account.totp.remove',
  method: 'DELETE',
  path: '/v1/account/totp',
  scope: 'account:secure',
  summary: 'Remove the authenticator app',
  description:
    'Ends every other session; a mail tells the owner. With the last second factor the recovery codes go. Staff keep ' +
    'one.',
  request: {},
  responses: { 204: noContent },
  errors: ['conflict'],
  idempotent: true,
});

export const renewRecoveryCodes = operation({
  ...shared,
  id: 'account.recoveryCodes.renew',
  method: 'POST',
  path: '/v1/account/recovery-codes',
  scope: 'account:secure',
  summary: 'Make new recovery codes',
  description: 'The ones before open nothing any more. A mail tells the owner.',
  request: {},
  responses: {
    201: z
      .strictObject({ recovery_codes: recoveryCodes })
      .meta({ id: 'RecoveryCodes' })
      .describe('The new codes.'),
  },
  errors: ['conflict'],
  idempotent: false,
});

export const startPasskey = operation({
  ...shared,
  id: 'account.passkeys.start',
  method: 'POST',
  path: '/v1/account/passkeys/options',
  scope: 'account:secure',
  summary: 'Begin with a passkey',
  description: 'What `navigator.credentials.create` is given. Good once, for five minutes.',
  request: {},
  responses: { 201: ceremonySchema.describe('The options.') },
  errors: ['conflict'],
  idempotent: true,
});

export const registerPasskey = operation({
  ...shared,
  id: 'account.passkeys.register',
  method: 'POST',
  path: '/v1/account/passkeys',
  scope: 'account:secure',
  summary: 'Keep a passkey',
  description:
    'What the browser made of the options. It is a second factor and signs in by itself. Every session ends, this one ' +
    'too; a new one is answered. A mail tells the owner.',
  request: {
    body: z.strictObject({ name: nameSchema, credential: credentialSchema }).meta({ id: 'RegisterPasskey' }),
  },
  responses: {
    201: factorAddedSchema.describe('Recovery codes, if there were none, and the session that goes on.'),
  },
  errors: ['credentials_wrong', 'conflict'],
  idempotent: false,
  examples: { body: { name: 'Telephone', credential: { id: 'x', type: 'public-key' } } },
});

export const renamePasskey = operation({
  ...shared,
  id: 'account.passkeys.rename',
  method: 'PATCH',
  path: '/v1/account/passkeys/{id}',
  scope: 'account:write',
  summary: 'Rename a passkey',
  description: 'The name tells passkeys apart, for their owner alone.',
  request: {
    params: passkeyParams,
    body: z.strictObject({ name: nameSchema }).meta({ id: 'RenamePasskey' }),
  },
  responses: { 200: passkeySchema.describe('The passkey.') },
  errors: [],
  idempotent: true,
  examples: { body: { name: 'Laptop' } },
});

export const removePasskey = operation({
  ...shared,
  id: 'account.passkeys.remove',
  method: 'DELETE',
  path: '/v1/account/passkeys/{id}',
  scope: 'account:secure',
  summary: 'Remove a passkey',
  description:
    'Ends every other session; a mail tells the owner. With the last second factor the recovery codes go. Staff keep ' +
    'one.',
  request: { params: passkeyParams },
  responses: { 204: noContent },
  errors: ['conflict'],
  idempotent: true,
});
