// The periods of a subscription: calendar months in UTC from the moment it began, without a database. Each is counted from
// that beginning and never from the one before, so that the 31st comes back after a short month.

export interface Period {
  /** 0 for the first. */
  readonly index: number;
  readonly start: Date;
  /** The beginning of the next one. */
  readonly end: Date;
}

/** The period with this index. Pure. */
export const periodAt = (anchor: Date, index: number): Period => ({
  index,
  start: monthsAfter(anchor, index),
  end: monthsAfter(anchor, index + 1),
});

/** The period a moment lies in; the first one for a moment before the beginning. Pure. */
export function periodOf(anchor: Date, at: Date): Period {
  const { years, months } = inUtc(anchor).until(inUtc(at), { largestUnit: 'years', smallestUnit: 'months' });
  // What a short month does to a day is judged by `periodAt` alone: this is a guess that is at most one off.
  let index = Math.max(0, years * 12 + months);
  while (index > 0 && periodAt(anchor, index).start > at) index -= 1;
  while (periodAt(anchor, index).end <= at) index += 1;
  return periodAt(anchor, index);
}

const monthsAfter = (anchor: Date, months: number): Date =>
  new Date(inUtc(anchor).add({ months }, { overflow: 'constrain' }).epochMilliseconds);

const inUtc = (at: Date) => at.toTemporalInstant().toZonedDateTimeISO('UTC');
