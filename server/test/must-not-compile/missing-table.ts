// Expected: Property 'posting' is missing
import { type DataMap, steward } from '../../src/privacy/map/data-map.ts';
import { account } from './correct.ts';
import type { DB } from './database.ts';

export const ledger = steward('ledger', { account } as const satisfies DataMap<DB, 'ledger'>);
