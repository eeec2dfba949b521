// What identity tells others, by ids only, in the transaction that made it true.
import { declareEvent } from '#platform/outbox';

/** A check was approved or rejected: `approvedKinds` says what the workspace has passed since. */
export const decided = declareEvent<{ identity_check_id: string; workspace_id: string }>('identity.decided');
