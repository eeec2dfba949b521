// What messages tells others, by ids only, in the transaction that made it true.
import { declareEvent } from '#platform/outbox';

/** Messages were accepted. */
export const messagesAccepted = declareEvent<{ message_ids: string[] }>('message.accepted');
/** Something changed for these messages: a part was submitted, a receipt came, they were cancelled or expired. */
export const messagesProgressed = declareEvent<{ message_ids: string[] }>('message.progressed');
