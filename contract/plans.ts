// Plans by the month, and the subscription of a workspace to one. Paid from the balance; subscriptions that a store of apps
// sells allow the same and are managed in the store.
import * as z from 'zod';
import { idSchema } from './ids.ts';
import { moneySchema } from './money.ts';
import { operation } from './operation.ts';
import { says } from './sentences.ts';
import { instantSchema } from './time.ts';

/** Plans that are offered at once. */
export const plansOfferedMax = 100;

/** What a plan can allow at most; null says nothing of it. */
export const planMembersMax = 1_000;
export const planKeysMax = 10_000;

const upTo = (max: number) => {
  const sentence = says('invalid_request', `must be a whole number from 1 to ${max}, or null.`);
  return z.int({ error: sentence }).min(1, { error: sentence }).max(max, { error: sentence }).nullable();
};

/** What plans allow. Each is enforced where the thing is made. */
export const allowanceFields = {
  members_max: upTo(planMembersMax).describe('Members of the workspace.'),
  keys_max: upTo(planKeysMax).describe('API keys of the workspace that work.'),
};

export const planFields = {
  id: idSchema('pln'),
  key: z
    .string()
    .meta({ examples: ['pro'] })
    .describe('The same for all versions of a plan.'),
  version: z.int().describe('A plan never changes: another version follows it.'),
  name: z.string().meta({ examples: ['Pro'] }),
  price: moneySchema.describe('A month, from what was paid in: bonus does not pay for plans.'),
  credit: moneySchema.describe('Bonus a month.'),
  ...allowanceFields,
  store_products: z
    .array(z.string())
    .describe('Subscriptions to these products of the app stores allow the same, and are paid there.'),
};

export const planSchema = z
  .strictObject(planFields)
  .meta({ id: 'Plan', description: 'What the operator offers by the month.' });
export type Plan = z.output<typeof planSchema>;

export const subscriptionStates = ['active', 'grace', 'ended'] as const;

export const subscriptionSchema = z
  .strictObject({
    id: idSchema('sub'),
    plan: planSchema,
    state: z
      .enum(subscriptionStates)
      .describe(
        'active; grace: the balance did not reach for the period that runs, and it is tried again each day until ' +
          '`grace_until`; ended.',
      ),
    period_start: instantSchema.describe('Of the last period that is paid for.'),
    period_end: instantSchema.describe(
      'Periods are calendar months from the beginning: after 31 January comes the last day of February, then 31 March.',
    ),
    next_plan: planSchema.nullable().describe('What it becomes with the next period; null: it stays.'),
    cancelled_at: instantSchema.nullable(),
    ends_at: instantSchema.nullable().describe('When it ends, once cancelled; null: it renews.'),
    grace_until: instantSchema.nullable(),
    created_at: instantSchema,
    ended_at: instantSchema.nullable(),
  })
  .meta({ id: 'Subscription', description: 'That a workspace has a plan, paid from its balance.' });
export type Subscription = z.output<typeof subscriptionSchema>;

export const subscriptionOverviewSchema = z
  .strictObject({
    subscription: subscriptionSchema.nullable().describe('The one that runs; null: none does.'),
    from_stores: z
      .array(
        z
          .strictObject({
            store: z.enum(['app_store', 'play_store']),
            product_id: z.string(),
            plan: planSchema.nullable().describe('What it allows here; null: no plan names the product.'),
            state: z
              .enum(['active', 'grace', 'cancelled'])
              .describe('As the store last said. cancelled: it runs until it expires, and renews no more.'),
            expires_at: instantSchema,
            manage_url: z.url().describe('The settings of the store, where it is managed and cancelled.'),
          })
          .meta({
            id: 'StoreSubscription',
            description: 'A subscription that a store of apps sold, while it runs.',
          }),
      )
      .describe('Managed and cancelled in the settings of the store.'),
    allowed: z.strictObject(allowanceFields).meta({
      id: 'Allowances',
      description: 'What a workspace may have. Null: no more than the platform takes.',
    }),
    cancel_seconds_before: z
      .int()
      .describe(
        'A subscription that is cancelled at least so long before the end of a period renews no more.',
      ),
  })
  .meta({ id: 'SubscriptionOverview' });
