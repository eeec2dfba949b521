// Accounts that are a token of a device: no name, no address, no number.
import * as z from 'zod';
import { idSchema } from '../ids.ts';
import { lineSchema } from '../line.ts';
import { operation } from '../operation.ts';
import { instantSchema } from '../time.ts';
import {
  givenSecretSchema,
  openingFields,
  sessionFields,
  shownSecretSchema,
  signedInSchema,
} from './fields.ts';

export const deviceChallengeSchema = z
  .strictObject({
    challenge: z.string().describe('Send it back with its solution.'),
    difficulty: z
      .int()
      .describe('How many leading zero bits SHA-256 of challenge, a colon and the solution must have.'),
    expires_at: instantSchema,
  })
  .meta({ id: 'DeviceChallenge' });

export const createDeviceChallenge = operation({
  id: 'devices.challenge',
  method: 'POST',
  path: '/v1/devices/challenges',
  scope: null,
  summary: 'Ask for a proof of work',
  description:
    'A second of work for a telephone keeps accounts from being made by the million. Good once, for minutes.',
  purpose: 'security',
  feature: 'device_accounts',
  request: {},
  responses: { 201: deviceChallengeSchema.describe('What to solve.') },
  errors: ['https_required'],
  idempotent: true,
});

const registrationFields = {
  challenge: z.string().min(1).max(512),
  solution: z.string().min(1).max(64),
  ...openingFields,
  system: lineSchema(60).optional().describe('Operating system and version, where the policy holds it.'),
  app_version: lineSchema(40).optional().describe('Where the policy holds it.'),
};

export const deviceAccountSchema = z
  .strictObject({
    account_id: idSchema('acc'),
    workspace_id: idSchema('wrk').describe(
      'Whose a purchase in a store is: the app user of RevenueCat, the `obfuscatedAccountId` of Google Play and, as the ' +
        'UUID it holds, the `appAccountToken` of the App Store.',
    ),
    device_token: shownSecretSchema.describe('The account itself: keep it on the device. Shown this once.'),
    recovery_code: shownSecretSchema.describe('Gives the account to another device, once. Shown this once.'),
    session: z.strictObject({ ...sessionFields, token: shownSecretSchema }),
  })
  .meta({ id: 'DeviceAccount' });

export type DeviceAccount = z.output<typeof deviceAccountSchema>;

export const registerDevice = operation({
  id: 'devices.register',
  method: 'POST',
  path: '/v1/devices',
  scope: null,
  summary: 'Open a device account',
  description: 'Known by nothing but its token. Secrets are shown once and kept nowhere here.',
  purpose: 'service',
  feature: 'device_accounts',
  request: { body: z.strictObject(registrationFields).meta({ id: 'RegisterDevice' }) },
  responses: { 201: deviceAccountSchema.describe('The account, signed in.') },
  errors: ['challenge_failed', 'conflict', 'feature_off', 'https_required'],
  idempotent: false,
  examples: {
    body: { challenge: 'x', solution: '0', of_age: true, accepted_policy: `sha256:${'0'.repeat(64)}` },
  },
});

export const signInDevice = operation({
  id: 'devices.signIn',
  method: 'POST',
  path: '/v1/devices/sessions',
  scope: null,
  summary: 'Sign in by device',
  description: 'A session for the token of a device account.',
  purpose: 'security',
  feature: 'device_accounts',
  request: { body: z.strictObject({ device_token: givenSecretSchema }).meta({ id: 'SignInDevice' }) },
  responses: { 201: signedInSchema.describe('The session.') },
  errors: ['credentials_wrong', 'https_required'],
  opensSession: true,
  idempotent: false,
  examples: { body: { device_token: `sotto_device_${'0'.repeat(42)}` } },
});

export const restoreDevice = operation({
  id: 'devices.restore',
  method: 'POST',
  path: '/v1/devices/restore',
  scope: null,
  summary: 'Move the account to this device',
  description:
    'By its recovery code. The token of the old device and the code end; new ones are shown once. Balance and ' +
    'purchases stay.',
  purpose: 'security',
  feature: 'device_accounts',
  request: { body: z.strictObject({ recovery_code: givenSecretSchema }).meta({ id: 'RestoreDevice' }) },
  responses: { 201: deviceAccountSchema.describe('The account with its new secrets, signed in.') },
  errors: ['credentials_wrong', 'https_required'],
  idempotent: false,
  examples: { body: { recovery_code: `sotto_recovery_${'0'.repeat(42)}` } },
});
