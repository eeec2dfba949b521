// Expected: Argument of type '"workspace_id"' is not assignable to parameter of type 'SelectExpression<ReadableFor<Purpose, "ledger"
import type { Purpose } from '../../src/privacy/map/purposes.ts';
import { readLedger } from './read-correct.ts';

declare const tx: { demandPurpose(purpose: string): void };
declare const purpose: Purpose;

export const query = readLedger(tx, purpose).selectFrom('ledger.account').select('workspace_id');