export type SubscriptionOverview = z.output<typeof subscriptionOverviewSchema>;

const choice = { plan_id: idSchema('pln') };

const shared = { purpose: 'billing', feature: 'subscriptions' } as const;

export const listPlans = operation({
  ...shared,
  id: 'plans.list',
  method: 'GET',
  path: '/v1/plans',
  scope: 'payments:read',
  summary: 'List plans',
  description: `Those offered in the currency of the workspace, the cheapest first; there are ${plansOfferedMax} at most.`,
  request: {},
  responses: {
    200: z
      .strictObject({ data: z.array(planSchema) })
      .meta({ id: 'Plans' })
      .describe('The plans.'),
  },
  errors: [],
  idempotent: true,
});

export const getSubscription = operation({
  ...shared,
  id: 'subscription.get',
  method: 'GET',
  path: '/v1/subscription',
  scope: 'payments:read',
  summary: 'Read the subscription',
  description: 'The plan of the workspace, and what it may have by it.',
  request: {},
  responses: { 200: subscriptionOverviewSchema.describe('The subscription.') },
  errors: [],
  idempotent: true,
});

export const subscribe = operation({
  ...shared,
  id: 'subscription.create',
  method: 'POST',
  path: '/v1/subscription',
  scope: 'payments:write',
  summary: 'Subscribe to a plan',
  description:
    'Charges the first month from the balance and gives its credit, at once. A workspace has one subscription. It renews ' +
    'each month until it is cancelled.',
  request: { body: z.strictObject(choice).meta({ id: 'Subscribe' }) },
  responses: { 201: subscriptionSchema.describe('The subscription, paid for its first month.') },
  errors: ['test_key_refused', 'conflict', 'insufficient_funds', 'not_found'],
  idempotent: false,
  examples: { body: { plan_id: 'pln_01jd3rh8e7fv2r0kqvw4m9xt5c' } },
});

export const changeSubscription = operation({
  ...shared,
  id: 'subscription.change',
  method: 'POST',
  path: '/v1/subscription/change',
  scope: 'payments:write',
  summary: 'Change the plan',
  description:
    'A dearer plan takes effect at once and costs the difference for what is left of the period; its credit grows alike. ' +
    'Any other waits for the next period, and until then is withdrawn by naming the plan that runs.',
  request: { body: z.strictObject(choice).meta({ id: 'ChangeSubscription' }) },
  responses: { 200: subscriptionSchema.describe('The subscription, changed.') },
  errors: ['test_key_refused', 'conflict', 'insufficient_funds', 'not_found'],
  idempotent: true,
  examples: { body: { plan_id: 'pln_01jd3rh8e7fv2r0kqvw4m9xt5c' } },
});

export const cancelSubscription = operation({
  ...shared,
  id: 'subscription.cancel',
  method: 'POST',
  path: '/v1/subscription/cancel',
  scope: 'payments:write',
  summary: 'Cancel the subscription',
  description:
    'It ends with the period that is paid for, where that end is `cancel_seconds_before` away or more. Later than that the ' +
    'next period is charged and is the last. One in grace ends at once. Repeating it changes nothing.',
  request: {},
  responses: { 200: subscriptionSchema.describe('The subscription, with its end.') },
  errors: ['test_key_refused', 'not_found'],
  idempotent: true,
});

export const resumeSubscription = operation({
  ...shared,
  id: 'subscription.resume',
  method: 'POST',
  path: '/v1/subscription/resume',
  scope: 'payments:write',
  summary: 'Resume the subscription',
  description:
    'Takes a cancellation back as long as the subscription runs. In grace it is tried to pay at once, without waiting for ' +
    'the next day.',
  request: {},
  responses: { 200: subscriptionSchema.describe('The subscription, which renews.') },
  errors: ['test_key_refused', 'insufficient_funds', 'not_found'],
  idempotent: true,
});
