// Expected: Argument of type '"posted"' is not assignable to parameter of type 'ReferenceExpression<ReadableFor<"service", "ledger"
import { services } from './read-correct.ts';

export const query = services
  .selectFrom('ledger.account')
  .select(({ fn }) => fn.sum<bigint>('posted').as('total'));
