// A hold sets an amount aside for something that is going to cost, and resolves exactly once:
//
//   open ──► captured   the amount captured is earned, the rest returns
//        ──► released   all of it returns
//        ──► expired    all of it returns, for its time has passed
//
// What returns goes where it came from: to the bonus as far as it was taken from there, else to available. Captured
// amounts use the bonus part first. A hold of nothing (test keys, free routes) has a row and no entries.

export type HoldState = 'open' | 'captured' | 'released' | 'expired';

/** A hold to place, granted by `openPurse` or `decideHolds` under the wallet's lock. */
export interface NewHold {
  /** UUIDv7 of the caller: of the message or activation it pays for. One hold an id, for ever. */
  readonly id: string;
  readonly workspaceId: string;
  readonly amountMicros: bigint;
  /** As the decision said: how much of the amount the bonus pays. */
  readonly fromBonusMicros: bigint;
  /** When it expires by itself; a time already past expires at the next sweep. */
  readonly expiresAt: Date;
}

/** Which hold, and whose: a hold of another workspace is unknown. */
export interface HoldRef {
  readonly id: string;
  readonly workspaceId: string;
}

/** How much of a hold to capture: zero up to its amount. */
export interface HoldCapture extends HoldRef {
  readonly amountMicros: bigint;
}

/**
 * What became of one hold.
 * - `resolved`: this call did it, and posted.
 * - `already`: it had been resolved before; `state` says how, nothing was posted.
 * - `exceeds_hold`: more was to be captured than is held; it stays open, nothing was posted.
 * - `unknown`: the workspace has no such hold.
 */
export type HoldOutcome =
  | {
      readonly id: string;
      readonly outcome: 'resolved' | 'already';
      readonly state: Exclude<HoldState, 'open'>;
      readonly amountMicros: bigint;
      readonly capturedMicros: bigint;
    }
  | { readonly id: string; readonly outcome: 'exceeds_hold'; readonly amountMicros: bigint }
  | { readonly id: string; readonly outcome: 'unknown' };
