// Stripe counts in the smallest unit of a currency (docs.stripe.com/currencies): most have two decimals, some none, and
// of three it takes the first two alone.
const NO_DECIMALS: ReadonlySet<string> = new Set(
  'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '),
);
const THREE_DECIMALS: ReadonlySet<string> = new Set('BHD JOD KWD OMR TND'.split(' '));

/** Micros of one minor unit. */
const unitMicros = (currency: string): bigint =>
  NO_DECIMALS.has(currency) ? 1_000_000n : THREE_DECIMALS.has(currency) ? 1_000n : 10_000n;

/** Micros of the smallest step a payment may have. */
const stepMicros = (currency: string): bigint =>
  THREE_DECIMALS.has(currency) ? 10_000n : unitMicros(currency);

export const microsOfMinor = (minor: number, currency: string): bigint =>
  BigInt(minor) * unitMicros(currency);

/** The most that can be written in minor units. */
export const roundDown = (micros: bigint, currency: string): bigint =>
  micros - (micros % stepMicros(currency));

/** Minor units of an amount that was rounded down. */
export const minorOf = (micros: bigint, currency: string): bigint => micros / unitMicros(currency);
