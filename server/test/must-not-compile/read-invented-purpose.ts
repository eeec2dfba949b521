// Expected: Argument of type '"curiosity"' is not assignable to parameter of type 'Purpose'
import { readLedger } from './read-correct.ts';

declare const tx: { demandPurpose(purpose: string): void };

export const reader = readLedger(tx, 'curiosity');
