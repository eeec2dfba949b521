// When a cancelled subscription ends, without a database. Whoever cancels in time pays no other period; whoever does not
// pays the next one and has it whole.

/** What a cancellation is judged by. */
export interface Cancellation {
  readonly now: Date;
  readonly periodEnd: Date;
  readonly nextPeriodEnd: Date;
  /** How long before the end of a period it has to be cancelled, in milliseconds; 0: until the end. */
  readonly cutoffMs: number;
}

/** The end of this period, or of the next one. Exactly the cut-off before the end is in time. Pure. */
export function endOf({ now, periodEnd, nextPeriodEnd, cutoffMs }: Cancellation): Date {
  return periodEnd.getTime() - now.getTime() >= cutoffMs ? periodEnd : nextPeriodEnd;
}
