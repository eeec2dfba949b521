// Expected: messages.message.body is user.content.private.sms_body: seal it under a content or identity key
import { type DataMap, steward } from '../../src/privacy/map/data-map.ts';
import { sealed } from '../../src/privacy/map/tags.ts';
import { messageAbout, messageColumns } from './correct.ts';
import type { DB } from './database.ts';

const body = sealed({
  category: 'user.content.private.sms_body',
  sealedUnder: 'billing',
  purposes: ['delivery'],
  basis: 'contract',
  retention: 'message_content',
  dispose: 'erase',
});

export const messages = steward('messages', {
  message: {
    about: messageAbout,
    columns: { ...messageColumns, body },
  },
} as const satisfies DataMap<DB, 'messages'>);
