// Expected: Argument of type '"messages.message"' is not assignable to parameter of type 'TableExpressionOrList<ReadableFor<"billing", "ledger"
import { bills } from './read-correct.ts';

export const query = bills.selectFrom('messages.message');
