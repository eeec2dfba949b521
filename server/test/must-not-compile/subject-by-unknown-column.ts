// Expected: Type '"owner_id"' is not assignable to type
import { type DataMap, steward } from '../../src/privacy/map/data-map.ts';
import { operations } from '../../src/privacy/map/tags.ts';
import { entry, owner, posting } from './correct.ts';
import type { DB } from './database.ts';

export const ledger = steward('ledger', {
  posting,
  account: {
    about: [{ column: 'owner_id', leadsTo: 'workspace' }],
    columns: { id: operations, workspace_id: owner, posted: entry, held: entry },
  },
} as const satisfies DataMap<DB, 'ledger'>);
