// Expected: Property 'deleteFrom' does not exist on type 'Reader<ReadableFor<"billing", "ledger"
import { bills } from './read-correct.ts';

export const query = bills.with('gone', (read) => read.deleteFrom('ledger.account'));
