// Expected: Argument of type '"posted"' is not assignable to parameter of type 'SelectExpression<ReadableFor<"service", "ledger"
import { services } from './read-correct.ts';

export const query = services.selectFrom('ledger.account').select('posted');
