// Consent as receipts: one record for each decision, which never changes. The fields follow ISO/IEC TS 27560.
import * as z from 'zod';
import { idSchema } from './ids.ts';
import { operation } from './operation.ts';
import { pageOf, pageQueryFields } from './paging.ts';
import { phoneNumberSchema } from './phone-number.ts';
import { says } from './sentences.ts';
import { instantSchema } from './time.ts';

/** What consent can be about; anything else rests on another lawful basis. */
export const consentPurposes = [
  'marketing',
  'improve',
  'analytics',
  'contact_feature',
  'sale_sharing',
] as const;

const purposeSchema = z
  .enum(consentPurposes)
  .describe('sale_sharing: selling or sharing of personal data, in the sense of the CCPA.');

const hashSentence = says('invalid_request', 'must be a SHA-256 in 64 lower-case hexadecimal digits.');
const policyHashSchema = z
  .string({ error: hashSentence })
  .regex(/^[0-9a-f]{64}$/, { error: hashSentence })
  .meta({ examples: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'] })
  .describe('SHA-256 of the policy version that was shown.');

const methodSchema = z.enum(['form', 'keyword', 'written', 'verbal', 'api']);

export const consentSchema = z
  .strictObject({
    id: idSchema('cns').describe('The id of the receipt.'),
    subject: z.strictObject({
      kind: z.enum(['workspace', 'recipient']),
      pseudonym: z.string().describe('The same for the same subject in every receipt.'),
    }),
    purpose: purposeSchema,
    decision: z
      .enum(['given', 'withdrawn', 'objected'])
      .describe('objected: an opt-out where no consent had been given.'),
    method: z
      .enum(['form', 'keyword', 'written', 'verbal', 'api', 'signal'])
      .describe('How it was decided; signal: by Global Privacy Control.'),
    policy_hash: policyHashSchema.nullable(),
    decided_at: instantSchema,
    expires_at: instantSchema.nullable().describe('From then on it has to be asked again.'),
    withdraws: idSchema('cns').nullable().describe('The consent this record withdraws.'),
    withdrawn_by: idSchema('cns').nullable().describe('The record that withdrew this consent.'),
    recorded_at: instantSchema,
  })
  .meta({ id: 'Consent', description: 'A receipt of one decision about one purpose.' });

export const createConsentSchema = z
  .strictObject({
    purpose: purposeSchema,
    policy_hash: policyHashSchema,
    method: methodSchema.default('api'),
    decided_at: instantSchema.optional().describe('When it was given; now, when left out.'),
    expires_at: instantSchema.optional().describe('When it has to be asked again; left out: not by time.'),
    recipient: phoneNumberSchema
      .optional()
      .describe('A recipient who consents to marketing of this workspace. Left out: the workspace itself.'),
  })
  .meta({ id: 'CreateConsent' });

export const withdrawConsentSchema = z
  .strictObject({
    method: methodSchema.default('api').describe('How it was withdrawn.'),
  })
  .meta({ id: 'WithdrawConsent' });

export const currentConsentsSchema = z
  .strictObject({
    data: z
      .array(
        z.strictObject({
          purpose: purposeSchema,
          state: z.enum(['given', 'withdrawn', 'objected', 'expired', 'never_asked']),
          since: instantSchema.nullable(),
          expires_at: instantSchema.nullable(),
          receipt_id: idSchema('cns').nullable(),
        }),
      )
      .describe('One for each purpose there is.'),
    global_privacy_control: z
      .strictObject({
        signalled: z.boolean().describe('This request carried `Sec-GPC: 1`.'),
        opted_out: z.boolean().describe('Sale and sharing are opted out of, by signal or otherwise.'),
      })
      .describe('Whether the signal was honoured (CCPA Regulations §7025).'),
  })
  .meta({ id: 'CurrentConsents' });

export type Consent = z.output<typeof consentSchema>;
export type CurrentConsents = z.output<typeof currentConsentsSchema>;

export const listConsents = operation({
  id: 'consents.list',
  method: 'GET',
  path: '/v1/consents',
  scope: 'consents:read',
  summary: 'List receipts of consent',
  description: 'Every decision ever recorded in this workspace, newest first.',
  purpose: 'service',
  request: { query: z.strictObject(pageQueryFields) },
  responses: { 200: pageOf('ConsentPage', consentSchema).describe('One page of receipts.') },
  errors: ['invalid_cursor'],
  idempotent: true,
});

export const getCurrentConsents = operation({
  id: 'consents.current',
  method: 'GET',
  path: '/v1/consents/current',
  scope: 'consents:read',
  summary: 'Read what the workspace consents to now',
  description:
    'A request with `Sec-GPC: 1` opts the workspace out of sale and sharing, once, and the answer says so.',
  purpose: 'service',
  request: {},
  responses: { 200: currentConsentsSchema.describe('The state of every purpose.') },
  errors: [],
  idempotent: true,
});

export const createConsent = operation({
  id: 'consents.create',
  method: 'POST',
  path: '/v1/consents',
  scope: 'consents:write',
  summary: 'Record consent',
  description:
    'For one purpose, with the policy version that was shown. Accepting terms is not consent. Refused for ' +
    'sale_sharing while the request carries `Sec-GPC: 1`.',
  purpose: 'service',
  request: { body: createConsentSchema },
  responses: { 201: consentSchema.describe('The receipt.') },
  errors: ['conflict', 'invalid_number'],
  idempotent: false,
  examples: {
    body: {
      purpose: 'marketing',
      policy_hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      method: 'form',
    },
  },
});

export const withdrawConsent = operation({
  id: 'consents.withdraw',
  method: 'POST',
  path: '/v1/consents/{id}/withdraw',
  scope: 'consents:write',
  summary: 'Withdraw consent',
  description:
    'As easy as giving it (GDPR Art. 7(3)). Adds a record; withdrawing again answers the same one. When a recipient ' +
    'withdraws from marketing, their number is opted out too.',
  purpose: 'service',
  request: { params: z.strictObject({ id: idSchema('cns') }), body: withdrawConsentSchema },
  responses: { 200: consentSchema.describe('The record of the withdrawal.') },
  errors: ['conflict'],
  idempotent: true,
  examples: { body: { method: 'form' } },
});
