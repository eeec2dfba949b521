// What each column of support holds about somebody, and what becomes of it. Every word, the address of a mail among
// them, is content under the rule `ticket`; ids, states and times in clear say no more than that somebody asked, and
// go with the row.
import type { DB } from '#platform/tables';
import { type DataMap, operations, sealed, steward } from '#privacy/data-map';

const words = sealed({
  category: 'user.content.private.support_message',
  purposes: ['support'],
  basis: 'contract',
  retention: 'ticket',
  sealedUnder: 'ticket',
  dispose: 'shred',
});

export const support = steward('support', {
  ticket: {
    feature: 'support_tickets',
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    columns: {
      id: operations,
      workspace_id: operations,
      channel: operations,
      topic: operations,
      state: operations,
      subject: words,
      // What a mail says of where to answer is part of the mail; its key dies with the case, before the words do.
      sender: { ...words, sealedUnder: 'identity' },
      messages_count: operations,
      created_at: operations,
      first_reply: operations,
      first_reply_due_at: operations,
      first_replied_at: operations,
      reply_due_at: operations,
      place_in_line: operations,
      last_message_at: operations,
      closed_at: operations,
      workspace_ended_at: operations,
    },
  },
  message: {
    feature: 'support_tickets',
    about: [{ column: 'ticket_id', leadsTo: 'support.ticket' }],
    columns: {
      id: operations,
      ticket_id: operations,
      author: operations,
      channel: operations,
      body: words,
      created_at: operations,
    },
  },
  access_window: {
    feature: 'support_tickets',
    about: [
      { column: 'ticket_id', leadsTo: 'support.ticket' },
      { column: 'holder_id', leadsTo: 'staff' },
    ],
    columns: { ticket_id: operations, holder_id: operations, opened_at: operations, ends_at: operations },
  },
} as const satisfies DataMap<DB, 'support'>);
