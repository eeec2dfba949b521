// Exchange rates on the wire: decimal text; inside, integer thousand millionths. Both directions are exact.
import * as z from 'zod';
import { currencySchema } from './money.ts';
import { says } from './sentences.ts';
import { instantSchema } from './time.ts';

const RATE = /^(?=.*[1-9])(?:0|[1-9]\d{0,5})(?:\.\d{1,9})?$/;
const UNIT = 1_000_000_000n;

const sentence = says(
  'invalid_request',
  'must be decimal text above zero with at most 6 digits before and 9 after the point.',
);

export const rateSchema = z
  .string({ error: sentence })
  .regex(RATE, { error: sentence })
  .meta({ examples: ['3.75'] });

/** The rate something was converted at, with the moment from which it held. */
export const usedRateSchema = z
  .strictObject({
    base: currencySchema,
    quote: currencySchema,
    rate: z.string().describe('Units of `quote` for one of `base`.'),
    valid_from: instantSchema,
  })
  .meta({ id: 'UsedRate', description: 'The exchange rate that was used.' });

/** A rate that has passed its schema, in thousand millionths. */
export function parseRate(text: string): bigint {
  if (!RATE.test(text)) throw new RangeError('a rate reached the books unchecked');
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole) * UNIT + BigInt(fraction.padEnd(9, '0'));
}

/** The shortest decimal text of a rate. */
export function formatRate(rate: bigint): string {
  const fraction = (rate % UNIT).toString().padStart(9, '0').replace(/0+$/, '');
  return fraction === '' ? `${rate / UNIT}` : `${rate / UNIT}.${fraction}`;
}
