// All tickets of a workspace in one form that machines read, for the right of access (GDPR Art. 15) and of portability
// (Art. 20). Bounded: a page of tickets is in memory at a time.
import type { Ticket as ExportedTicket } from '@sotto/contract/tickets';
import type { Database } from '#platform/database';
import type { Desk } from './opening.ts';
import { presentConversation } from './present.ts';
import { asMessage, asTitled } from './rows.ts';
import { selectMessages, selectTickets } from './ticket.sql.ts';
import { loadWords } from './words.ts';

const PAGE = 50;

/** Every ticket with its messages as the API shows them, newest first. May be repeated; reads in short transactions. */
export async function* exportTickets(
  db: Database,
  { keyring, kept }: Pick<Desk, 'keyring' | 'kept'>,
  workspaceId: string,
): AsyncGenerator<ExportedTicket> {
  let below: string | null = null;
  for (;;) {
    const before: string | null = below;
    const page = await db.tenant(workspaceId, async (tx) => {
      const tickets = await selectTickets(tx, workspaceId, kept, before, PAGE);
      return Promise.all(
        tickets.map(async (ticket) => ({ ticket, messages: await selectMessages(tx, ticket.id) })),
      );
    });
    const ids = page.map(({ ticket }) => ticket.id);
    await loadWords(keyring, ids);
    for (const { ticket, messages } of page) {
      yield presentConversation({
        ...asTitled(keyring, ticket),
        messages: messages.map((row) => asMessage(keyring, ticket.id, row)),
      });
    }
    if (page.length < PAGE) return;
    below = ids.at(-1)!;
  }
}
