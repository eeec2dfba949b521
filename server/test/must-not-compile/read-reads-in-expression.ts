// Expected: Argument of type '"amount"' is not assignable to parameter of type 'SelectExpression<ReadableFor<"service", "ledger"
import { services } from './read-correct.ts';

export const query = services
  .with('sums', (read) => read.selectFrom('ledger.posting').select('amount'))
  .selectFrom('sums')
  .select('sums.amount');
