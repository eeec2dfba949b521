// Expected: messages.message.note is for marketing: contract is no basis for that
import { type DataMap, steward } from '../../src/privacy/map/data-map.ts';
import { clear } from '../../src/privacy/map/tags.ts';
import { messageAbout, messageColumns } from './correct.ts';
import type { DB } from './database.ts';

const note = clear({
  category: 'user.account.settings',
  purposes: ['service', 'marketing'],
  basis: 'contract',
  retention: 'account',
  dispose: 'erase',
});

export const messages = steward('messages', {
  message: {
    about: messageAbout,
    columns: { ...messageColumns, note },
  },
} as const satisfies DataMap<DB, 'messages'>);
