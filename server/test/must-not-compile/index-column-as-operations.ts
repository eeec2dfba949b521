// Expected: Type 'OperationsTag' is missing the following properties from type 'IndexTag'
import { type DataMap, steward } from '../../src/privacy/map/data-map.ts';
import { operations } from '../../src/privacy/map/tags.ts';
import { messageAbout, messageColumns } from './correct.ts';
import type { DB } from './database.ts';

export const messages = steward('messages', {
  message: {
    about: messageAbout,
    columns: { ...messageColumns, recipient_index: operations },
  },
} as const satisfies DataMap<DB, 'messages'>);
