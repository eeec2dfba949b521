// Codes the operator gives out, each worth a bonus.
import * as z from 'zod';
import { promoCodeSchema as codeSchema } from '../bonus.ts';
import { idSchema } from '../ids.ts';
import { moneySchema, positiveMoneySchema } from '../money.ts';
import { operation } from '../operation.ts';
import { pageOf, pageQueryFields } from '../paging.ts';
import { personal } from '../personal.ts';
import { says } from '../sentences.ts';
import { instantSchema } from '../time.ts';

const whole = (max: number) => {
  const sentence = says('invalid_request', `must be a whole number from 1 to ${max}.`);
  return z.int({ error: sentence }).min(1, { error: sentence }).max(max, { error: sentence });
};

export const createPromoCodeSchema = z
  .strictObject({
    code: codeSchema.optional().describe('Left out: one is made that nobody can guess.'),
    amount: positiveMoneySchema.describe('Of the bonus. Workspaces in another currency cannot use the code.'),
    uses_max: whole(1_000_000).describe('In all.'),
    uses_per_workspace: whole(100).default(1),
    first_top_up_only: z
      .boolean()
      .default(false)
      .describe('Only for who has topped up once: after the first top-up and before the second.'),
    expires_at: instantSchema.optional().describe('Left out: never.'),
  })
  .meta({ id: 'CreatePromoCode' });

const fields = {
  id: idSchema('prm'),
  hint: z
    .string()
    .meta({ examples: ['7K'] })
    .describe('The last characters of the code.'),
  amount: moneySchema,
  uses_max: z.int(),
  uses_per_workspace: z.int(),
  first_top_up_only: z.boolean(),
  uses: z.int().describe('So far.'),
  expires_at: instantSchema.nullable(),
  ended_at: instantSchema.nullable().describe('When the operator ended it.'),
  created_at: instantSchema,
};

export const promoCodeViewSchema = z
  .strictObject(fields)
  .meta({ id: 'PromoCode', description: 'A code that gives a bonus.' });

export const createdPromoCodeSchema = z
  .strictObject({
    ...fields,
    code: personal('secret', z.string().meta({ examples: ['9T3MQ4V7Z2KD8H7K'] }))
      .nullable()
      .describe('Shown this once; null when the request is repeated.'),
  })
  .meta({ id: 'CreatedPromoCode' });

export type PromoCode = z.output<typeof promoCodeViewSchema>;
export type CreatedPromoCode = z.output<typeof createdPromoCodeSchema>;

const shared = { scope: 'admin:payments', purpose: 'billing', feature: 'top_ups' } as const;

export const listPromoCodes = operation({
  ...shared,
  id: 'admin.promoCodes.list',
  method: 'GET',
  path: '/v1/admin/promo-codes',
  summary: 'List promo codes',
  description: 'Newest first.',
  request: { query: z.strictObject(pageQueryFields) },
  responses: { 200: pageOf('PromoCodePage', promoCodeViewSchema).describe('One page of codes.') },
  errors: ['invalid_cursor'],
  idempotent: true,
});

export const createPromoCode = operation({
  ...shared,
  id: 'admin.promoCodes.create',
  method: 'POST',
  path: '/v1/admin/promo-codes',
  summary: 'Create a promo code',
  description:
    'The code itself is in the answer and kept nowhere. One code is worth no more than one person may credit alone.',
  request: { body: createPromoCodeSchema },
  responses: { 201: createdPromoCodeSchema.describe('The code.') },
  errors: ['conflict'],
  idempotent: false,
  examples: { body: { amount: { amount: '5.00', currency: 'EUR' }, uses_max: 100 } },
});

export const endPromoCode = operation({
  ...shared,
  id: 'admin.promoCodes.end',
  method: 'POST',
  path: '/v1/admin/promo-codes/{id}/end',
  summary: 'End a promo code',
  description: 'From now on nobody can use it; what it gave stays. Repeating it changes nothing.',
  request: { params: z.strictObject({ id: idSchema('prm') }) },
  responses: { 200: promoCodeViewSchema.describe('The code.') },
  errors: [],
  idempotent: true,
});
