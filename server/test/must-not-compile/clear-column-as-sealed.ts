// Expected: Type '"sealed"' is not assignable to type '"clear"'
import { type DataMap, steward } from '../../src/privacy/map/data-map.ts';
import { messageAbout, messageColumns, text } from './correct.ts';
import type { DB } from './database.ts';

export const messages = steward('messages', {
  message: {
    about: messageAbout,
    columns: { ...messageColumns, note: text },
  },
} as const satisfies DataMap<DB, 'messages'>);
