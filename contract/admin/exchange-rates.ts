// What currencies are worth in each other, as the operator says and from when on. None is fetched from anywhere.
import * as z from 'zod';
import { idSchema } from '../ids.ts';
import { currencySchema } from '../money.ts';
import { operation } from '../operation.ts';
import { pageOf, pageQueryFields } from '../paging.ts';
import { rateSchema } from '../rate.ts';
import { instantSchema } from '../time.ts';

const rateFields = {
  base: currencySchema,
  quote: currencySchema.describe('Another one.'),
  rate: rateSchema.describe('Units of `quote` for one of `base`.'),
};

export const createExchangeRateSchema = z
  .strictObject({
    ...rateFields,
    valid_from: instantSchema.optional().describe('Left out: now. It holds until the next one of the pair.'),
  })
  .meta({ id: 'CreateExchangeRate' });

export const exchangeRateSchema = z
  .strictObject({
    id: idSchema('xrt'),
    ...rateFields,
    valid_from: instantSchema,
    created_at: instantSchema,
  })
  .meta({ id: 'ExchangeRate', description: 'Never changed: one that is wrong is followed by another.' });

export type ExchangeRate = z.output<typeof exchangeRateSchema>;

const shared = { scope: 'admin:prices', purpose: 'billing', feature: 'top_ups' } as const;

export const listExchangeRates = operation({
  ...shared,
  id: 'admin.exchangeRates.list',
  method: 'GET',
  path: '/v1/admin/exchange-rates',
  summary: 'List exchange rates',
  description: 'As they were entered, newest first.',
  request: { query: z.strictObject(pageQueryFields) },
  responses: { 200: pageOf('ExchangeRatePage', exchangeRateSchema).describe('One page of rates.') },
  errors: ['invalid_cursor'],
  idempotent: true,
});

export const createExchangeRate = operation({
  ...shared,
  id: 'admin.exchangeRates.create',
  method: 'POST',
  path: '/v1/admin/exchange-rates',
  summary: 'Enter an exchange rate',
  description:
    'Holds from a moment on, for both directions unless the other one has rates of its own. A payment under review that ' +
    'came in another currency can be approved at the rate of the moment it came.',
  request: { body: createExchangeRateSchema },
  responses: { 201: exchangeRateSchema.describe('The rate.') },
  errors: ['conflict'],
  idempotent: false,
  examples: { body: { base: 'USD', quote: 'SAR', rate: '3.75' } },
});
