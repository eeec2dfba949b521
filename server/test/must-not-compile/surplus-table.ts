// Expected: 'ghost' does not exist in type 'DataMap<DB, "ledger">'
import { type DataMap, steward } from '../../src/privacy/map/data-map.ts';
import { account, posting } from './correct.ts';
import type { DB } from './database.ts';

export const ledger = steward('ledger', { account, posting, ghost: posting } as const satisfies DataMap<
  DB,
  'ledger'
>);
