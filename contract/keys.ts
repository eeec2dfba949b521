// API keys of a workspace. The secret is shown once, when the key is made; only a keyed hash of it is stored.
import * as z from 'zod';
import { idSchema } from './ids.ts';
import { lineSchema } from './line.ts';
import { operation } from './operation.ts';
import { pageOf, pageQueryFields } from './paging.ts';
import { personal } from './personal.ts';
import { grantableScopes, scopes } from './scopes.ts';
import { says } from './sentences.ts';
import { instantSchema } from './time.ts';

export const keyNameLengthMax = 60;
export const keyNetworksMax = 20;
export const keyRequestsPerSecondMax = 10_000;
/** Longest time a key and the one in its place work both: 30 days. */
export const keyOverlapSecondsMax = 2_592_000;

const networkSentence = says(
  'invalid_request',
  'must be an IPv4 or IPv6 address, or a network such as 192.0.2.0/24.',
);

const nameSchema = personal('note', lineSchema(keyNameLengthMax));

const kindSchema = z
  .enum(['live', 'test'])
  .describe('Test keys take the same requests, never reach a carrier and never charge.');

const networkSchema = personal(
  'network',
  z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()], { error: networkSentence }),
);

const keyFields = {
  id: idSchema('key'),
  name: nameSchema.nullable().describe('What it is for; null once erased.'),
  kind: kindSchema,
  prefix: z.string().describe('How the key begins, to tell keys apart; not enough to use one.'),
  last_four: z.string().describe('How it ends.'),
  created_by: idSchema('key')
    .nullable()
    .describe('The key it was created with; null for one the operator issued.'),
  scopes: z.array(z.enum(scopes)),
  networks: z.array(networkSchema).describe('Networks it may be used from; empty means any.'),
  expires_at: instantSchema.nullable(),
  requests_per_second: z.int().nullable().describe('How fast it may be used; null: as fast as any.'),
  last_used_at: instantSchema.nullable().describe('To ten minutes.'),
  revoked_at: instantSchema.nullable(),
  created_at: instantSchema,
};

export const apiKeySchema = z.strictObject(keyFields).meta({ id: 'ApiKey' });

export const createdApiKeySchema = z
  .strictObject({
    ...keyFields,
    key: personal('secret', z.string())
      .nullable()
      .describe(
        'The key itself. Shown this once; null in a repeated answer, for secrets are never replayed.',
      ),
  })
  .meta({ id: 'CreatedApiKey' });

export const createApiKeySchema = z
  .strictObject({
    name: nameSchema.describe('What it is for.'),
    kind: kindSchema.default('live'),
    scopes: z
      .array(z.enum(grantableScopes))
      .min(1)
      .max(grantableScopes.length)
      .describe('Only scopes that the calling key has; never keys:write.'),
    networks: z.array(networkSchema).max(keyNetworksMax).default([]),
    expires_at: instantSchema.nullable().default(null).describe('When it stops working; null for never.'),
    requests_per_second: z
      .int()
      .min(1)
      .max(keyRequestsPerSecondMax)
      .nullable()
      .default(null)
      .describe('How fast it may be used, below what the installation allows; null: as fast as any.'),
  })
  .meta({ id: 'CreateApiKey' });

export type ApiKey = z.output<typeof apiKeySchema>;
export type CreateApiKey = z.output<typeof createApiKeySchema>;

export const listKeys = operation({
  id: 'keys.list',
  method: 'GET',
  path: '/v1/keys',
  scope: 'keys:read',
  summary: 'List API keys',
  description: 'Newest first, revoked and expired ones included. Secrets are not among what is stored.',
  purpose: 'security',
  request: { query: z.strictObject(pageQueryFields) },
  responses: { 200: pageOf('ApiKeyPage', apiKeySchema).describe('One page of keys.') },
  errors: ['invalid_cursor'],
  idempotent: true,
});

export const createKey = operation({
  id: 'keys.create',
  method: 'POST',
  path: '/v1/keys',
  scope: 'keys:write',
  summary: 'Create an API key',
  description:
    'Shows the key once. A key hands on only scopes it has itself, and never the power to create keys.',
  purpose: 'security',
  request: { body: createApiKeySchema },
  responses: { 201: createdApiKeySchema.describe('The key, with its secret.') },
  errors: ['forbidden', 'agreement_required', 'feature_off', 'plan_limit'],
  idempotent: false,
  examples: { body: { name: 'shop', scopes: ['messages:send', 'messages:read'] } },
});

export const rotateKey = operation({
  id: 'keys.rotate',
  method: 'POST',
  path: '/v1/keys/{id}/rotate',
  scope: 'keys:write',
  summary: 'Replace an API key',
  description:
    'Shows a key with the same rights once; the old one works until the overlap is over. Only who could create such a ' +
    'key replaces it: no key replaces one that creates keys, itself included.',
  purpose: 'security',
  request: {
    params: z.strictObject({ id: idSchema('key') }),
    body: z
      .strictObject({
        overlap_seconds: z
          .int()
          .min(0)
          .max(keyOverlapSecondsMax)
          .default(86_400)
          .describe('How long the old key still works, unless it ends before by itself.'),
      })
      .meta({ id: 'RotateApiKey' }),
  },
  responses: { 201: createdApiKeySchema.describe('The new key, with its secret.') },
  errors: ['forbidden', 'plan_limit'],
  idempotent: false,
  examples: { body: { overlap_seconds: 3600 } },
});

export const revokeKey = operation({
  id: 'keys.revoke',
  method: 'POST',
  path: '/v1/keys/{id}/revoke',
  scope: 'keys:write',
  summary: 'Revoke an API key',
  description: 'It stops working at once, for good. Revoking twice changes nothing.',
  purpose: 'security',
  request: { params: z.strictObject({ id: idSchema('key') }) },
  responses: { 200: apiKeySchema.describe('The revoked key.') },
  errors: [],
  idempotent: true,
});
