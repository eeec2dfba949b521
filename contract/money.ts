// Money on the wire is decimal text with its currency; inside it is integer micros (millionths of the unit).
// Both directions are exact: no binary fraction is ever involved.
import * as z from 'zod';
import { says } from './sentences.ts';

/** Twelve digits before the point keep every amount below 10^18 micros, inside a signed 64-bit integer. */
const AMOUNT = /^-?(?:0|[1-9]\d{0,11})(?:\.\d{1,6})?$/;
const POSITIVE = /^(?=.*[1-9])(?:0|[1-9]\d{0,11})(?:\.\d{1,6})?$/;
const NOT_NEGATIVE = /^(?:0|[1-9]\d{0,11})(?:\.\d{1,6})?$/;
const MICROS = 1_000_000n;

/** ISO 4217 alphabetic code. Whether the platform deals in it is decided by the server. */
export const currencySchema = z
  .string({ error: says('invalid_request', 'must be an ISO 4217 code in capitals, such as EUR.') })
  .regex(/^[A-Z]{3}$/, {
    error: says('invalid_request', 'must be an ISO 4217 code in capitals, such as EUR.'),
  })
  .meta({ examples: ['EUR'] });

const amount = (pattern: RegExp, sentence: string, example: string) =>
  z
    .string({ error: says('invalid_request', sentence) })
    .regex(pattern, { error: says('invalid_request', sentence) })
    .meta({ examples: [example] });

/** An amount that may be negative: entries and balances. */
export const moneySchema = z
  .strictObject({
    amount: amount(
      AMOUNT,
      'must be decimal text with at most 12 digits before and 6 after the point.',
      '0.0075',
    ),
    currency: currencySchema,
  })
  .meta({
    id: 'Money',
    description: 'An exact amount: the shortest decimal with at least two fraction digits, and its currency.',
  });

/** An amount a caller gives that must move something: top-ups. */
export const positiveMoneySchema = z
  .strictObject({
    amount: amount(POSITIVE, 'must be decimal text above zero with at most 6 fraction digits.', '25.00'),
    currency: currencySchema,
  })
  .meta({ id: 'PositiveMoney', description: 'An exact amount above zero.' });

/** An amount a caller gives that may be zero: prices, costs, credit limits. */
export const nonNegativeMoneySchema = z
  .strictObject({
    amount: amount(
      NOT_NEGATIVE,
      'must be decimal text, zero or more, with at most 6 fraction digits.',
      '0.0075',
    ),
    currency: currencySchema,
  })
  .meta({ id: 'NonNegativeMoney', description: 'An exact amount, zero or more.' });

export type Money = z.output<typeof moneySchema>;

/** Micros as the shortest decimal text with at least two fraction digits: 7500n is "0.0075", 5000000n is "5.00". */
export function formatMicros(micros: bigint): string {
  const sign = micros < 0n ? '-' : '';
  const size = micros < 0n ? -micros : micros;
  const fraction = (size % MICROS)
    .toString()
    .padStart(6, '0')
    .replace(/0{1,4}$/, '');
  return `${sign}${size / MICROS}.${fraction}`;
}

/**
 * Decimal text as micros, exactly, or null when it is not such text (sign, exponent, grouping, a seventh fraction
 * digit, a leading zero, more than 12 digits before the point). "-0" is 0n.
 */
export function parseMicros(text: string): bigint | null {
  if (!AMOUNT.test(text)) return null;
  const negative = text.startsWith('-');
  const [whole = '0', fraction = ''] = (negative ? text.slice(1) : text).split('.');
  const size = BigInt(whole) * MICROS + BigInt(fraction.padEnd(6, '0'));
  return negative ? -size : size;
}

/** A wire amount that has passed its schema, as micros. Throws RangeError otherwise, for that is a fault of ours. */
export function microsOf(money: Money): bigint {
  const micros = parseMicros(money.amount);
  if (micros === null) throw new RangeError('an amount reached the books unchecked');
  return micros;
}

/** Micros as they travel. */
export const moneyOf = (micros: bigint, currency: string): Money => ({
  amount: formatMicros(micros),
  currency,
});
