// What accounts tells others, by ids only, in the transaction that made it true.
import { declareEvent } from '#platform/outbox';

/** A workspace nobody uses ends after this distance (ISO 8601): its people should hear of it. */
export const inactivityNotice = declareEvent<{ workspace_id: string; distance: string }>(
  'accounts.inactivity_notice',
);
