// Transfers to the operator's bank account, which nobody tells the platform of but its own staff: one enters, another
// approves.
import * as z from 'zod';
import { idSchema } from '../ids.ts';
import { moneySchema, positiveMoneySchema } from '../money.ts';
import { operation } from '../operation.ts';
import { pageOf, pageQueryFields } from '../paging.ts';
import { says } from '../sentences.ts';
import { instantSchema } from '../time.ts';

export const bankTransferStates = ['waiting', 'approved', 'rejected'] as const;

const referenceSentence = says(
  'invalid_request',
  'must be the reference of the bank: 4 to 64 of A-Z, a-z, 0-9, /, ., :, + and -, with a digit among them.',
);

/** A code, so that no name of a payer gets into the books with it. */
const referenceSchema = z
  .string({ error: referenceSentence })
  .regex(/^(?=.*\d)[A-Za-z0-9][A-Za-z0-9/.:+-]{3,63}$/, { error: referenceSentence })
  .meta({ examples: ['2026112600017-DE'] });

export const enterBankTransferSchema = z
  .strictObject({
    workspace_id: idSchema('wrk'),
    amount: positiveMoneySchema.describe('In the currency of the workspace.'),
    reference: referenceSchema.describe(
      'What the bank calls this transfer. Each is entered once; capitals make no difference.',
    ),
  })
  .meta({ id: 'EnterBankTransfer' });

export const bankTransferSchema = z
  .strictObject({
    id: idSchema('bnk'),
    workspace_id: idSchema('wrk'),
    state: z.enum(bankTransferStates).describe('waiting: for a second person; approved: credited.'),
    amount: moneySchema,
    reference: z.string().meta({ examples: ['2026112600017-DE'] }),
    payment_id: idSchema('top').nullable().describe('The payment it became.'),
    created_at: instantSchema,
    decided_at: instantSchema.nullable(),
  })
  .meta({ id: 'BankTransfer', description: 'Money that came by bank, on its way into a balance.' });

export type BankTransfer = z.output<typeof bankTransferSchema>;

const shared = { scope: 'admin:payments', purpose: 'billing', feature: 'top_ups' } as const;

export const listBankTransfers = operation({
  ...shared,
  id: 'admin.bankTransfers.list',
  method: 'GET',
  path: '/v1/admin/bank-transfers',
  summary: 'List bank transfers',
  description: 'Of all workspaces, newest first.',
  request: {
    query: z.strictObject({
      ...pageQueryFields,
      state: z.enum(['waiting']).optional().describe('Only those that wait for a second person.'),
    }),
  },
  responses: { 200: pageOf('BankTransferPage', bankTransferSchema).describe('One page of transfers.') },
  errors: ['invalid_cursor'],
  idempotent: true,
});

export const enterBankTransfer = operation({
  ...shared,
  id: 'admin.bankTransfers.create',
  method: 'POST',
  path: '/v1/admin/bank-transfers',
  summary: 'Enter a bank transfer',
  description: 'Nothing is credited until somebody else approves it.',
  request: { body: enterBankTransferSchema },
  responses: { 201: bankTransferSchema.describe('The transfer, waiting.') },
  errors: ['conflict', 'not_found'],
  idempotent: false,
  examples: {
    body: {
      workspace_id: 'wrk_01jd3rh8e7fv2r0kqvw4m9xt5c',
      amount: { amount: '2500.00', currency: 'EUR' },
      reference: '2026112600017-DE',
    },
  },
});

export const approveBankTransfer = operation({
  ...shared,
  id: 'admin.bankTransfers.approve',
  method: 'POST',
  path: '/v1/admin/bank-transfers/{id}/approve',
  summary: 'Approve a bank transfer',
  description:
    'Credits it, once. Whoever entered it cannot approve it: neither signed in nor with a key, and not with a key ' +
    'they made.',
  request: { params: z.strictObject({ id: idSchema('bnk') }) },
  responses: { 200: bankTransferSchema.describe('The transfer, credited.') },
  errors: ['conflict', 'second_person_needed'],
  idempotent: false,
});

export const rejectBankTransfer = operation({
  ...shared,
  id: 'admin.bankTransfers.reject',
  method: 'POST',
  path: '/v1/admin/bank-transfers/{id}/reject',
  summary: 'Reject a bank transfer',
  description: 'Ends it without a credit; whoever entered it may. Its reference can be entered again.',
  request: { params: z.strictObject({ id: idSchema('bnk') }) },
  responses: { 200: bankTransferSchema.describe('The transfer, rejected.') },
  errors: ['conflict'],
  idempotent: false,
});
