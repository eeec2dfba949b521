// What a change within a period costs and gives, in whole micros and without a database. Only changes for the better take
// effect within a period, so nothing here is ever below zero and nothing is paid back.

/** How much of a period is left, in whole seconds. */
export interface Rest {
  readonly remainingSeconds: bigint;
  /** Above zero. */
  readonly totalSeconds: bigint;
}

export interface Change {
  readonly fromMicros: bigint;
  readonly toMicros: bigint;
  /** What this period has already cost, or given. */
  readonly soFarMicros: bigint;
}

const MS = 1_000;

/** What is left of a period at a moment; all of it before its beginning, none after its end. Pure. */
export function restOf({ start, end }: { readonly start: Date; readonly end: Date }, now: Date): Rest {
  const totalSeconds = secondsBetween(start, end);
  const left = secondsBetween(now, end);
  const remainingSeconds = smallerOf(left < 0n ? 0n : left, totalSeconds);
  return { remainingSeconds, totalSeconds };
}

/** The share of an amount that falls on what is left, rounded half up to a micro. Pure. */
export const shareOf = (micros: bigint, { remainingSeconds, totalSeconds }: Rest): bigint =>
  (2n * micros * remainingSeconds + totalSeconds) / (2n * totalSeconds);

/**
 * The difference between two amounts for what is left of the period, rounded half up. Together with what the period has
 * cost before it is never more than the larger amount for the whole of it, however many changes were rounded up. Pure.
 */
export function differenceOf({ fromMicros, toMicros, soFarMicros }: Change, rest: Rest): bigint {
  if (toMicros <= fromMicros) return 0n;
  const share = shareOf(toMicros - fromMicros, rest);
  const room = toMicros - soFarMicros;
  return room <= 0n ? 0n : smallerOf(share, room);
}

const secondsBetween = (from: Date, to: Date): bigint =>
  BigInt(Math.floor((to.getTime() - from.getTime()) / MS));

/** Math.min takes no bigint. */
export function smallerOf(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}

export function largerOf(a: bigint, b: bigint): bigint {
  if (a > b) return a;
  return b;
}
