// Checks of identity documents as staff see them: a line of ids and times, and one check at a time for whoever took it.
import * as z from 'zod';
import { octetsBody } from '../bodies.ts';
import {
  identityCheckFields,
  identityCheckKindSchema,
  identityCheckSchema,
  identityDocumentSchema,
  identityDocumentsMax,
  identityRejections,
} from '../identity-checks.ts';
import { idSchema } from '../ids.ts';
import { lineSchema } from '../line.ts';
import { operation } from '../operation.ts';
import { pageOf, pageQueryFields } from '../paging.ts';
import { personal } from '../personal.ts';
import { says } from '../sentences.ts';
import { instantSchema } from '../time.ts';

const shared = { scope: 'admin:identity', purpose: 'security', feature: 'identity_checks' } as const;
const one = z.strictObject({ id: idSchema('idc') });

const waitingSchema = z
  .strictObject({
    id: idSchema('idc'),
    kind: identityCheckKindSchema,
    submitted_at: instantSchema,
    taken_until: instantSchema.nullable().describe('Somebody reviews it until then; null while nobody does.'),
  })
  .meta({ id: 'WaitingIdentityCheck', description: 'A check that waits for a decision.' });

const windowSchema = z
  .strictObject({ identity_check_id: idSchema('idc'), ends_at: instantSchema })
  .meta({ id: 'IdentityCheckWindow', description: 'Until when whoever took a check may review it.' });

const staffCheckSchema = z
  .strictObject({
    ...identityCheckFields,
    workspace: z.strictObject({
      id: idSchema('wrk'),
      name: personal('note', lineSchema(200))
        .nullable()
        .describe('What the documents are compared with; null once erased.'),
    }),
    documents: z.array(identityDocumentSchema).max(identityDocumentsMax).describe('Oldest first.'),
    taken_until: instantSchema,
  })
  .meta({ id: 'StaffIdentityCheck' });

const rejectionSentence = says('invalid_request', `must be one of: ${identityRejections.join(', ')}.`);

export const listWaitingIdentityChecks = operation({
  ...shared,
  id: 'admin.identityChecks.list',
  method: 'GET',
  path: '/v1/admin/identity-checks',
  summary: 'List identity checks that wait for a decision',
  description: 'The one that waits longest comes first. Ids, times and kind: nothing of anybody.',
  request: { query: z.strictObject(pageQueryFields) },
  responses: { 200: pageOf('WaitingIdentityCheckPage', waitingSchema).describe('One page of checks.') },
  errors: ['invalid_cursor'],
  idempotent: true,
});

export const takeIdentityCheck = operation({
  ...shared,
  id: 'admin.identityChecks.take',
  method: 'POST',
  path: '/v1/admin/identity-checks/{id}/take',
  summary: 'Take an identity check',
  description:
    'Opens a window of 60 minutes in which whoever is signed in alone may read the documents and decide; taking it ' +
    'again begins another. No key can, and no member of the workspace. Recorded in the audit trail.',
  request: { params: one },
  responses: { 200: windowSchema.describe('The window.') },
  errors: ['conflict', 'forbidden', 'restricted'],
  idempotent: true,
});

export const reviewIdentityCheck = operation({
  ...shared,
  id: 'admin.identityChecks.get',
  method: 'GET',
  path: '/v1/admin/identity-checks/{id}',
  summary: 'Read an identity check that one has taken',
  description: 'Whose it is and which documents it has. Each reading is recorded in the audit trail.',
  request: { params: one },
  responses: { 200: staffCheckSchema.describe('The check.') },
  errors: ['forbidden', 'restricted'],
  idempotent: true,
});

export const readIdentityDocument = operation({
  ...shared,
  id: 'admin.identityChecks.document',
  method: 'GET',
  path: '/v1/admin/identity-documents/{id}',
  summary: 'Read a document of an identity check that one has taken',
  description:
    'Its octets, to be saved and never to be shown by a browser. Each reading is recorded in the audit trail.',
  request: { params: z.strictObject({ id: idSchema('idd') }) },
  responses: { 200: octetsBody('The document.') },
  errors: ['forbidden', 'restricted'],
  idempotent: true,
});

export const approveIdentityCheck = operation({
  ...shared,
  id: 'admin.identityChecks.approve',
  method: 'POST',
  path: '/v1/admin/identity-checks/{id}/approve',
  summary: 'Approve an identity check that one has taken',
  description: 'The window ends, and the documents end when the time of the policy is over.',
  request: { params: one },
  responses: { 200: identityCheckSchema.describe('The approved check.') },
  errors: ['forbidden', 'restricted'],
  idempotent: false,
});

export const rejectIdentityCheck = operation({
  ...shared,
  id: 'admin.identityChecks.reject',
  method: 'POST',
  path: '/v1/admin/identity-checks/{id}/reject',
  summary: 'Reject an identity check that one has taken',
  description: 'The workspace sees the reason. The window ends, and the documents as after an approval.',
  request: {
    params: one,
    body: z
      .strictObject({ reason: z.enum(identityRejections, { error: rejectionSentence }) })
      .meta({ id: 'RejectIdentityCheck' }),
  },
  responses: { 200: identityCheckSchema.describe('The rejected check.') },
  errors: ['forbidden', 'restricted'],
  idempotent: false,
  examples: { body: { reason: 'unreadable' } },
});
