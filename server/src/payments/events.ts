// What payments tells others, by ids only, in the transaction that made it true.
import { declareEvent } from '#platform/outbox';

/** Money came in and is in the balance. */
export const paymentCredited = declareEvent<{ workspace_id: string; payment_id: string }>(
  'payments.credited',
);

/** A refund or dispute took money back; what the balance no longer had is a claim of the platform. */
export const paymentTakenBack = declareEvent<{ workspace_id: string; payment_id: string }>(
  'payments.taken_back',
);

/** The balance fell below what the workspace wants to be told of. */
export const lowBalance = declareEvent<{ workspace_id: string }>('payments.low_balance');

/** A refund or dispute is over and its money stays away: nothing brings it back. */
export const takebackFinal = declareEvent<{ workspace_id: string; payment_id: string }>(
  'payments.takeback_final',
);
