// Expected: Type '"ledger"' is not assignable to type '"accounts"'
import { completeMap } from '../../src/privacy/map/complete-map.ts';
import { ledger, messages } from './correct.ts';
import type { DB } from './database.ts';

export const everything = completeMap<DB>()({ ledger, messages, accounts: ledger });
