// Prices: what a segment costs a customer and what it costs us, by destination and class.
import * as z from 'zod';
import { noContent } from '../bodies.ts';
import { idSchema } from '../ids.ts';
import { nonNegativeMoneySchema } from '../money.ts';
import { operation } from '../operation.ts';
import { pageOf, pageQueryFields } from '../paging.ts';
import { prefixSchema } from '../phone-number.ts';
import { messageClassSchema } from '../send-message.ts';
import { instantSchema } from '../time.ts';

const priceSettings = {
  prefix: prefixSchema.describe(
    'Leading digits without +; the longest that fits wins. Empty fits every number.',
  ),
  class: messageClassSchema
    .nullable()
    .describe('Only for this class; null for all. A price for the class wins.'),
  price: nonNegativeMoneySchema.describe('For one segment. Serves workspaces of this currency.'),
  cost: nonNegativeMoneySchema
    .nullable()
    .describe('What the carrier charges us for a segment, in the currency of the price; null when unknown.'),
};

export const createPriceSchema = z
  .strictObject({
    ...priceSettings,
    class: priceSettings.class.default(null),
    cost: priceSettings.cost.default(null),
  })
  .meta({ id: 'CreatePrice' });

export const updatePriceSchema = z
  .strictObject({ price: priceSettings.price, cost: priceSettings.cost })
  .partial()
  .meta({ id: 'UpdatePrice' });

export const priceSchema = z
  .strictObject({ id: idSchema('prc'), ...priceSettings, created_at: instantSchema })
  .meta({ id: 'Price', description: 'What a segment to some numbers costs.' });

export type UpdatePrice = z.output<typeof updatePriceSchema>;
export type Price = z.output<typeof priceSchema>;
export type CreatePrice = z.output<typeof createPriceSchema>;

const params = z.strictObject({ id: idSchema('prc') });
const shared = { scope: 'admin:prices', purpose: 'billing' } as const;

export const listPrices = operation({
  ...shared,
  id: 'admin.prices.list',
  feature: 'messages',
  method: 'GET',
  path: '/v1/admin/prices',
  summary: 'List prices',
  description: 'Newest first.',
  request: { query: z.strictObject(pageQueryFields) },
  responses: { 200: pageOf('PricePage', priceSchema).describe('One page of prices.') },
  errors: ['invalid_cursor'],
  idempotent: true,
});

export const createPrice = operation({
  ...shared,
  id: 'admin.prices.create',
  feature: 'messages',
  method: 'POST',
  path: '/v1/admin/prices',
  summary: 'Create a price',
  description: 'One for each prefix, class and currency. Holds for messages accepted from now on.',
  request: { body: createPriceSchema },
  responses: { 201: priceSchema.describe('The price.') },
  errors: ['conflict'],
  idempotent: false,
  examples: { body: { prefix: '49', price: { amount: '0.0075', currency: 'EUR' } } },
});

export const updatePrice = operation({
  ...shared,
  id: 'admin.prices.update',
  feature: 'messages',
  method: 'PATCH',
  path: '/v1/admin/prices/{id}',
  summary: 'Change a price',
  description: 'Messages already accepted keep theirs. The currency stays.',
  request: { params, body: updatePriceSchema },
  responses: { 200: priceSchema.describe('The price.') },
  errors: ['conflict'],
  idempotent: true,
  examples: { body: { price: { amount: '0.0080', currency: 'EUR' } } },
});

export const deletePrice = operation({
  ...shared,
  id: 'admin.prices.delete',
  feature: 'messages',
  method: 'DELETE',
  path: '/v1/admin/prices/{id}',
  summary: 'Delete a price',
  description: 'The next shorter prefix applies; where none does, messages are refused with no_price.',
  request: { params },
  responses: { 204: noContent },
  errors: [],
  idempotent: true,
});
