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

/** A workspace subscribed, or changed, cancelled or resumed its subscription. */
export const subscriptionChanged = declareEvent<{ workspace_id: string; subscription_id: string }>(
  'payments.subscription_changed',
);

/** Another period is paid for. */
export const subscriptionRenewed = declareEvent<{ workspace_id: string; subscription_id: string }>(
  'payments.subscription_renewed',
);

/** The balance did not reach for the next period: days of grace begin. */
export const subscriptionUnpaid = declareEvent<{ workspace_id: string; subscription_id: string }>(
  'payments.subscription_unpaid',
);

/** It is over: cancelled, not paid, or its workspace has ended. */
export const subscriptionEnded = declareEvent<{ workspace_id: string; subscription_id: string }>(
  'payments.subscription_ended',
);

/** An automatic top-up stopped by itself: it needs somebody, was declined, or money of it went back. */
export const autoTopUpStopped = declareEvent<{ workspace_id: string }>('payments.auto_top_up_stopped');
