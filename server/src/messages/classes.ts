// Message classes and the order they are submitted in.
import type { MessageClass } from '@sotto/contract/send-message';

export type { MessageClass };

/** Queue lanes: one-time codes before everything, marketing after everything. */
export const LANES: Record<MessageClass, 0 | 1 | 2> = { otp: 0, transactional: 1, marketing: 2 };
export const CLASS_OF_LANE: readonly MessageClass[] = ['otp', 'transactional', 'marketing'];

/** How long carriers may try when the caller does not say, in seconds: a code is worthless soon, the rest is not. */
export const VALIDITY_SECONDS: Record<MessageClass, number> = {
  otp: 600,
  transactional: 259_200,
  marketing: 86_400,
};

/** May a part whose outcome is unknown be sent a second time? Never where a double would mislead or annoy. */
export const RESEND_WHEN_UNKNOWN: Record<MessageClass, boolean> = {
  otp: false,
  transactional: true,
  marketing: false,
};

/** Unknown outcomes are given up, and their holds settled, this long after the message's validity ended. */
export const UNKNOWN_HOLD_MS = 72 * 3_600_000;

/**
 * How long after its validity a message's hold lasts. Longer than the wait for unknown outcomes, whose end captures
 * what was taken: were both to end at once, the ledger could expire a hold of which parts are due.
 */
export const HOLD_LASTS_MS = UNKNOWN_HOLD_MS + 24 * 3_600_000;
