// Expected: Property 'comparesWithin' is missing
import { type DataMap, steward } from '../../src/privacy/map/data-map.ts';
import { messageAbout, messageColumns, number } from './correct.ts';
import type { DB } from './database.ts';

export const messages = steward('messages', {
  message: {
    about: messageAbout,
    columns: { ...messageColumns, recipient_index: number },
  },
} as const satisfies DataMap<DB, 'messages'>);
