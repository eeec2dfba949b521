// Which tax is due, and how much of what was paid it is. Pure; amounts in micros. Prices include the tax: what was paid is
// the total, the tax is its share, rounded half up to the smallest unit of the currency, and the rest is the taxable amount.

/** What a country asks, from a day on until a later rule of it. Rates in millionths: 150000 is 15 per cent. */
export interface TaxRule {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly rate: number;
  /** `2020-07-01`, in UTC. */
  readonly from: string;
  /** A buyer there who has a tax id owes the tax to their own country, unless the seller is of the same one. */
  readonly reverseCharge: boolean;
}

export interface Taxation {
  readonly rate: number;
  readonly reverseCharge: boolean;
}

const MILLION = 1_000_000n;

/** The decimals of a currency by ISO 4217: two for most, none or three for some. */
export function minorDigits(currency: string): number {
  return (
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  );
}

/**
 * The tax of one supply: the youngest rule, at a day, of the country the buyer is in, or of the seller's where nobody
 * said. A country without a rule asks nothing.
 */
export function taxationOf(
  rules: readonly TaxRule[],
  seller: { readonly country: string },
  buyer: { readonly country: string; readonly taxId: string | null } | null,
  day: string,
): Taxation {
  const country = buyer?.country ?? seller.country;
  const rule = rules
    .filter((each) => each.country === country && each.from <= day)
    .reduce<TaxRule | null>((last, each) => (last === null || each.from > last.from ? each : last), null);
  if (rule === null) return { rate: 0, reverseCharge: false };
  const reverseCharge = rule.reverseCharge && buyer?.taxId != null && country !== seller.country;
  return { rate: reverseCharge ? 0 : rule.rate, reverseCharge };
}

/** The tax in a total that includes it, in whole smallest units. */
export function taxWithin(totalMicros: bigint, rate: number, currency: string): bigint {
  const divisor = MILLION + BigInt(rate);
  return roundedHalfUp(totalMicros * BigInt(rate), divisor, currency);
}

/**
 * The tax of what is returned now, when `before` of the total was returned earlier: whatever the parts, the tax of all of
 * them is the tax of the invoice once all is returned.
 */
export function taxReturned(
  invoice: { readonly total: bigint; readonly tax: bigint; readonly currency: string },
  before: { readonly total: bigint; readonly tax: bigint },
  nowMicros: bigint,
): bigint {
  const together = before.total + nowMicros;
  const tax = roundedHalfUp(invoice.tax * together, invoice.total, invoice.currency) - before.tax;
  if (tax < 0n) return 0n;
  // Of less than a smallest unit the tax is no more than it; money moves in whole ones.
  return tax < nowMicros ? tax : nowMicros;
}

/** A quotient of micros, rounded half up to the smallest unit; not negative. */
function roundedHalfUp(numerator: bigint, divisor: bigint, currency: string): bigint {
  const unit = 10n ** BigInt(6 - minorDigits(currency));
  const whole = divisor * unit;
  return ((2n * numerator + whole) / (2n * whole)) * unit;
}

/** A rate as people write it: 150000 is `15`, 81000 is `8.1`. */
export const percentOf = (rate: number): string => String(rate / 10_000);
