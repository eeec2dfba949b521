// Expected: Property 'updateTable' does not exist on type 'Reader<ReadableFor<"billing", "ledger"
import { bills } from './read-correct.ts';

export const query = bills.updateTable('ledger.account');
