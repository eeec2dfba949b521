// Expected: messages.message.note rests on a legitimate interest: say in 'interest' which
import { type DataMap, steward } from '../../src/privacy/map/data-map.ts';
import { clear } from '../../src/privacy/map/tags.ts';
import { messageAbout, messageColumns } from './correct.ts';
import type { DB } from './database.ts';

const note = clear({
  category: 'user.telemetry',
  purposes: ['improve'],
  basis: 'legitimate_interest',
  retention: 'usage',
  dispose: 'erase',
});

export const messages = steward('messages', {
  message: {
    about: messageAbout,
    columns: { ...messageColumns, note },
  },
} as const satisfies DataMap<DB, 'messages'>);
