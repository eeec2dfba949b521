// Expected: messages.message.recipient is a third person's number: add a subject path that leads to 'recipient'
import { type DataMap, steward } from '../../src/privacy/map/data-map.ts';
import { messageColumns } from './correct.ts';
import type { DB } from './database.ts';

export const messages = steward('messages', {
  message: {
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    columns: { ...messageColumns },
  },
} as const satisfies DataMap<DB, 'messages'>);
