// What support tells others, by ids only, in the transaction that made it true.
import { declareEvent } from '#platform/outbox';

/** Staff answered: whoever asked should hear of it. `workspace_id` is null for a case that came by mail. */
export const replied = declareEvent<{ ticket_id: string; message_id: string; workspace_id: string | null }>(
  'support.replied',
);

/** A first answer was not given in the time promised. */
export const firstReplyMissed = declareEvent<{ ticket_id: string }>('support.first_reply_missed');
