// The arithmetic of one bucket (generic cell rate algorithm, ITU-T I.371): it is known by the moment it is full again.
// A token is time: what is taken moves the moment away, and waiting brings it nearer. Milliseconds here; the statement
// of bucket.sql.ts does the same in microseconds of the database's clock.

export interface Size {
  /** The time all tokens together stand for. */
  readonly capacityMs: number;
  /** The time of what is to be taken. */
  readonly costMs: number;
}

export interface Judged {
  /** When it is full again if the cost is taken. */
  readonly fullAtMs: number;
  /** How long to wait until the cost is there; 0 when it is there now. */
  readonly waitMs: number;
}

/** Judges a bucket that is full at `fullAtMs`; a moment in the past, or none, means that it is full. Pure. */
export function judge(fullAtMs: number, nowMs: number, { capacityMs, costMs }: Size): Judged {
  const next = Math.max(fullAtMs, nowMs) + costMs;
  return { fullAtMs: next, waitMs: Math.max(0, next - capacityMs - nowMs) };
}
