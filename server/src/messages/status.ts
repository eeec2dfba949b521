// A message's status, folded from the message row, its parts and what is left of it in the queue.
//
//   scheduled -> accepted -> submitting -> submitted -> delivered | partially_delivered | undeliverable | expired
//       |            |                                     | rejected | unknown
//       '-> cancelled, expired, rejected (no part at a carrier)
//
// Only parts change at carriers, and a part's state never moves back, so neither does the fold: once no part is
// open it is final. A late receipt may still decide an `unknown` part, which is what unknown means.
import type { MessageStatus } from '@sotto/contract/message';

export type PartState =
  | 'submitted'
  | 'unknown'
  | 'delivered'
  | 'undeliverable'
  | 'expired'
  | 'rejected'
  | 'cancelled';

export interface PartFacts {
  readonly status: PartState;
  readonly submittedAt: Date;
  readonly finishedAt: Date | null;
  readonly errorCode: string | null;
}

export interface MessageFacts {
  readonly segments: number;
  readonly scheduledAt: Date | null;
  readonly closedAs: 'cancelled' | 'expired' | 'rejected' | 'tested' | null;
  /** Parts still in the queue, and how many of them a sender has claimed, be it once. */
  readonly queued: number;
  readonly claimed: number;
  readonly parts: readonly PartFacts[];
  /** The database's time of the reading. */
  readonly now: Date;
}

/** How far along a part is. Receipts may only raise it. */
const RANK: Record<PartState, number> = {
  submitted: 0,
  unknown: 1,
  delivered: 2,
  undeliverable: 2,
  expired: 2,
  rejected: 2,
  cancelled: 2,
};

/** May a part in state `from` become `to`? Final states stay as they are. */
export const mayBecome = (from: PartState, to: PartState): boolean => RANK[to] > RANK[from];

/** Nothing more is expected for a part in this state. */
export const isFinalPart = (state: PartState): boolean => RANK[state] === 2;

export function foldStatus(message: MessageFacts): MessageStatus {
  const { parts } = message;
  if (message.closedAs === 'tested') return 'delivered';
  if (parts.length === 0) {
    if (message.closedAs !== null) return message.closedAs;
    if (message.claimed > 0) return 'submitting';
    return message.scheduledAt !== null && message.scheduledAt > message.now ? 'scheduled' : 'accepted';
  }
  if (message.queued > 0) return 'submitting';
  if (parts.some((part) => part.status === 'submitted')) return 'submitted';
  const delivered = parts.filter((part) => part.status === 'delivered').length;
  if (delivered === message.segments) return 'delivered';
  if (delivered > 0) return 'partially_delivered';
  if (parts.some((part) => part.status === 'unknown')) return 'unknown';
  if (parts.some((part) => part.status === 'undeliverable')) return 'undeliverable';
  if (parts.some((part) => part.status === 'expired') || message.closedAs === 'expired') return 'expired';
  if (parts.some((part) => part.status === 'rejected')) return 'rejected';
  return 'cancelled';
}
