// Expected: Source has 0 element(s) but target requires 1
import { type DataMap, steward } from '../../src/privacy/map/data-map.ts';
import { operations } from '../../src/privacy/map/tags.ts';
import { entry, owner, posting } from './correct.ts';
import type { DB } from './database.ts';

export const ledger = steward('ledger', {
  posting,
  account: { about: [], columns: { id: operations, workspace_id: owner, posted: entry, held: entry } },
} as const satisfies DataMap<DB, 'ledger'>);
