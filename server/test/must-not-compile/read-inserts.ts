// Expected: Property 'insertInto' does not exist on type 'Reader<ReadableFor<"billing", "ledger"
import { bills } from './read-correct.ts';

export const query = bills.insertInto('ledger.account');
