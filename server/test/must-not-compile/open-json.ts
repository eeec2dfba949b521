// Expected: Property 'leaves' is missing in type 'OperationsTag' but required in type 'ClosedJsonTag'
import { type DataMap, steward } from '../../src/privacy/map/data-map.ts';
import { operations } from '../../src/privacy/map/tags.ts';
import { messageAbout, messageColumns } from './correct.ts';
import type { DB } from './database.ts';

export const messages = steward('messages', {
  message: {
    about: messageAbout,
    columns: { ...messageColumns, detail: operations },
  },
} as const satisfies DataMap<DB, 'messages'>);
