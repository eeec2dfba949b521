// What messages registers with retention, in the order it depends on each other: what waits in the queue keeps its
// message.
import { contentExpiry, messageKeyDays, parkedDestinationExpiry } from './content-expiry.ts';
import { parkedReceiptExpiry, queueExpiry, recordExpiry } from './record-expiry.ts';

export const messageExpiry = [
  contentExpiry,
  parkedDestinationExpiry,
  queueExpiry,
  recordExpiry,
  parkedReceiptExpiry,
] as const;

export { messageKeyDays };
