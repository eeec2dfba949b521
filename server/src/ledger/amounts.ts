// Money in the ledger is bigint micros: millionths of the currency unit. Every amount that enters is checked here,
// so that no sum of a batch can leave a 64-bit integer.
import { assertInvariant } from '#platform/errors';

/** The largest single amount, in micros: a thousand million units. Prices, top-ups and limits stay far below. */
export const AMOUNT_MICROS_MAX = 1_000_000_000_000_000n;

/** The largest balance, in micros; the wallet's constraint `balance_bounds` holds the same figure. */
export const BALANCE_MICROS_MAX = 1_000_000_000_000_000_000n;

/** True for an amount a caller may give: zero to {@link AMOUNT_MICROS_MAX}. */
export const isAmount = (micros: bigint): boolean => micros >= 0n && micros <= AMOUNT_MICROS_MAX;

/** Throws on an amount outside the bounds: whatever parsed it let it through, and that is a fault of ours. */
export function assertAmount(micros: bigint): void {
  assertInvariant(isAmount(micros), `an amount of the ledger is 0 to ${AMOUNT_MICROS_MAX} micros`);
}

/** Throws on an amount that moves nothing, or is outside the bounds. */
export function assertPositive(micros: bigint): void {
  assertAmount(micros);
  assertInvariant(micros > 0n, 'a posting moves more than nothing');
}

export const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
