// Expected: Argument of type '"n.recipient_index"' is not assignable to parameter of type 'AnyJoinColumn<ReadableFor<"delivery", "messages"
import { deliveries } from './read-correct.ts';

export const query = deliveries
  .selectFrom('messages.message as m')
  .innerJoin('messages.message as n', 'n.recipient_index', 'm.id')
  .select('m.id');
