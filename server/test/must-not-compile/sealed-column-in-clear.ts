// Expected: Property 'sealedUnder' is missing
import { type DataMap, steward } from '../../src/privacy/map/data-map.ts';
import { messageAbout, messageColumns, owner } from './correct.ts';
import type { DB } from './database.ts';

export const messages = steward('messages', {
  message: {
    about: messageAbout,
    columns: { ...messageColumns, body: owner },
  },
} as const satisfies DataMap<DB, 'messages'>);
