// Checks of identity documents: a workspace opens a check, hands in documents and submits them; staff decide. What was
// handed in is never answered to the workspace again, and ends soon after the decision.
import * as z from 'zod';
import { idSchema } from './ids.ts';
import { operation } from './operation.ts';
import { pageOf, pageQueryFields } from './paging.ts';
import { personal } from './personal.ts';
import { says } from './sentences.ts';
import { instantSchema } from './time.ts';

/** Octets of one document. */
export const identityDocumentBytesMax = 5_000_000;
/** Documents of one check. */
export const identityDocumentsMax = 4;
/** Base64 has four characters for three octets (RFC 4648 §4). */
const contentLengthMax = 4 * Math.ceil(identityDocumentBytesMax / 3);

export const identityCheckKinds = ['business', 'person'] as const;
export const identityCheckStates = [
  'open',
  'submitted',
  'approved',
  'rejected',
  'withdrawn',
  'expired',
] as const;
export const identityDocumentKinds = [
  'passport',
  'identity_card_front',
  'identity_card_back',
  'residence_permit',
  'driving_licence',
  'company_register',
  'tax_certificate',
  'proof_of_address',
  'authorisation',
] as const;
export const identityDocumentMediaTypes = ['application/pdf', 'image/jpeg', 'image/png'] as const;
export const identityRejections = [
  'unreadable',
  'incomplete',
  'out_of_date',
  'does_not_match',
  'not_accepted',
  'not_authentic',
] as const;

const oneOf = (values: readonly string[]) => says('invalid_request', `must be one of: ${values.join(', ')}.`);
const countrySentence = says('invalid_request', 'must be two capital letters (ISO 3166-1 alpha-2).');
const contentSentence = says(
  'invalid_request',
  `must be base64 (RFC 4648 §4) of at most ${identityDocumentBytesMax} octets.`,
);

export const identityCheckKindSchema = z.enum(identityCheckKinds, { error: oneOf(identityCheckKinds) });
const countrySchema = z
  .string({ error: countrySentence })
  .regex(/^[A-Z]{2}$/, { error: countrySentence })
  .meta({ examples: ['SA'] });
const documentKindSchema = z.enum(identityDocumentKinds, { error: oneOf(identityDocumentKinds) });

export const identityCheckFields = {
  id: idSchema('idc'),
  kind: identityCheckKindSchema,
  country: countrySchema.nullable().describe('As it was said when the check was opened.'),
  state: z
    .enum(identityCheckStates)
    .describe(
      'Documents are taken while it is open. Expired: not submitted within 14 days, or not decided within 90.',
    ),
  rejection: z.enum(identityRejections).nullable().describe('Why it was rejected.'),
  created_at: instantSchema,
  submitted_at: instantSchema.nullable(),
  decided_at: instantSchema.nullable(),
  documents_ended_at: instantSchema
    .nullable()
    .describe('When the key of the documents was destroyed; from then on nobody can read them.'),
};

export const identityCheckSchema = z.strictObject(identityCheckFields).meta({ id: 'IdentityCheck' });

export const identityDocumentSchema = z
  .strictObject({
    id: idSchema('idd'),
    kind: documentKindSchema,
    media_type: z.enum(identityDocumentMediaTypes).describe('By what it begins and ends with.'),
    octets: z.int().min(1).max(identityDocumentBytesMax),
    created_at: instantSchema,
  })
  .meta({ id: 'IdentityDocument', description: 'What is known of a document, without what is in it.' });

const identityCheckWithDocumentsSchema = z
  .strictObject({
    ...identityCheckFields,
    documents: z
      .array(identityDocumentSchema)
      .max(identityDocumentsMax)
      .describe('Oldest first; none once they have ended.'),
  })
  .meta({ id: 'IdentityCheckWithDocuments' });

const createIdentityCheckSchema = z
  .strictObject({
    kind: identityCheckKindSchema,
    country: countrySchema
      .optional()
      .describe('Where the business is registered, or the document was issued.'),
  })
  .meta({ id: 'CreateIdentityCheck' });

const addIdentityDocumentSchema = z
  .strictObject({
    kind: documentKindSchema,
    content: personal(
      'content',
      z.string({ error: contentSentence }).min(4, { error: contentSentence }).max(contentLengthMax, {
        error: contentSentence,
      }),
    ).describe('A whole PDF, JPEG or PNG in base64, with nothing before or after it.'),
  })
  .meta({ id: 'AddIdentityDocument' });

