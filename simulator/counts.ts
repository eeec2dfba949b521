// Counters of a run: cheap enough for a benchmark, where the log is off.

export interface Counts {
  readonly connections: number;
  readonly binds: number;
  readonly submits: number;
  readonly accepted: number;
  readonly refused: number;
  /** Answers that no longer found their connection. */
  readonly unanswered: number;
  /** By command_status, refusals alone. */
  readonly refusedByStatus: Readonly<Record<number, number>>;
  readonly receiptsSent: number;
  readonly receiptsAcked: number;
  /** Sent again after a temporary answer, no answer or a lost connection. */
  readonly receiptsRetried: number;
  /** Given up: answered with a permanent error, or too often. */
  readonly receiptsGivenUp: number;
  /** Planned, waiting for their time, for a bind or for the window, or in flight. */
  readonly receiptsPending: number;
  readonly inboundSent: number;
  readonly inboundAcked: number;
}

export type MutableCounts = { -readonly [K in keyof Counts]: Counts[K] } & {
  refusedByStatus: Record<number, number>;
};

export function zeroCounts(): MutableCounts {
  return {
    connections: 0,
    binds: 0,
    submits: 0,
    accepted: 0,
    refused: 0,
    unanswered: 0,
    refusedByStatus: {},
    receiptsSent: 0,
    receiptsAcked: 0,
    receiptsRetried: 0,
    receiptsGivenUp: 0,
    receiptsPending: 0,
    inboundSent: 0,
    inboundAcked: 0,
  };
}
