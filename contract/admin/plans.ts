// Plans as the operator makes and retires them.
import * as z from 'zod';
import { idSchema } from '../ids.ts';
import { nonNegativeMoneySchema } from '../money.ts';
import { operation } from '../operation.ts';
import { pageOf, pageQueryFields } from '../paging.ts';
import { allowanceFields, planFields } from '../plans.ts';
import { says } from '../sentences.ts';
import { instantSchema } from '../time.ts';

export const planStoreProductsMax = 20;

const keySentence = says('invalid_request', 'must be 1 to 40 lower case letters, digits and underscores.');
const nameSentence = says('invalid_request', 'must be 1 to 80 characters on one line.');
const productSentence = says('invalid_request', 'must be an id of 1 to 180 visible ASCII characters.');

export const createPlanSchema = z
  .strictObject({
    key: z
      .string({ error: keySentence })
      .regex(/^[a-z][a-z0-9_]{0,39}$/, { error: keySentence })
      .meta({ examples: ['pro'] })
      .describe('One that is there already: this is its next version, and the one before is retired.'),
    name: z
      .string({ error: nameSentence })
      .regex(/^(?=.*\S)[^\p{Cc}\p{Cs}\u2028\u2029]{1,80}$/u, { error: nameSentence })
      .meta({ examples: ['Pro'] }),
    price: nonNegativeMoneySchema.describe('A month.'),
    credit: nonNegativeMoneySchema
      .optional()
      .describe('Bonus a month, in the same currency; no more than one person may credit alone.'),
    members_max: allowanceFields.members_max.default(null),
    keys_max: allowanceFields.keys_max.default(null),
    store_products: z
      .array(z.string({ error: productSentence }).regex(/^[\x21-\x7e]{1,180}$/, { error: productSentence }))
      .max(planStoreProductsMax)
      .default([])
      .describe('Products of the app stores whose subscriptions allow the same.'),
  })
  .meta({ id: 'CreatePlan' });

export const operatorPlanSchema = z
  .strictObject({
    ...planFields,
    retired_at: instantSchema
      .nullable()
      .describe('From then on nobody subscribes to it; who has it keeps it.'),
    created_at: instantSchema,
  })
  .meta({ id: 'OperatorPlan', description: 'A version of a plan. Never changed.' });
export type OperatorPlan = z.output<typeof operatorPlanSchema>;

const shared = { scope: 'admin:prices', purpose: 'billing', feature: 'subscriptions' } as const;

export const listAllPlans = operation({
  ...shared,
  id: 'admin.plans.list',
  method: 'GET',
  path: '/v1/admin/plans',
  summary: 'List all plans',
  description: 'Every version, newest first.',
  request: { query: z.strictObject(pageQueryFields) },
  responses: { 200: pageOf('OperatorPlanPage', operatorPlanSchema).describe('One page of plans.') },
  errors: ['invalid_cursor'],
  idempotent: true,
});

export const createPlan = operation({
  ...shared,
  id: 'admin.plans.create',
  method: 'POST',
  path: '/v1/admin/plans',
  summary: 'Create a plan, or its next version',
  description: 'Who has an earlier version keeps it, with its price.',
  request: { body: createPlanSchema },
  responses: { 201: operatorPlanSchema.describe('The plan.') },
  errors: ['conflict'],
  idempotent: false,
  examples: {
    body: { key: 'pro', name: 'Pro', price: { amount: '20.00', currency: 'EUR' }, members_max: 20 },
  },
});

export const retirePlan = operation({
  ...shared,
  id: 'admin.plans.retire',
  method: 'POST',
  path: '/v1/admin/plans/{id}/retire',
  summary: 'Retire a plan',
  description: 'Nobody subscribes to it any more; who has it keeps it. Repeating it changes nothing.',
  request: { params: z.strictObject({ id: idSchema('pln') }) },
  responses: { 200: operatorPlanSchema.describe('The plan.') },
  errors: [],
  idempotent: true,
});
