// Expected: is user.financial.ledger_entry: a table about 'nobody' cannot hold it, name a subject path
import { type DataMap, steward } from '../../src/privacy/map/data-map.ts';
import { operations } from '../../src/privacy/map/tags.ts';
import { entry, posting } from './correct.ts';
import type { DB } from './database.ts';

export const ledger = steward('ledger', {
  posting,
  account: {
    about: 'nobody',
    columns: { id: operations, workspace_id: operations, posted: entry, held: operations },
  },
} as const satisfies DataMap<DB, 'ledger'>);
