// Expected: is not assignable to type 'never'
import { completeMap } from '../../src/privacy/map/complete-map.ts';
import { accounts, ledger, messages } from './correct.ts';
import type { DB } from './database.ts';

export const everything = completeMap<DB>()({ ledger, messages, accounts, billing: ledger });
