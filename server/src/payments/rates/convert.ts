// Conversion at a dated rate. Pure: the rate is given, so that what was used can be recorded with what it was used for.
import { minorDigits } from '../invoices/tax.ts';
import type { Amount } from '../port.ts';

export interface DatedRate {
  readonly base: string;
  readonly quote: string;
  /** Units of `quote` for one of `base`, in thousand millionths. */
  readonly rate: bigint;
  readonly validFrom: Date;
}

const UNIT = 1_000_000_000n;

/**
 * An amount in the other currency of a rate, rounded half up to the smallest unit of that currency. Throws RangeError when
 * the rate is not of these two.
 */
export function convert({ micros, currency }: Amount, to: string, { base, quote, rate }: DatedRate): Amount {
  if (currency === base && to === quote) return { micros: rounded(micros * rate, UNIT, to), currency: to };
  if (currency === quote && to === base) return { micros: rounded(micros * UNIT, rate, to), currency: to };
  throw new RangeError(`a rate of ${base} and ${quote} says nothing of ${currency} and ${to}`);
}

/** A quotient of micros that is not negative, half up to the smallest unit. */
function rounded(numerator: bigint, divisor: bigint, currency: string): bigint {
  const unit = 10n ** BigInt(6 - minorDigits(currency));
  const whole = divisor * unit;
  return ((2n * numerator + whole) / (2n * whole)) * unit;
}
