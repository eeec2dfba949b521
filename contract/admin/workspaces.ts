// Workspaces: who has a balance, keys, numbers and messages.
import * as z from 'zod';
import { idSchema } from '../ids.ts';
import { lineSchema } from '../line.ts';
import { currencySchema, moneySchema, nonNegativeMoneySchema, positiveMoneySchema } from '../money.ts';
import { operation } from '../operation.ts';
import { pageOf, pageQueryFields } from '../paging.ts';
import { personal } from '../personal.ts';
import { says } from '../sentences.ts';
import { instantSchema } from '../time.ts';
import { walletEntrySchema } from '../wallet.ts';

export const workspaceNameLengthMax = 80;

/** A personal workspace is often named after its person. */
const nameSchema = personal('note', lineSchema(workspaceNameLengthMax));

const kindSchema = z
  .enum(['personal', 'organisation'])
  .describe('personal: of one person, and dies with the account. organisation: has members.');

const reasonSentence = says(
  'invalid_request',
  'must be a code such as bank_transfer: a-z, 0-9, _ and dots, at most 64.',
);

export const createWorkspaceSchema = z
  .strictObject({
    kind: kindSchema.default('organisation'),
    name: nameSchema.optional().describe('Refused where the policy holds no names.'),
    currency: currencySchema.describe('The one currency of its balance; it never changes.'),
    credit_limit: nonNegativeMoneySchema
      .optional()
      .describe('How far the balance may fall below zero, in the same currency. Left out: not at all.'),
  })
  .meta({ id: 'CreateWorkspace' });

export const workspaceSchema = z
  .strictObject({
    id: idSchema('wrk'),
    kind: kindSchema,
    name: nameSchema.nullable().describe('Null where it has none, or once erased.'),
    currency: currencySchema,
    available: moneySchema,
    credit_limit: moneySchema,
    created_at: instantSchema,
    closed_at: instantSchema.nullable().describe('From then on none of its keys works.'),
  })
  .meta({ id: 'Workspace' });

export const creditWorkspaceSchema = z
  .strictObject({
    amount: positiveMoneySchema.describe('In the currency of the workspace.'),
    reason: z
      .string({ error: reasonSentence })
      .regex(/^[a-z][a-z0-9_.]{0,63}$/, { error: reasonSentence })
      .meta({ examples: ['bank_transfer'] })
      .describe('Why, as a code: the books are kept for years and hold no free text.'),
  })
  .meta({ id: 'CreditWorkspace' });

export type Workspace = z.output<typeof workspaceSchema>;
export type CreateWorkspace = z.output<typeof createWorkspaceSchema>;
export type CreditWorkspace = z.output<typeof creditWorkspaceSchema>;

const shared = { scope: 'admin:workspaces' } as const;

export const listWorkspaces = operation({
  ...shared,
  id: 'admin.workspaces.list',
  method: 'GET',
  path: '/v1/admin/workspaces',
  summary: 'List workspaces',
  description: 'Newest first.',
  purpose: 'operations',
  request: { query: z.strictObject(pageQueryFields) },
  responses: { 200: pageOf('WorkspacePage', workspaceSchema).describe('One page of workspaces.') },
  errors: ['invalid_cursor'],
  idempotent: true,
});

export const createWorkspace = operation({
  ...shared,
  id: 'admin.workspaces.create',
  method: 'POST',
  path: '/v1/admin/workspaces',
  summary: 'Create a workspace',
  description: 'With an empty balance and no keys.',
  purpose: 'operations',
  request: { body: createWorkspaceSchema },
  responses: { 201: workspaceSchema.describe('The workspace.') },
  errors: ['conflict', 'feature_off'],
  idempotent: false,
  examples: { body: { name: 'Example shop', currency: 'EUR' } },
});

export const creditWorkspace = operation({
  ...shared,
  id: 'admin.workspaces.credit',
  method: 'POST',
  path: '/v1/admin/workspaces/{id}/credit',
  summary: 'Top a workspace up by hand',
  description:
    'Books a top-up with a reason. Send an Idempotency-Key: without one, a repeated request pays twice. Above the ' +
    'amount one person may credit alone it is refused, and entered as a bank transfer instead.',
  purpose: 'billing',
  request: { params: z.strictObject({ id: idSchema('wrk') }), body: creditWorkspaceSchema },
  responses: { 201: walletEntrySchema.describe('The entry in the books.') },
  errors: ['conflict', 'second_person_needed'],
  idempotent: false,
  examples: {
    body: { amount: { amount: '25.00', currency: 'EUR' }, reason: 'bank_transfer' },
  },
});
