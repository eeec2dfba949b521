// Expected: Argument of type '"sums.amount"' is not assignable to parameter of type 'SelectExpression<ReadableFor<"billing", "ledger"
import { bills } from './read-correct.ts';

export const query = bills
  .with('sums', (read) => read.selectFrom('ledger.posting').select('id'))
  .selectFrom('sums')
  .select('sums.amount');
