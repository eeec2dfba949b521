// Top-ups: money a workspace pays in through a payment provider. Card and wallet data go to the provider's own page; what
// comes back is that an amount was paid.
import * as z from 'zod';
import { idSchema } from './ids.ts';
import { moneySchema, positiveMoneySchema } from './money.ts';
import { operation } from './operation.ts';
import { pageOf, pageQueryFields } from './paging.ts';
import { usedRateSchema } from './rate.ts';
import { says } from './sentences.ts';
import { instantSchema } from './time.ts';

/** Who takes money that a workspace asked to pay. */
export const topUpProviders = ['stripe', 'btcpay'] as const;

/** Who can have taken money: the above, the stores of the apps, and the operator's bank. */
export const paymentProviders = [...topUpProviders, 'app_store', 'play_store', 'bank'] as const;

export const paymentStatuses = ['open', 'pending', 'expired', 'failed', 'review', 'paid'] as const;

export const returnUrlLengthMax = 500;

const returnUrlSentence = says(
  'invalid_request',
  `must be an https address of at most ${returnUrlLengthMax} characters.`,
);

const statusSchema = z
  .enum(paymentStatuses)
  .describe(
    'open: not paid yet; pending: paid, and the provider waits for the money; expired, failed: nothing was taken; ' +
      'review: something arrived that a person has to look at; paid: credited.',
  );

export const returnUrlSchema = z
  .string({ error: returnUrlSentence })
  .max(returnUrlLengthMax, { error: returnUrlSentence })
  .regex(/^https:\/\/[^\s/?#@]+(?:[/?#]\S*)?$/, { error: returnUrlSentence })
  .meta({ examples: ['https://shop.example.com/thanks'] })
  .describe('Where the payer goes afterwards. It is handed to the provider and not kept.');

export const createTopUpSchema = z
  .strictObject({
    amount: positiveMoneySchema.describe('In the currency of the workspace.'),
    provider: z
      .enum(topUpProviders)
      .optional()
      .describe('Left out: the first that this installation offers.'),
    return_url: returnUrlSchema.optional(),
  })
  .meta({ id: 'CreateTopUp' });

/** What top-ups and payments have in common. */
export const paymentFields = {
  id: idSchema('top'),
  status: statusSchema,
  provider: z.enum(paymentProviders),
  amount: moneySchema
    .nullable()
    .describe('What was asked for; null for a purchase in a store and a bank transfer.'),
  credited: moneySchema.describe('What was added to the balance.'),
  rate: usedRateSchema.nullable().describe('Where it came in another currency and was credited at a rate.'),
  taken_back: moneySchema.describe('Of that, refunded or taken back by a dispute.'),
  created_at: instantSchema,
  paid_at: instantSchema.nullable(),
};

export const topUpSchema = z
  .strictObject({
    ...paymentFields,
    checkout_url: z
      .string()
      .nullable()
      .describe('The page of the provider where it is paid; null once nothing can be paid there.'),
  })
  .meta({
    id: 'TopUp',
    description: 'One payment into the balance. It is credited once, when the money is there.',
  });

export type TopUp = z.output<typeof topUpSchema>;
export type CreateTopUp = z.output<typeof createTopUpSchema>;

export const createTopUp = operation({
  id: 'topUps.create',
  method: 'POST',
  path: '/v1/wallet/top-ups',
  scope: 'payments:write',
  feature: 'top_ups',
  summary: 'Top the balance up',
  description:
    'Begins a payment and answers the page of the provider where it is paid. The balance grows when the provider says ' +
    'that the money is there, not before.',
  purpose: 'billing',
  request: { body: createTopUpSchema },
  responses: { 201: topUpSchema.describe('The payment, to be paid at `checkout_url`.') },
  errors: ['test_key_refused', 'conflict'],
  idempotent: false,
  examples: { body: { amount: { amount: '25.00', currency: 'EUR' } } },
});

export const listTopUps = operation({
  id: 'topUps.list',
  method: 'GET',
  path: '/v1/wallet/top-ups',
  scope: 'payments:read',
  feature: 'top_ups',
  summary: 'List top-ups',
  description: 'Those of the workspace, newest first; purchases in stores are among them.',
  purpose: 'billing',
  request: { query: z.strictObject(pageQueryFields) },
  responses: { 200: pageOf('TopUpPage', topUpSchema).describe('One page of top-ups.') },
  errors: ['invalid_cursor'],
  idempotent: true,
});

export const getTopUp = operation({
  id: 'topUps.get',
  method: 'GET',
  path: '/v1/wallet/top-ups/{id}',
  scope: 'payments:read',
  feature: 'top_ups',
  summary: 'Read a top-up',
  description: 'How far it is.',
  purpose: 'billing',
  request: { params: z.strictObject({ id: idSchema('top') }) },
  responses: { 200: topUpSchema.describe('The top-up.') },
  errors: [],
  idempotent: true,
});
