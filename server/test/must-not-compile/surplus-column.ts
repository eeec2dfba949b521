// Expected: 'frozen' does not exist in type 'Columns<DB, "ledger.account">'
import { type DataMap, steward } from '../../src/privacy/map/data-map.ts';
import { operations } from '../../src/privacy/map/tags.ts';
import { entry, owner, posting } from './correct.ts';
import type { DB } from './database.ts';

export const ledger = steward('ledger', {
  posting,
  account: {
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    columns: { id: operations, workspace_id: owner, posted: entry, held: entry, frozen: operations },
  },
} as const satisfies DataMap<DB, 'ledger'>);
