// The agreement on the processing of data (GDPR Art. 28(3)) that an organisation accepts: its text, and the acceptance.
import * as z from 'zod';
import { idSchema } from './ids.ts';
import { operation } from './operation.ts';
import { says } from './sentences.ts';
import { instantSchema } from './time.ts';

const versionSentence = says(
  'invalid_request',
  'must be 1 to 40 letters, digits, dots, dashes or underscores.',
);
export const agreementVersionSchema = z
  .string({ error: versionSentence })
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, { error: versionSentence })
  .meta({ examples: ['2026-11'] });

const digestSentence = says(
  'invalid_request',
  'must be the digest of the text: 64 characters of lower case hexadecimal.',
);
const digestSchema = z
  .string({ error: digestSentence })
  .regex(/^[0-9a-f]{64}$/, { error: digestSentence })
  .meta({ examples: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'] });

const fields = {
  version: agreementVersionSchema,
  digest: digestSchema.describe('SHA-256 of the text in UTF-8.'),
  required_from: instantSchema
    .nullable()
    .describe(
      'From then on an organisation that accepted neither this nor a later version makes no live keys.',
    ),
  published_at: instantSchema,
};

export const agreementSchema = z
  .strictObject({
    ...fields,
    text: z.string().describe('As the operator published it: plain text or Markdown.'),
  })
  .meta({ id: 'Agreement', description: 'An agreement on the processing of data, as it was published.' });

export const acceptanceSchema = z
  .strictObject({
    current: z
      .strictObject(fields)
      .nullable()
      .describe('The version that is offered now; null where the operator offers none.'),
    accepted: z
      .strictObject({
        version: agreementVersionSchema,
        digest: digestSchema,
        accepted_at: instantSchema,
        accepted_by: idSchema('acc').nullable().describe('Null once that account is erased.'),
      })
      .nullable()
      .describe('The latest version that this organisation accepted.'),
    is_required: z.boolean().describe('Whether live keys wait for an acceptance.'),
  })
  .meta({ id: 'AgreementAcceptance' });

export type Agreement = z.output<typeof agreementSchema>;
export type AgreementAcceptance = z.output<typeof acceptanceSchema>;

const shared = { purpose: 'service', feature: 'organisations' } as const;

export const getAgreement = operation({
  ...shared,
  id: 'agreements.get',
  method: 'GET',
  path: '/v1/agreements/data-processing',
  scope: null,
  summary: 'Read the agreement on the processing of data',
  description: 'The version that is offered now. Public, so that it can be read before anybody signs up.',
  request: {},
  responses: { 200: agreementSchema.describe('The agreement.') },
  errors: ['not_found'],
  idempotent: true,
});

export const getAgreementAcceptance = operation({
  ...shared,
  id: 'agreements.getAcceptance',
  method: 'GET',
  path: '/v1/agreements/data-processing/acceptance',
  scope: 'workspace:read',
  summary: 'Read what the organisation has accepted',
  description: 'With the version that is offered now, and whether something waits for it.',
  request: {},
  responses: { 200: acceptanceSchema.describe('The acceptance.') },
  errors: [],
  idempotent: true,
});

export const acceptAgreement = operation({
  ...shared,
  id: 'agreements.accept',
  method: 'POST',
  path: '/v1/agreements/data-processing/accept',
  scope: 'agreements:accept',
  summary: 'Accept the agreement for the organisation',
  description:
    'By an owner or administrator who signed in minutes ago. Version and digest say what was read: `conflict` when ' +
    'another one is offered meanwhile. The first acceptance of a version stands.',
  request: {
    body: z
      .strictObject({ version: agreementVersionSchema, digest: digestSchema })
      .meta({ id: 'AcceptAgreement' }),
  },
  responses: { 200: acceptanceSchema.describe('The acceptance.') },
  errors: ['conflict', 'not_found'],
  idempotent: true,
  examples: {
    body: {
      version: '2026-11',
      digest: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    },
  },
});
