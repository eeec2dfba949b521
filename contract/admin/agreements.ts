// What the operator offers organisations on the processing of data, and which of them accepted it.
import * as z from 'zod';
import { agreementVersionSchema } from '../agreements.ts';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { pageOf, pageQueryFields } from '../paging.ts';
import { says } from '../sentences.ts';
import { instantSchema } from '../time.ts';

/** Characters of an agreement. */
export const agreementLengthMax = 200_000;

const textSentence = says('invalid_request', `must be a text of 1 to ${agreementLengthMax} characters.`);
const textSchema = z
  .string({ error: textSentence })
  .min(1, { error: textSentence })
  .max(agreementLengthMax, { error: textSentence })
  .regex(/^[^\0\p{Cs}]*$/u, { error: textSentence });

export const publishedAgreementSchema = z
  .strictObject({
    id: idSchema('agr'),
    version: agreementVersionSchema,
    digest: z.string().describe('SHA-256 of the text in UTF-8, in hexadecimal.'),
    required_from: instantSchema.nullable(),
    published_at: instantSchema,
    acceptances: z.int().describe('Organisations that accepted this version.'),
  })
  .meta({ id: 'PublishedAgreement' });

export const agreementAcceptanceRowSchema = z
  .strictObject({
    workspace_id: idSchema('wrk'),
    accepted_at: instantSchema,
    accepted_by: idSchema('acc').nullable().describe('Null once that account is erased.'),
  })
  .meta({ id: 'AcceptedAgreement' });

export type PublishedAgreement = z.output<typeof publishedAgreementSchema>;
export type AcceptedAgreement = z.output<typeof agreementAcceptanceRowSchema>;

const shared = { scope: 'admin:agreements', purpose: 'operations', feature: 'organisations' } as const;

export const listAgreements = operation({
  ...shared,
  id: 'admin.agreements.list',
  method: 'GET',
  path: '/v1/admin/agreements',
  summary: 'List agreements',
  description: 'Newest first; the first is the one that is offered.',
  request: { query: z.strictObject(pageQueryFields) },
  responses: { 200: pageOf('AgreementPage', publishedAgreementSchema).describe('One page of agreements.') },
  errors: ['invalid_cursor'],
  idempotent: true,
});

export const publishAgreement = operation({
  ...shared,
  id: 'admin.agreements.publish',
  method: 'POST',
  path: '/v1/admin/agreements',
  summary: 'Publish an agreement',
  description:
    'It is offered from now on, is never changed and never deleted: what differs is a new version. With required_from, ' +
    'organisations make no live keys from then on until they accept it. Keys they have go on, so that no code stays away.',
  request: {
    body: z
      .strictObject({
        version: agreementVersionSchema,
        text: textSchema,
        required_from: instantSchema.optional().describe('Left out: it is offered and not required.'),
      })
      .meta({ id: 'PublishAgreement' }),
  },
  responses: { 201: publishedAgreementSchema.describe('The agreement.') },
  errors: ['conflict'],
  idempotent: false,
  // 200,000 characters of up to four octets, some of them escaped.
  bodyBytesMax: 1_310_720,
  examples: { body: { version: '2026-11', text: 'Agreement on the processing of personal data …' } },
});

export const listAgreementAcceptances = operation({
  ...shared,
  id: 'admin.agreements.acceptances',
  method: 'GET',
  path: '/v1/admin/agreements/{id}/acceptances',
  summary: 'List who accepted an agreement',
  description: 'Newest workspaces first.',
  request: { params: z.strictObject({ id: idSchema('agr') }), query: z.strictObject(pageQueryFields) },
  responses: {
    200: pageOf('AcceptedAgreementPage', agreementAcceptanceRowSchema).describe('One page of acceptances.'),
  },
  errors: ['invalid_cursor'],
  idempotent: true,
});
