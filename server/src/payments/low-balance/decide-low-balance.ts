// When a balance is low, without a database:
//
//   armed ──below the threshold──► told ──a tenth above the threshold──► armed
//
// Between the two nothing happens, so that a balance that swings about the threshold is told of once.

export interface Watched {
  readonly armed: boolean;
  readonly thresholdMicros: bigint;
  /** What is left without credit: bonus and available. */
  readonly leftMicros: bigint;
}

export function stepOf({ armed, thresholdMicros, leftMicros }: Watched): 'tell' | 'arm' | 'stay' {
  if (armed) return leftMicros < thresholdMicros ? 'tell' : 'stay';
  return leftMicros >= thresholdMicros + tenthOf(thresholdMicros) ? 'arm' : 'stay';
}

/** Rounded up: at least one. */
const tenthOf = (micros: bigint): bigint => (micros + 9n) / 10n;
