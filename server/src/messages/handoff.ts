// Between acceptance and sending inside one process: which connectors have room right now, so that a part can be
// claimed in the very transaction that accepts it, and the texts just accepted, so that they need not be read back.
// A process without the carrier role has none of this; everything then goes through the queue.

/** What a sender needs to submit the parts of one message. Lives in memory until it is submitted. */
export interface Outbound {
  readonly messageId: string;
  readonly workspaceId: string;
  readonly to: string;
  readonly text: string;
  readonly sender: string | null;
  readonly encoding: 'gsm7' | 'ucs2';
  readonly segments: number;
  readonly pricePerPartMicros: bigint;
}

/** One claimed part with what identifies the claim. */
export interface ClaimedPart {
  readonly outbound: Outbound;
  readonly sequence: number;
  readonly lane: 0 | 1 | 2;
  /** Token and epoch of the claim: no outcome counts without them. */
  readonly token: string;
  readonly epoch: number;
  readonly connectorId: string;
  readonly attempts: number;
  readonly resent: boolean;
  readonly tried: readonly string[];
  readonly validUntil: Date;
}

export interface Handoff {
  /**
   * Asks for room to submit `parts` parts at once. On success the room is reserved and the returned token is the
   * claim; then exactly one of `deliver` and `cancel` must follow. Null: the queue decides.
   */
  reserve(connectorId: string, lane: 0 | 1 | 2, parts: number): string | null;
  /** The claim is committed: submit. */
  deliver(connectorId: string, parts: readonly ClaimedPart[]): void;
  /** The claim was not committed, or `inDoubt`: nobody knows. The room is given back; deliver nothing of it. */
  cancel(connectorId: string, token: string, parts: number, inDoubt: boolean): void;
  /** Queue rows of this connector were committed unclaimed; their texts may be kept for the claim that follows. */
  queued(connectorId: string, outbound: readonly Outbound[]): void;
}

/** For processes that do not submit. */
export const NO_HANDOFF: Handoff = {
  reserve: () => null,
  deliver: () => undefined,
  cancel: () => undefined,
  queued: () => undefined,
};
