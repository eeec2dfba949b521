// When another plan takes effect, without a database: a better one at once, for the difference; any other at the end of
// the period. Between two of one price the monthly credit decides, so that nobody collects credit by going back and forth.

export interface Terms {
  readonly priceMicros: bigint;
  readonly creditMicros: bigint;
}

/** `now`: at once; `at_the_end`: with the next period. Pure. */
export function changeOf(from: Terms, to: Terms): 'now' | 'at_the_end' {
  if (to.priceMicros !== from.priceMicros) return to.priceMicros > from.priceMicros ? 'now' : 'at_the_end';
  return to.creditMicros >= from.creditMicros ? 'now' : 'at_the_end';
}
