// Automatic top-ups: a card that the payment provider stores is charged when the balance falls, up to a cap a month. What
// stays here are the provider's references; number, brand and expiry of the card are never heard of.
import * as z from 'zod';
import { noContent } from './bodies.ts';
import { idSchema } from './ids.ts';
import { moneySchema, positiveMoneySchema } from './money.ts';
import { operation } from './operation.ts';
import { instantSchema } from './time.ts';
import { returnUrlSchema } from './top-ups.ts';

export const autoTopUpStatuses = ['off', 'setting_up', 'on', 'needs_you', 'declined'] as const;

/** Why it stopped by itself. */
export const autoTopUpStops = ['needs_you', 'declined', 'refunded', 'disputed'] as const;

/** What it waits for while nothing is charged. */
export const autoTopUpWaits = ['card', 'you', 'balance', 'payment', 'month', 'pause'] as const;

const lastTrySchema = z.strictObject({
  top_up_id: idSchema('top'),
  at: instantSchema,
  outcome: z
    .enum(['under_way', 'paid', 'declined', 'needs_you', 'not_made', 'review'])
    .describe(
      'declined: the bank said no; needs_you: the bank wants to see who pays; not_made: nothing was asked of the bank; ' +
        'review: money came, and a person looks at it.',
    ),
});

export const autoTopUpSchema = z
  .strictObject({
    status: z
      .enum(autoTopUpStatuses)
      .describe(
        'setting_up: a card has to be stored; needs_you: the bank wants somebody to be there, so top up by hand; ' +
          'declined: the bank refused three times. Setting it again begins anew.',
      ),
    stopped_by: z.enum(autoTopUpStops).nullable().describe('Where it stopped by itself: why.'),
    threshold: moneySchema
      .nullable()
      .describe('Bonus and available together below this are topped up; null where nothing is set.'),
    amount: moneySchema.nullable().describe('What one top-up asks for.'),
    monthly_cap: moneySchema
      .nullable()
      .describe('What the top-ups of a calendar month (UTC) come to at most.'),
    spent_this_month: moneySchema.describe('What they have come to, with what is under way.'),
    waits_for: z
      .enum(autoTopUpWaits)
      .nullable()
      .describe(
        'Why nothing is charged now. card: one has to be stored; you: it stopped; balance: there is enough; payment: ' +
          'one is under way; month: another would pass the cap; pause: the last try was a moment ago. Null: the next ' +
          'look will charge, or it is off.',
      ),
    next_try_at: instantSchema
      .nullable()
      .describe('Not before; null where it waits for something else than a pause.'),
    last_try: lastTrySchema.nullable(),
  })
  .meta({ id: 'AutoTopUp', description: 'How the balance tops itself up, and why it does not.' });

export type AutoTopUp = z.output<typeof autoTopUpSchema>;

export const setAutoTopUpSchema = z
  .strictObject({
    threshold: positiveMoneySchema.describe('In the currency of the workspace, as all three.'),
    amount: positiveMoneySchema.describe('At least 1.00, and not above `monthly_cap`.'),
    monthly_cap: positiveMoneySchema,
  })
  .meta({ id: 'SetAutoTopUp' });

export const storeCardSchema = z
  .strictObject({ return_url: returnUrlSchema.optional() })
  .meta({ id: 'StoreCard' });

const storeCardAnswerSchema = z
  .strictObject({
    setup_url: z.string().describe('The page of the provider, for a day. Another one asked for ends it.'),
  })
  .meta({ id: 'CardPage' });

const shared = { purpose: 'billing', feature: 'auto_top_ups', path: '/v1/wallet/auto-top-up' } as const;

export const getAutoTopUp = operation({
  ...shared,
  id: 'autoTopUp.get',
  method: 'GET',
  scope: 'payments:read',
  summary: 'Read the automatic top-up',
  description: 'Its terms, what was tried last, and why nothing is charged now.',
  request: {},
  responses: { 200: autoTopUpSchema.describe('How it stands.') },
  errors: [],
  idempotent: true,
});

export const setAutoTopUp = operation({
  ...shared,
  id: 'autoTopUp.set',
  method: 'PUT',
  scope: 'payments:automate',
  summary: 'Set the automatic top-up',
  description:
    'Consents to charges of `amount` whenever the balance is below `threshold`, up to `monthly_cap` in a calendar month. ' +
    'Nothing is charged before a card is stored. What stopped begins anew. Wants a sign-in of ten minutes; no key may.',
  request: { body: setAutoTopUpSchema },
  responses: { 200: autoTopUpSchema.describe('How it stands now.') },
  errors: [],
  idempotent: true,
  examples: {
    body: {
      threshold: { amount: '10.00', currency: 'EUR' },
      amount: { amount: '50.00', currency: 'EUR' },
      monthly_cap: { amount: '200.00', currency: 'EUR' },
    },
  },
});

export const storeCard = operation({
  ...shared,
  id: 'autoTopUp.storeCard',
  method: 'POST',
  path: '/v1/wallet/auto-top-up/card',
  scope: 'payments:automate',
  summary: 'Store a card for the automatic top-up',
  description:
    'Answers a page of the payment provider, which stores the card there. Once that is done the top-up is on, and a card ' +
    'stored before is removed there. Wants a sign-in of ten minutes; no key may.',
  request: { body: storeCardSchema },
  responses: { 201: storeCardAnswerSchema.describe('Where the card is entered.') },
  errors: ['conflict'],
  idempotent: false,
  examples: { body: {} },
});

export const endAutoTopUp = operation({
  ...shared,
  id: 'autoTopUp.end',
  method: 'DELETE',
  scope: 'payments:write',
  summary: 'End the automatic top-up',
  description:
    'Nothing more is begun. The provider is asked to remove the card until it has; then its references go here too. What ' +
    'is under way ends by itself.',
  request: {},
  responses: { 204: noContent },
  errors: ['test_key_refused'],
  idempotent: true,
});
