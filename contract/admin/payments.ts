// Payments as finance sees them: of all workspaces, with what went wrong.
import * as z from 'zod';
import { idSchema } from '../ids.ts';
import { moneySchema, positiveMoneySchema } from '../money.ts';
import { operation } from '../operation.ts';
import { pageOf, pageQueryFields } from '../paging.ts';
import { paymentFields } from '../top-ups.ts';

export const paymentSchema = z
  .strictObject({
    ...paymentFields,
    workspace_id: idSchema('wrk'),
    paid: moneySchema.nullable().describe('What arrived, in the currency it arrived in.'),
    first_approval: moneySchema
      .nullable()
      .describe(
        'What a first person said a large payment under review is worth; a second has to say the same.',
      ),
    lost: moneySchema.describe(
      'Taken back by the provider and no longer in the balance: a claim against the customer.',
    ),
  })
  .meta({ id: 'Payment', description: 'One payment, with what only the operator needs to know.' });

export const refundPaymentSchema = z
  .strictObject({
    amount: positiveMoneySchema.optional().describe('Left out: all of it that is unspent.'),
  })
  .meta({ id: 'RefundPayment' });

export type Payment = z.output<typeof paymentSchema>;

const shared = { scope: 'admin:payments', purpose: 'billing', feature: 'top_ups' } as const;

export const listPayments = operation({
  ...shared,
  id: 'admin.payments.list',
  method: 'GET',
  path: '/v1/admin/payments',
  summary: 'List payments',
  description: 'Of all workspaces, newest first.',
  request: {
    query: z.strictObject({
      ...pageQueryFields,
      attention: z
        .enum(['true'])
        .optional()
        .describe('Only those that wait for a person (review), or where something was lost.'),
    }),
  },
  responses: { 200: pageOf('PaymentPage', paymentSchema).describe('One page of payments.') },
  errors: ['invalid_cursor'],
  idempotent: true,
});

export const refundPayment = operation({
  ...shared,
  id: 'admin.payments.refund',
  method: 'POST',
  path: '/v1/admin/payments/{id}/refund',
  summary: 'Return a payment to its source',
  description:
    'Takes unspent money out of the balance and has the provider return it the way it came. Bonus is never paid out. ' +
    'A policy that forfeits balances refuses it.',
  request: { params: z.strictObject({ id: idSchema('top') }), body: refundPaymentSchema },
  responses: { 200: paymentSchema.describe('The payment.') },
  errors: ['conflict', 'insufficient_funds'],
  idempotent: false,
  examples: { body: { amount: { amount: '5.00', currency: 'EUR' } } },
});

export const approvePayment = operation({
  ...shared,
  id: 'admin.payments.approve',
  method: 'POST',
  path: '/v1/admin/payments/{id}/approve',
  summary: 'Credit a payment under review',
  description:
    'Says what it is worth in the currency of the workspace, or leaves it to the exchange rate of the moment it came. It is ' +
    'credited once. Above the amount one person may credit alone the first is noted, and it stays under review until ' +
    'somebody else says the same.',
  request: {
    params: z.strictObject({ id: idSchema('top') }),
    body: z
      .strictObject({
        amount: positiveMoneySchema
          .optional()
          .describe(
            'In the currency of the workspace. Left out: what came in another one, at its exchange rate.',
          ),
      })
      .meta({ id: 'ApprovePayment' }),
  },
  responses: { 200: paymentSchema.describe('The payment, credited or waiting for a second person.') },
  errors: ['conflict', 'second_person_needed'],
  idempotent: false,
  examples: { body: { amount: { amount: '25.00', currency: 'EUR' } } },
});
