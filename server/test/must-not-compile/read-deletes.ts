// Expected: Property 'deleteFrom' does not exist on type 'Reader<ReadableFor<"billing", "ledger"
import { bills } from './read-correct.ts';

export const query = bills.deleteFrom('ledger.account');
