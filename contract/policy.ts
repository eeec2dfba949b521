// What was promised: the policy in force as a page for people and as data. Public, for whoever may become a customer
// and whoever only receives messages.
import * as z from 'zod';
import { textBody } from './bodies.ts';
import { operation } from './operation.ts';

/** Languages a page can be had in; a policy offers some of them, English first. */
export const policyLanguages = ['en', 'ar'] as const;

const language = z
  .enum(policyLanguages)
  .optional()
  .describe('One of the languages of the policy; its first one when left out.');

export const promiseSchema = z
  .strictObject({
    id: z.string().describe('Stable id of the obligation: `bound:ledger`, `prohibit:user.contact.email`.'),
    section: z.string().describe('Where on the page it stands: `retention`.'),
    sentence: z.string().describe('As people read it.'),
    assurance: z
      .enum(['enforced', 'verified', 'attested', 'law', 'notice'])
      .describe(
        '`enforced`: no code path can break it. `verified`: looked after by checks. `attested`: people state it. ' +
          '`law`: given by law, not by this policy. `notice`: tells something and promises nothing.',
      ),
    path: z.string().describe('Where in the policy it stands: `retention.ledger`.'),
    beside: z.string().nullable().describe('Who else sees the data, where that is so.'),
  })
  .meta({ id: 'Promise' });

export const policySchema = z
  .strictObject({
    id: z.string(),
    version: z.string().describe('Semantic version; changed whenever the content is.'),
    hash: z.string().describe('SHA-256 of the canonical form: `sha256:<hex>`.'),
    effective: z.string().describe('The day it takes effect, `2026-01-31`.'),
    languages: z.array(z.enum(policyLanguages)),
    jurisdictions: z.array(z.string()).describe('Whose clocks and rights apply: `eu-gdpr`, `us-ca-ccpa`.'),
    features: z.array(z.string()).describe('What this installation offers under this policy.'),
  })
  .meta({ id: 'Policy', description: 'The privacy policy in force. The page is at /privacy.' });

export type PolicyInForce = z.output<typeof policySchema>;

export const getPrivacyPage = operation({
  id: 'policy.page',
  method: 'GET',
  path: '/privacy',
  scope: null,
  summary: 'The privacy policy, for people',
  description: 'One page, complete without script, style and network.',
  purpose: 'service',
  request: { query: z.strictObject({ language }) },
  responses: { 200: textBody('text/html', 'The page.') },
  errors: [],
  idempotent: true,
});

export const getPolicy = operation({
  id: 'policy.get',
  method: 'GET',
  path: '/v1/policy',
  scope: null,
  summary: 'The policy in force',
  description: 'Which policy this installation runs under, and what it offers under it.',
  purpose: 'service',
  request: {},
  responses: { 200: policySchema.describe('The policy.') },
  errors: [],
  idempotent: true,
});

export const listPromises = operation({
  id: 'policy.promises',
  method: 'GET',
  path: '/v1/policy/promises',
  scope: null,
  summary: 'What is promised',
  description: 'Every statement of the page, each with what stands behind it.',
  purpose: 'service',
  request: { query: z.strictObject({ language }) },
  responses: {
    200: z.strictObject({ data: z.array(promiseSchema), next_cursor: z.null() }).describe('All of them.'),
  },
  errors: [],
  idempotent: true,
});
