// Expected: Type '"clear"' is not assignable to type '"hashed"'
import { type DataMap, steward } from '../../src/privacy/map/data-map.ts';
import { operations } from '../../src/privacy/map/tags.ts';
import { owner } from './correct.ts';
import type { DB } from './database.ts';

export const accounts = steward('accounts', {
  api_key: {
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    columns: { id: operations, workspace_id: owner, hash: owner },
  },
} as const satisfies DataMap<DB, 'accounts'>);