export type IdentityCheck = z.output<typeof identityCheckSchema>;
export type IdentityDocument = z.output<typeof identityDocumentSchema>;
export type IdentityCheckKind = (typeof identityCheckKinds)[number];
export type IdentityCheckState = (typeof identityCheckStates)[number];
export type IdentityDocumentKind = (typeof identityDocumentKinds)[number];
export type IdentityDocumentMediaType = (typeof identityDocumentMediaTypes)[number];
export type IdentityRejection = (typeof identityRejections)[number];

const shared = { purpose: 'service', feature: 'identity_checks' } as const;
const one = z.strictObject({ id: idSchema('idc') });

export const listIdentityChecks = operation({
  ...shared,
  id: 'identityChecks.list',
  method: 'GET',
  path: '/v1/identity-checks',
  scope: 'identity:read',
  summary: 'List identity checks',
  description: 'The checks of the workspace and what became of them, newest first.',
  request: { query: z.strictObject(pageQueryFields) },
  responses: { 200: pageOf('IdentityCheckPage', identityCheckSchema).describe('One page of checks.') },
  errors: ['invalid_cursor'],
  idempotent: true,
});

export const createIdentityCheck = operation({
  ...shared,
  id: 'identityChecks.create',
  method: 'POST',
  path: '/v1/identity-checks',
  scope: 'identity:write',
  summary: 'Open an identity check',
  description:
    'Documents can be added until it is submitted. At most 5 checks are under way at once, and 20 are opened in 30 days.',
  request: { body: createIdentityCheckSchema },
  responses: { 201: identityCheckSchema.describe('The new check.') },
  errors: ['conflict'],
  idempotent: false,
  examples: { body: { kind: 'business', country: 'SA' } },
});

export const getIdentityCheck = operation({
  ...shared,
  id: 'identityChecks.get',
  method: 'GET',
  path: '/v1/identity-checks/{id}',
  scope: 'identity:read',
  summary: 'Read an identity check',
  description:
    'How it stands, and which documents were handed in; what is in them is answered to nobody here.',
  request: { params: one },
  responses: { 200: identityCheckWithDocumentsSchema.describe('The check.') },
  errors: [],
  idempotent: true,
});

export const addIdentityDocument = operation({
  ...shared,
  id: 'identityChecks.addDocument',
  method: 'POST',
  path: '/v1/identity-checks/{id}/documents',
  scope: 'identity:write',
  summary: 'Hand in a document',
  description:
    `A PDF, JPEG or PNG of at most ${identityDocumentBytesMax} octets, at most ${identityDocumentsMax} of a check. It is ` +
    'sealed under a key of that check alone. No name of a file is taken.',
  bodyBytesMax: contentLengthMax + 1_024,
  request: { params: one, body: addIdentityDocumentSchema },
  responses: { 201: identityDocumentSchema.describe('What is known of the document.') },
  errors: ['conflict'],
  idempotent: false,
  examples: {
    body: { kind: 'company_register', content: 'JVBERi0xLjcKMSAwIG9iago8PD4+CmVuZG9iagolJUVPRgo=' },
  },
});

export const submitIdentityCheck = operation({
  ...shared,
  id: 'identityChecks.submit',
  method: 'POST',
  path: '/v1/identity-checks/{id}/submit',
  scope: 'identity:write',
  summary: 'Submit an identity check',
  description: 'Staff can take it up from then on; documents are added no more.',
  request: { params: one },
  responses: { 200: identityCheckSchema.describe('The submitted check.') },
  errors: ['conflict'],
  idempotent: true,
});

export const withdrawIdentityCheck = operation({
  ...shared,
  id: 'identityChecks.withdraw',
  method: 'POST',
  path: '/v1/identity-checks/{id}/withdraw',
  scope: 'identity:write',
  summary: 'Withdraw an identity check',
  description: 'Before it is decided. The key of its documents is destroyed at once.',
  request: { params: one },
  responses: { 200: identityCheckSchema.describe('The withdrawn check.') },
  errors: ['conflict'],
  idempotent: true,
});
