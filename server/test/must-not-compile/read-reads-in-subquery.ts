// Expected: Argument of type '"p.amount"' is not assignable to parameter of type 'SelectExpression<ReadableFor<"service", "ledger"
import { services } from './read-correct.ts';

export const query = services
  .selectFrom('ledger.account as a')
  .select('a.id')
  .where((eb) => eb.exists(eb.selectFrom('ledger.posting as p').select('p.amount')));
