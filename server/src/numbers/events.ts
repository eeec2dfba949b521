// What numbers tells the contexts above it. Ids only.
import { declareEvent } from '#platform/outbox';

/** A text is stored, whole or given up on, and can be read by its workspace. */
export const INBOUND_RECEIVED = declareEvent<{
  readonly inbound_id: string;
  readonly workspace_id: string;
}>('inbound.received');
